"""工单: from the chat to the desk, by area and role; given on, closed with a result, traced."""

from __future__ import annotations

import re
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from bot import clock
from bot.casework.duties import read_duties
from bot.casework.duty_store import known_regions, load
from bot.db.session import session
from bot.db.tables import AuditEntry, Counsellor, Delivery, Task, Ticket
from bot.handoff.tickets import Case, Line, Reason, open_ticket
from bot.settings import ROOT
from tests.casework.people import make_registered
from tests.console.conftest import Enter
from tests.factories import make_seeker, saved


def _ticket(
    region: str | None, words: str = "转人工", address: str = "web-anna", reason: Reason = "asked",
    employer: str = "",
) -> int:  # fmt: skip
    with session() as db:
        lines = [Line("seeker", words)]
        case = Case("web", address, reason, lines, region_code=region, employer=employer)
        return open_ticket(db, case).ticket


def _state(number: int) -> tuple[str, str | None, str]:
    with session() as db:
        ticket = db.get_one(Ticket, number)
        name = db.get(Counsellor, ticket.taken_by) if ticket.taken_by else None
        return ticket.state, name.name if name else None, ticket.result


async def test_a_ticket_is_taken_answered_given_on_and_closed_with_a_task(enter: Enter) -> None:
    ticket = _ticket("210106", "工资三个月没发", reason="unpaid", employer="鑫源保洁公司")
    wang = await enter("王老师", "counsellor", "210106")
    li = await enter("李老师", "counsellor", "2101")
    listed = await wang.get("/tickets")
    assert listed.has("工资没发", "沈阳市铁西区", "期限未设", "没人接")
    assert "鑫源" not in listed.text
    assert "三个月" not in listed.text
    path = f"/tickets/{ticket}"
    assert (await wang.get(path)).has("工资三个月没发", "鑫源保洁公司", "我来接")
    taken = await wang.post(f"{path}/take")
    assert taken.has("领好了。", "结束工单")
    (key,) = re.findall(r'name="key" value="([^"]+)"', taken.text)
    for _ in range(2):  # pressed twice, sent once
        assert (await wang.post(f"{path}/reply", text="您把合同留好", key=key)).has(
            "已发给求职者。"
        )
    assert (await wang.get(path)).text.count("您把合同留好") == 1
    # While it is with a colleague nobody else reads it.
    other = await li.get(path)
    assert other.has("在同事手里，只有同事看得到")
    assert "三个月" not in other.text
    assert (await li.post(f"{path}/close", result="solved")).status == 409
    (colleague,) = re.findall(r'<option value="(\d+)">李老师', (await wang.get(path)).text)
    assert (await wang.post(f"{path}/assign", colleague=colleague)).has("交给同事了。")
    assert (await li.get("/tickets?list=mine")).has("工资没发")
    assert (await li.post(f"{path}/close", result="", note="")).has("要选一个结果")
    assert (await li.post(f"{path}/close", result="referred")).has("要写明接下来办什么")
    assert _state(ticket)[0] == "taken"
    await li.post(f"{path}/close", result="referred", note="转劳动监察")
    assert _state(ticket) == ("closed", "李老师", "referred")
    with session() as db:
        task = db.scalars(select(Task).where(Task.kind == "ticket")).one()
        assert (task.region_code, task.state, task.has_deadline) == ("210106", "claimed", False)
        assert "转劳动监察" in task.rule
        told = [one.key.split(":")[2] for one in db.scalars(select(Delivery).order_by(Delivery.id))]
        assert told == ["taken", "said", "taken", "closed"]
        steps = select(AuditEntry.action).where(AuditEntry.object_kind == "ticket")
        assert {"view", "take", "reply", "assign", "close"} <= set(db.scalars(steps))
    closed = await li.get("/tickets?list=closed")
    assert closed.has("转给别的部门")
    with clock.frozen(clock.now() + timedelta(days=1)):
        later = await wang.get(path)
        assert later.has("结束的工单只能在结束当天看")
        assert "三个月" not in later.text


async def test_who_sees_which_ticket(enter: Enter) -> None:
    own, city, pool = (
        _ticket("210106"),
        _ticket("210100", address="web-b"),
        _ticket(None, address="web-c"),
    )
    elsewhere = _ticket("210202", address="web-d")
    wang = await enter("王老师", "counsellor", "210106")
    for number in (own, city, pool):
        assert (await wang.get(f"/tickets/{number}")).status == 200
        assert f'href="/tickets/{number}"' in (await wang.get("/tickets")).text
    assert f'href="/tickets/{elsewhere}"' not in (await wang.get("/tickets")).text
    for step in ("take", "back", "close", "describe", "assign", "reply"):
        page = await wang.post(f"/tickets/{elsewhere}/{step}", text="好", result="solved")
        assert page.status == 404
    assert (await wang.get(f"/tickets/{elsewhere}")).status == 404
    assert _state(elsewhere)[0] == "open"
    for role, area in (("community", "210106001"), ("reviewer", "210106"), ("manager", "2101"),
                       ("operator", ""), ("auditor", "21"), ("editor", "21")):  # fmt: skip
        outside = await enter(f"不接单{role}", role, area)
        assert (await outside.get("/tickets")).status == 403
        assert (await outside.get(f"/tickets/{pool}")).status == 404


async def test_a_ticket_of_another_place_is_handed_there(enter: Enter) -> None:
    ticket = _ticket(None)
    wang = await enter("王老师", "counsellor", "210106")
    dalian = await enter("连老师", "counsellor", "210202")
    await wang.post(f"/tickets/{ticket}/take")
    wrong = await wang.post(f"/tickets/{ticket}/describe", region="999999", employer="")
    assert wrong.has("地方要选一个市或区县")
    moved = await wang.post(f"/tickets/{ticket}/describe", region="210202", employer="海鲜酒楼")
    assert moved.has("已保存。")
    assert (await wang.get(f"/tickets/{ticket}")).status == 404
    assert _state(ticket)[:2] == ("open", None)
    assert (await dalian.get(f"/tickets/{ticket}")).has("海鲜酒楼", "大连市中山区", "我来接")
    # A district's head gives on what a colleague has, and no other does.
    await dalian.post(f"/tickets/{ticket}/take")
    head = await enter("连主任", "district", "210202")
    city = await enter("市老师", "counsellor", "2102")
    with session() as db:
        number = db.scalar(select(Counsellor.id).where(Counsellor.name == "市老师"))
    assert (await city.post(f"/tickets/{ticket}/assign", colleague=str(number))).status == 403
    assert (await head.post(f"/tickets/{ticket}/assign", colleague=str(number))).has("交给同事了。")
    assert _state(ticket)[1] == "市老师"
    with session() as db:
        stranger = db.scalar(select(Counsellor.id).where(Counsellor.name == "王老师"))
    assert (await head.post(f"/tickets/{ticket}/assign", colleague=str(stranger))).status == 403


async def test_a_deadline_counts_in_office_hours_where_the_office_set_one(
    enter: Enter, tmp_path: Path
) -> None:
    own = tmp_path / "own"
    own.mkdir()
    (own / "own.yml").write_text(
        "sources:\n  own: {document: 示范文件, issuer: 示范局, grade: A}\n"
        "figures:\n  handoff_minutes:\n    versions:\n"
        "      - {value: 30, regions: ['210106'], effective_from: 2026-01-01, source: own}\n",
        encoding="utf-8",
    )
    with session() as db:
        load(db, read_duties([ROOT / "data" / "duties", own], known_regions(db)))
    ticket = _ticket("210106")
    _ticket("210100", address="web-b")
    wang = await enter("王老师", "counsellor", "210106")
    listed = await wang.get("/tickets")
    assert listed.has("11-30 10:30", "期限未设")
    assert "已过期" not in listed.text
    with clock.frozen(clock.now() + timedelta(minutes=31)):
        assert (await wang.get("/tickets")).text.count("已过期") == 1
        await wang.post(f"/tickets/{ticket}/take")
        assert "已过期" not in (await wang.get("/tickets")).text


async def test_grave_ones_come_first_and_a_page_goes_on(
    enter: Enter, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.casework_desk.tickets.PAGE", 2)
    numbers = [_ticket("210106", address=f"web-{n}") for n in range(4)]
    grave = _ticket("210106", address="web-grave", reason="distress")
    wang = await enter("王老师", "counsellor", "210106")
    seen, path = [], "/tickets"
    while path:
        page = await wang.get(path)
        seen += [int(one) for one in re.findall(r'href="/tickets/(\d+)"', page.text)]
        more = re.findall(r'href="([^"]+)">下一页', page.text)
        path = more[0] if more else ""
    assert seen == [grave, *numbers]


async def test_a_wish_and_a_record_show_with_consent_and_scope_alone(enter: Enter) -> None:
    from bot.db.tables import ChannelIdentity, PersonLink

    with session() as db:
        person, _ = make_registered(db, "210202001")
        seeker = saved(db, make_seeker())
        saved(db, ChannelIdentity(seeker_id=seeker.id, channel="web", address="web-x"))
        link = {"code_digest": "x", "proposed_at": clock.now(), "expires_at": clock.now()}
        maker = saved(db, Counsellor(name="某", password_hash="x", created_at=clock.now()))
        saved(db, PersonLink(person_id=person.id, seeker_id=seeker.id, state="confirmed",
                             proposed_by=maker.id, confirmed_at=clock.now(), **link))  # fmt: skip
    ticket = _ticket(None, address="web-x")
    wang = await enter("王老师", "counsellor", "210106")
    dalian = await enter("连老师", "counsellor", "210202")
    assert "已绑定的登记" not in (await wang.get(f"/tickets/{ticket}")).text
    page = await dalian.get(f"/tickets/{ticket}")
    assert page.has("本人已绑定的登记记录")
    assert "求职意向" not in page.text
    await dalian.post(f"/tickets/{ticket}/take")
    await dalian.post(f"/tickets/{ticket}/close", result="visit", note="周三上门")
    with session() as db:
        task = db.scalars(select(Task).where(Task.kind == "ticket")).one()
        assert (task.person_id, task.region_code) == (person.id, "210202001")

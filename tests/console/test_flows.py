"""The flows of the office, each from the sheet or the page to the state in the database."""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from pathlib import Path

from sqlalchemy import select

from bot import clock
from bot.audit.chain import verify
from bot.casework.duties import read_duties
from bot.casework.duty_store import known_regions, load
from bot.casework.schedule import run_due
from bot.clock import CHINA
from bot.db.session import session
from bot.db.tables import (
    AuditEntry,
    Contact,
    Need,
    Person,
    Plan,
    PlanVersion,
    Promise,
    Registration,
    Task,
)
from bot.settings import ROOT
from tests.casework.sheets import id_number, sheet
from tests.casework.test_promises import OWN
from tests.console.conftest import Browser, Enter
from tests.factories import make_posting, saved

HEADER = ("姓名", "身份证号", "联系电话", "所属街道", "登记日期")
EXITS = ("姓名", "身份证号", "注销原因", "凭据")
ROWS = [
    ("张一", id_number(101), "13800138001", "昆明湖街道", "2026-10-08"),
    ("李二", id_number(102), "13800138002", "昆明湖街道", "2026-10-09"),
    ("王三", id_number(103), "13800138003", "昆明湖街道", "2026-10-10"),
]
DECEMBER = datetime(2026, 12, 1, 9, tzinfo=CHINA)


async def imported(browser: Browser, folder: Path, kind: str, header: tuple, rows: list) -> str:
    """Import a sheet by the page; the path of its batch."""
    file = sheet(folder, header, rows)
    await browser.get("/imports")
    shown = await browser.upload("/imports", file.name, file.read_bytes(), kind=kind)
    assert shown.has("只看过，没导入")
    done = await browser.post(f"{shown.path}/apply")
    assert done.has("导入完成。", "已导入")
    return shown.path


def person_paths(text: str) -> list[str]:
    return list(dict.fromkeys(re.findall(r'href="(/people/\d+)', text)))


async def test_monthly_contact_from_the_sheet_to_the_coverage(enter: Enter, tmp_path: Path) -> None:
    clerk = await enter("李经办", "street", "210106001")
    await imported(clerk, tmp_path, "registrations", HEADER, ROWS)
    with clock.frozen(DECEMBER):
        with session() as db:
            assert run_due(db, clock.now()).contacts == 3
        today = await clerk.get("/")
        assert today.text.count("每月联系</a>") == 3
        assert today.has("12-31 23:59", "张* · 8001")
        assert "张一" not in today.text
        one, two, three = person_paths(today.text)
        page = await clerk.get(f"{one}?why=task")
        assert page.has("张一", "尾号 8001")
        assert "13800138001" not in page.text
        assert (await clerk.post(f"{one}/reveal/phone")).has("13800138001")
        told = {"way": "phone", "need_kind": "training", "need_detail": "叉车", "note": ""}
        assert (await clerk.post(f"{one}/contact", outcome="reached", **told)).has("学技能：叉车")
        await clerk.post(f"{two}/contact", way="phone", outcome="refused")
        await clerk.post(f"{three}/contact", way="visit", outcome="no_answer")
        left = await clerk.get("/")
        assert person_paths(left.text) == [three]
        numbers = await clerk.get("/numbers?month=2026-12")
        row = re.sub(r"<[^>]+>|\s+", " ", numbers.text).split("合计")[1].split()
        assert row[:7] == ["3", "1", "1", "1", "0", "2", "67%"]
    with session() as db:
        assert sorted(db.scalars(select(Contact.outcome))) == ["no_answer", "reached", "refused"]
        assert db.scalars(select(Need.detail)).all() == ["叉车"]
        assert set(db.scalars(select(Registration.state))) == {"active"}
        looks = db.scalars(select(AuditEntry.action).order_by(AuditEntry.position)).all()
        assert looks[-6:].count("view_phone") <= 1
        assert "view_phone" in looks
        assert verify(db).intact


async def test_an_exit_takes_two_people_and_the_ban_holds(enter: Enter, tmp_path: Path) -> None:
    clerk = await enter("李经办", "street", "210106001")
    head = await enter("赵主任", "district", "210106")
    await imported(clerk, tmp_path, "registrations", HEADER, ROWS)
    given = [
        ("张一", ROWS[0][1], "已就业", "劳动合同"),
        ("李二", ROWS[1][1], "三次拒绝接受服务", ""),
        ("王三", ROWS[2][1], "失联六个月", ""),
    ]
    path = await imported(clerk, tmp_path, "exits", EXITS, given)
    refused = await clerk.get(f"{path}?action=refused")
    assert refused.text.count("二(一)") == 2
    assert (await clerk.get("/exits")).status == 403
    waiting = await head.get("/exits")
    assert waiting.has("张* · 8001", "已就业", "劳动合同")
    assert "李*" not in waiting.text
    (action,) = re.findall(r'action="(/exits/\d+)/confirm"', waiting.text)
    assert (await clerk.post(f"{action}/confirm")).status == 404
    assert (await head.post(f"{action}/confirm")).has("已同意注销。")
    numbers = await head.get("/numbers?month=2026-11")
    assert numbers.has("拦下：连续拒绝服务", "拦下：连续联系不上", "已就业")
    # He says that it is not so: the desk keeps it, the head answers and brings it back.
    first = person_paths((await clerk.get("/people")).text)[0]
    (objection,) = re.findall(r'action="([^"]+/objection)"', (await clerk.get(first)).text)
    assert (await clerk.post(objection, note="我没有上班")).has("本人异议", "注销异议")
    assert (await head.get("/exits")).has("本人有异议")
    assert (await head.post(f"{action}/answer", note="查明没上班", keep="yes")).has("已答复。")
    assert (await clerk.get(first)).has("恢复登记", "登记中")
    # By the page of a person as well it becomes a review and nothing else.
    people = person_paths((await head.get("/people")).text)
    page = await head.get(people[1])
    (exit_path,) = re.findall(r'action="(/people/\d+/registrations/\d+/exit)"', page.text)
    done = await head.post(exit_path, reason="refused_3", evidence="三次没去")
    assert done.has("已转人工复核，登记没有变。", "登记中")
    # Who proposes cannot review.
    await head.post(exit_path, reason="pension", evidence="退休证")
    own = await head.get("/exits")
    assert own.has("这是你提出的")
    (number,) = re.findall(r"registrations/(\d+)/exit", exit_path)
    assert (await head.post(f"/exits/{number}/confirm")).has("提出的人不能自己复核")
    with session() as db:
        states = db.scalars(select(Registration.state).order_by(Registration.id)).all()
        assert states == ["active", "exit_proposed", "active"]


async def test_a_plan_is_drafted_ordered_agreed_and_done(enter: Enter, tmp_path: Path) -> None:
    clerk = await enter("李经办", "street", "210106001")
    await imported(clerk, tmp_path, "registrations", HEADER, ROWS[:1])
    with session() as db:
        saved(db, make_posting(imported_at=clock.now()))
    (person,) = person_paths((await clerk.get("/people")).text)
    await clerk.post(f"{person}/need", kind="job", detail="保安")
    await clerk.post(f"{person}/need", kind="training", detail="叉车")
    draft = await clerk.get(f"{person}/plan")
    assert draft.has("需求：找工作，保安", "介绍能报的培训班：叉车", "保安员")
    actions = re.findall(r'name="action(\d+)" value="([^"]+)"', draft.text)
    fields = {}
    for at, action in actions:
        fields |= {
            f"action{at}": action, f"kind{at}": "training", f"actor{at}": "office",
            f"due{at}": "2026-12-20", f"order{at}": str(9 - int(at)),
        }  # fmt: skip
    page = await clerk.post(f"{person}/plan", **fields)
    assert page.has("第1版", "还没同意")
    assert page.text.index("单位") < page.text.index("介绍能报的培训班")  # the order is the clerk's
    (plan,) = re.findall(r'action="(/people/\d+/plans/\d+)/agree"', page.text)
    agreed = await clerk.post(f"{plan}/agree", way="desk")
    assert agreed.has("已同意 2026-11-30 当面", "方案里的事")
    unchanged = await clerk.post(f"{plan}/unchanged")
    assert unchanged.has("本月没有变化")
    with session() as db:
        assert db.scalars(select(Plan.state)).one() == "running"
        assert db.scalars(select(PlanVersion.kind)).all() == ["version", "unchanged"]
        tasks = db.scalars(select(Task.id).where(Task.kind == "plan_step")).all()
        assert len(tasks) == len(actions)
    await clerk.get(f"/tasks/{tasks[0]}")
    assert (await clerk.post(f"/tasks/{tasks[0]}/close", result="报上名了")).has("办完了。")


async def test_a_promise_runs_over_lunch_and_is_missed_and_remedied(
    enter: Enter, tmp_path: Path
) -> None:
    head = await enter("赵主任", "district", "210106")
    await imported(head, tmp_path, "registrations", HEADER, ROWS[:1])
    (person,) = person_paths((await head.get("/people")).text)
    assert (await head.post(f"{person}/promise")).has("没办成", "未设")
    (tmp_path / "own").mkdir()
    (tmp_path / "own" / "own.yml").write_text(OWN % "office", encoding="utf-8")
    with session() as db:
        folders = [ROOT / "data" / "duties", tmp_path / "own"]
        load(db, read_duties(folders, known_regions(db)))
        saved(db, make_posting(imported_at=clock.now()))
    page = await head.post(f"{person}/promise")
    assert page.has("进行中", "还剩24小时0分（工作时间）", "保安员1")
    (promise,) = re.findall(r'action="(/people/\d+/promises/\d+)/withdraw"', page.text)
    (posting,) = re.findall(r'name="posting" value="(\d+)"', page.text)
    no = await head.post(f"{promise}/answer", posting=posting, answer="refused", note="太远")
    assert no.has("没去：太远")
    with session() as db:
        deadline = db.scalars(select(Promise.deadline)).one()
    with clock.frozen(deadline + timedelta(minutes=1)):
        with session() as db:
            assert run_due(db, clock.now()).missed == 1
        assert (await head.get("/")).has("承诺没兑现：补救")
        done = await head.post(f"{promise}/remedy", note="陪同面试两家")
        assert done.has("已补救", "陪同面试两家")
    with session() as db:
        assert db.scalars(select(Promise.state)).one() == "remedied"


async def test_an_import_is_taken_back_by_the_page(enter: Enter, tmp_path: Path) -> None:
    clerk = await enter("李经办", "street", "210106001")
    path = await imported(clerk, tmp_path, "registrations", HEADER, ROWS)
    assert (await clerk.get("/imports")).has("失业登记", "已导入", "李经办")
    undone = await clerk.post(f"{path}/undo")
    assert undone.has("撤回完成。", "已撤回")
    assert (await clerk.get("/people?state=active")).has("人（0）")
    with session() as db:
        assert set(db.scalars(select(Registration.state))) == {"withdrawn"}
        assert len(db.scalars(select(Person.id)).all()) == 3

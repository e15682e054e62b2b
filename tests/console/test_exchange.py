"""Lists taken out and people handed over, by the pages."""

from __future__ import annotations

import re
from io import BytesIO

from openpyxl import load_workbook
from sqlalchemy import insert, select

from bot import clock
from bot.casework.desk import NewPerson, add_person
from bot.casework.roles import staff
from bot.db.session import session
from bot.db.tables import Counsellor, Person
from tests.casework.people import make_registered
from tests.casework.sheets import id_number
from tests.console.conftest import Browser, Enter


def _first_row(body: bytes) -> tuple[object, ...]:
    return next(load_workbook(BytesIO(body)).worksheets[0].iter_rows(min_row=3, values_only=True))


async def _file(browser: Browser, number: int) -> bytes:
    """Download an export as its button does."""
    status, body, disposition = await browser.download(f"/exports/{number}/file")
    assert status == 200
    assert f"E{number}.xlsx" in disposition
    return body


async def test_a_list_is_taken_out_from_its_page(enter: Enter) -> None:
    with session() as db:
        make_registered(db, "210106001")
        make_registered(db, "210104002", name="李外人")
    clerk = await enter("李经办", "street", "210106001")
    for path, kind in (("/people", "people"), ("/", "tasks"), ("/numbers", "numbers")):
        assert f'name="list" value="{kind}"' in (await clerk.get(path)).text
    asked = await clerk.post("/exports", list="people", state="active", purpose="街道例会")
    assert asked.has("可以下载了", "人员名单（active）", "1行，1人", "街道例会")
    (number,) = re.findall(r"/exports/(\d+)/file", asked.text)
    assert _first_row(await _file(clerk, int(number)))[0] == "张** · 8000"
    no_purpose = await clerk.post("/exports", list="people", purpose=" ")
    assert (no_purpose.status, no_purpose.has("做什么用")) == (409, True)
    community = await enter("孙协理", "community", "210106001")
    assert "/exports" not in (await community.get("/people")).text
    assert (await community.get("/exports")).status == 403
    refused = await community.post("/exports", list="people", purpose="街道例会")
    assert refused.status == 403


async def test_many_people_are_taken_out_by_two(enter: Enter) -> None:
    with session() as db:
        person, _ = make_registered(db, "210106001")
        person_id = person.id
        copied = {
            column.name: getattr(person, column.name)
            for column in Person.__table__.columns if column.name not in ("id", "id_number_digest")
        }  # fmt: skip
        db.execute(insert(Person), [copied] * 200)
    clerk = await enter("李经办", "street", "210106001")
    asked = await clerk.post("/exports", list="people", purpose="核对台账")
    assert asked.has("另一个人同意", "等第二个人同意", "201人")
    head = await enter("赵主任", "district", "210106")
    waiting = await head.get("/exports")
    (number,) = re.findall(r"/exports/(\d+)/approve", waiting.text)
    assert (await clerk.post(f"/exports/{number}/approve")).status == 409
    await head.get("/exports")
    assert (await head.post(f"/exports/{number}/approve")).has("已保存")
    await clerk.get("/exports")
    assert _first_row(await _file(clerk, int(number)))[0] == "张** · 8000"
    auditor = await enter("周审计", "auditor", "21")
    assert (await auditor.get("/audit")).has("导出名单", "同意导出", "下载导出", "核对台账")
    of_person = await auditor.get(f"/audit?person={person_id}")
    assert of_person.has("这个人被导出过", f"E{number} 人员名单，李经办")


async def test_a_person_is_handed_over_and_asked_back(enter: Enter) -> None:
    clerk = await enter("李经办", "street", "210106001")
    taker = await enter("孙接收", "street", "210104002")
    with session() as db:
        number = db.scalars(select(Counsellor.id).where(Counsellor.name == "李经办")).one()
        me = staff(db, number)
        assert me is not None
        new = NewPerson("张测试", id_number(501), "13800138000", "210106001", clock.today(), "")
        person_id = add_person(db, me, new).id
    await clerk.get(f"/people/{person_id}")
    given = await clerk.post(f"/people/{person_id}/transfer", area="210104002", reason="户口迁走")
    assert given.has("等对方同意", "昆明湖街道")
    assert (await taker.get(f"/people/{person_id}")).status == 404
    assert (await taker.get("/")).has("转移")
    waiting = await taker.get("/transfers")
    assert waiting.has("张** · 8000")
    (transfer,) = re.findall(r"/transfers/(\d+)/accept", waiting.text)
    assert (await taker.post(f"/transfers/{transfer}/accept")).has("已转移")
    assert (await clerk.get(f"/people/{person_id}")).status == 404
    assert (await taker.get(f"/people/{person_id}")).has("李经办提出", "孙接收同意")
    assert (await clerk.get("/transfers")).has("已不在这里")
    asked = await clerk.post(
        "/transfers", name="张测试", id_number=id_number(501), area="210106001", reason="又搬回来"
    )
    assert asked.has("转入", "撤回")
    back = await taker.get("/transfers")
    numbers = re.findall(r"/transfers/(\d+)/accept", back.text)
    await taker.post(f"/transfers/{numbers[0]}/accept")
    assert (await clerk.get(f"/people/{person_id}")).has("张测试")

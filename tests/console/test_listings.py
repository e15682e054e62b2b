"""站点·会·班: who sees and writes what, entry, confirmation, cancelling, sheets, export."""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from bot import clock
from bot.clock import CHINA
from bot.console.pages import listing_sheets
from bot.db.session import session
from bot.db.tables import Delivery, Fair, FairSignup, ListingBatch, Station
from bot.delivery.quiet_hours import QuietHours
from bot.notifications import reminders
from bot.places.coordinates import Point
from bot.places.export import FIELDS
from bot.places.find import Place, stations
from bot.places.occurrences import occurrences
from tests.console.conftest import Browser, Enter
from tests.factories import saved

STATION = {
    "region": "210106", "title": "保工站", "address": "保工街1号", "phone": "024-1",
    "hours": "周一至周五 8:30-17:00", "functions": "政策宣传、零工驿站", "confirmed": "yes",
}  # fmt: skip
FAIR_DAY = datetime(2026, 12, 12, 9, tzinfo=CHINA)


@pytest.fixture(autouse=True)
def _folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(listing_sheets, "FOLDER", tmp_path / "sheets")


def _station(title: str, region: str = "210106", **given: object) -> int:
    with session() as db:
        row = Station(key=f"{region}|{title}", title=title, region_code=region, **given)
        return saved(db, row).id


async def _enter_station(head: Browser, **changed: str) -> str:
    await head.get("/listings/station/new")
    page = await head.post("/listings/station/new", **{**STATION, **changed})
    assert page.has("已保存。"), page.text
    return page.path.partition("?")[0]


async def test_a_station_is_entered_changed_confirmed_and_closed(enter: Enter) -> None:
    head = await enter("赵主任", "district", "210106")
    path = await _enter_station(head)
    assert (await head.get(path)).has("保工站", "2026-11-30核实", "沈阳市铁西区", "手工录入")
    changed = await head.post(path, **{**STATION, "phone": "024-2", "confirmed": "no"})
    assert changed.has("024-2", "2026-11-30核实")
    with session() as db:
        row = db.scalars(select(Station)).one()
        assert (row.phone, row.functions, row.verified_by) == (
            "024-2", "publicity,gig", "沈阳市铁西区",
        )  # fmt: skip
    with clock.frozen(datetime(2027, 8, 2, 10, tzinfo=CHINA)):
        assert (await head.get("/listings?state=unconfirmed")).has("2026-11-30以后未确认")
        assert (await head.post(f"{path}/confirm")).has("2027-08-02核实")
        assert (await head.get("/listings?state=unconfirmed")).has("没有。")
        assert (await head.post(f"{path}/closed")).has("停用")
        assert (await head.get("/listings?state=open")).has("没有。")
        assert (await head.get("/listings?state=closed")).has("保工站")


async def test_each_change_is_taken_back_by_itself(enter: Enter) -> None:
    head = await enter("赵主任", "district", "210106")
    path = await _enter_station(head, lat="41.80", lon="123.37", datum="WGS-84")
    point = Place(point=Point(41.80, 123.37))
    with session() as db:
        assert len(stations(db, point, 1)) == 1
    page = await head.post(f"{path}/closed")
    with session() as db:
        assert stations(db, point, 1) == []
    (first, second) = re.findall(r'action="(/listings/station/\d+/undo/\d+)"', page.text)
    assert (await head.post(second)).has("没办成", "先撤回第")
    assert (await head.post(first)).has("撤回完成。", "2026-11-30核实")
    with session() as db:
        assert len(stations(db, point, 1)) == 1  # found near again, though its number is the same
    gone = await head.post(second)
    assert (gone.path, gone.has("撤回完成。")) == ("/listings?done=undone", True)
    with session() as db:
        assert db.scalars(select(Station)).all() == []


async def test_what_cannot_be_read_is_named_by_its_header_and_nothing_is_written(
    enter: Enter,
) -> None:
    head = await enter("赵主任", "district", "210106")
    await head.get("/listings/fair/new")
    fair = {
        "region": "210106",
        "title": "冬季招聘会",
        "kind": "招聘会",
        "day": "下周六",
        "time": "9:00-11:00",
    }
    page = await head.post("/listings/fair/new", **fair)
    assert (page.status, page.has("日期：“下周六”不是带年份的日期", "冬季招聘会")) == (422, True)
    page = await head.post("/listings/station/new", **{**STATION, "hours": "看情况"})
    assert page.has("办公时间：读不懂“看情况”，没有记", "保工站")
    again = await head.post("/listings/station/new", **STATION)
    assert again.has("没办成", "“保工站”已经有了")
    with session() as db:
        assert db.scalars(select(Fair)).all() == []
        assert db.scalars(select(Station.hours)).all() == [""]


async def test_each_sees_his_district_and_writes_where_he_may(enter: Enter) -> None:
    near, far = _station("近站"), _station("远站", "210203")
    city = _station("市站", "210100")
    clerk = await enter("李经办", "street", "210106001")
    head = await enter("赵主任", "district", "210106")
    manager = await enter("市管理", "manager", "2101")
    auditor = await enter("审计员", "auditor", "21")
    assert (await auditor.get("/listings")).status == 403
    for browser, seen in ((clerk, 1), (head, 1), (manager, 2)):
        shown = (await browser.get("/listings")).text
        assert ("近站" in shown, "市站" in shown, "远站" in shown) == (True, seen == 2, False)
        assert (await browser.get(f"/listings/station/{far}")).status == 404
    sheet = (await head.get("/listings/station/export.csv")).text
    assert ("近站" in sheet, "市站" in sheet, "远站" in sheet) == (True, False, False)
    assert "保存" not in (await clerk.get(f"/listings/station/{near}")).text
    assert (await clerk.get("/listings/station/new")).status == 403
    assert (await clerk.post(f"/listings/station/{near}/confirm")).status == 403
    await head.get("/listings")
    assert (await head.post(f"/listings/station/{city}/confirm")).status == 404
    assert (
        await head.post("/listings/station/new", **{**STATION, "region": "210203"})
    ).status == 403
    moved = {**STATION, "title": "近站", "region": "210203"}
    assert (await head.post(f"/listings/station/{near}", **moved)).status == 403
    await manager.get("/listings")
    assert (await manager.post(f"/listings/station/{city}/confirm")).has("已保存。")
    with session() as db:
        assert db.get_one(Station, near).verified_on is None
        assert db.get_one(Station, city).verified_by == "沈阳市"


async def test_who_wished_to_go_to_a_cancelled_fair_is_told_once(enter: Enter) -> None:
    head = await enter("赵主任", "district", "210106")
    await head.get("/listings/fair/new")
    page = await head.post(
        "/listings/fair/new", region="210106", title="冬季招聘会", kind="招聘会", day="2026-12-12",
        time="9:00-11:00", confirmed="yes",
    )  # fmt: skip
    path = page.path.partition("?")[0]
    assert page.has("2026-11-30核实")
    with session() as db:
        fair = db.scalars(select(Fair)).one()
        assert fair.starts_at.astimezone(CHINA) == FAIR_DAY
        one = occurrences(fair, FAIR_DAY.date(), FAIR_DAY.date())[0]
        reminder = reminders.reminder_for(one, clock.now(), QuietHours())
        assert reminder is not None
        reminders.sign_up(db, "web", "anna", reminder, "我会记下")
        url = str(db.get_bind().engine.url.render_as_string(hide_password=False))
    assert (await head.post(f"{path}/cancelled")).has("取消", "改为报满")
    evening = datetime(2026, 11, 30, 22, tzinfo=CHINA)
    assert reminders.remind_all(url, evening, QuietHours()) == 0
    later = clock.now() + timedelta(minutes=5)
    told = [reminders.remind_all(url, later, QuietHours()) for _ in range(2)]
    assert told == [1, 0]
    with session() as db:
        assert "已取消" in db.scalars(select(Delivery.body)).one()
        assert db.scalars(select(FairSignup.state)).one() == "called_off"


async def test_a_sheet_is_looked_at_imported_and_taken_back(enter: Enter, tmp_path: Path) -> None:
    head = await enter("赵主任", "district", "210106")
    other = await enter("钱主任", "district", "210203")
    lines = [
        "区县,站点名称,联系电话,办公时间,领导",
        "沈阳市铁西区,甲站,1,看情况,王", "大连市西岗区,乙站,2,,", "沈阳市铁西区,,3,,",
    ]  # fmt: skip
    await head.get("/listings/station/imports")
    body = "\n".join(lines).encode()
    shown = await head.upload("/listings/station/imports", "站点.csv", body)
    assert shown.has(
        "新增", "1 行", "2 行", "没有用到的列：领导", "不在你的范围里", "没有写", "读不懂"
    )
    with session() as db:
        assert db.scalars(select(ListingBatch)).all() == []
    (token,) = re.findall(r'name="token" value="([^"]+)"', shown.text)
    await other.get("/listings/station/imports")
    stolen = await other.post("/listings/station/imports/apply", token=token, name="站点.csv")
    assert stolen.has("没办成")
    done = await head.post("/listings/station/imports/apply", token=token, name="站点.csv")
    assert done.has("导入完成。", "站点.csv", "赵主任")
    assert list((tmp_path / "sheets").glob("*/*")) == []
    with session() as db:
        assert db.scalars(select(Station.title)).all() == ["甲站"]
    (undo,) = re.findall(r'action="(/listings/station/imports/\d+/undo)"', done.text)
    assert "站点.csv" not in (await other.get("/listings/station/imports")).text
    assert (await other.post(undo)).has("没办成", "不在你的范围里")
    assert (await head.post(undo)).has("撤回完成。", "赵主任撤回")
    with session() as db:
        assert db.scalars(select(Station)).all() == []
    bad = await head.upload("/listings/station/imports", "站点.csv", "甲,乙\n1,2".encode())
    assert bad.has("没办成", "没有找到认得的表头")


ROWS = {
    "station": STATION,
    "provider": {"region": "210106", "title": "乙校"},
    "fair": {"region": "210106", "title": "会", "kind": "招聘会", "day": "2026-12-05",
             "time": "9:00-11:30", "rule": "每周六", "until": "2026-12-31", "employers": "35"},
    "course": {"region": "210106", "title": "焊工班", "provider": "乙校", "trade": "焊工",
               "starts_on": "2026-12-05", "fee": "免费", "schedule": "晚上", "ages": "18-55岁"},
    "directory": {"region": "210100", "title": "焊工", "directory": "急需紧缺职业（工种）目录",
                  "quarter": "2026年第4季度", "position": "1"},
    "rate": {"region": "210100", "title": "焊工", "amount": "1000元", "starts_on": "2026-01-01",
             "document": "某文1号"},
}  # fmt: skip


def _filled_in(text: str) -> dict[str, str]:
    """The fields of a page's form as a browser would send them."""
    fields = dict(re.findall(r'<input id="(\w+)" name="\w+" value="([^"]*)"', text))
    for name, options in re.findall(r'<select id="(\w+)" name="\w+">(.*?)</select>', text, re.S):
        chosen = re.search(r'value="([^"]*)" selected', options)
        fields[name] = chosen[1] if chosen else re.findall(r'value="([^"]*)"', options)[0]
    return fields


async def test_a_form_saved_as_it_is_changes_nothing(enter: Enter) -> None:
    assert set(ROWS) == set(FIELDS)
    manager = await enter("市管理", "manager", "2101")
    for kind, row in ROWS.items():
        await manager.get(f"/listings/{kind}/new")
        made = await manager.post(f"/listings/{kind}/new", **{"confirmed": "yes", **row})
        assert made.has("已保存。"), made.text
        fields = _filled_in(made.text)
        assert fields["confirmed"] == "no"
        again = await manager.post(made.path.partition("?")[0], **fields)
        assert again.has("已保存。"), again.text
    with session() as db:
        assert sorted(db.scalars(select(ListingBatch.kind))) == sorted(ROWS)


def test_every_region_of_the_form_is_read_as_itself(here: str) -> None:
    from bot.places.cells import region
    from bot.places.sheets import region_cells
    from bot.vocabulary.vocabulary import vocabulary

    codes = [
        one.code for one in vocabulary().regions.values() if one.level > 1 and one.code[:2] == "21"
    ]
    assert len(codes) == 114
    wrong = {}
    for code in codes:
        city, district = region_cells(code)
        found = region({"city": city, "district": district}, "210000")
        if found != code:
            wrong[code] = found
    assert wrong == {}

"""供需: postings and wishes as seekers are told them, and the blind spots as they would be."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path

from bot import clock
from bot.db.session import session
from bot.db.tables import Station
from bot.places.coordinates import region_points
from tests.casework.sheets import id_number
from tests.console.conftest import Enter
from tests.console.test_flows import HEADER, imported
from tests.factories import make_posting, saved


def _cells(text: str, row: str) -> list[str]:
    """The cells of a row of the table, by the words of its head."""
    (found,) = re.findall(rf'<tr><th scope="row">{row}</th>(.*?)</tr>', text, re.S)
    return [
        re.sub(r"</?[a-z][^>]*>|\s+", "", cell) for cell in re.findall(r"<td.*?</td>", found, re.S)
    ]


async def test_what_is_offered_in_ones_area_is_shown_with_small_numbers_left_out(
    enter: Enter,
) -> None:
    with session() as db:
        for number in range(5):
            saved(db, make_posting(salary_min=3000 + 100 * number, salary_max=None,
                                   imported_at=clock.now()))  # fmt: skip
        saved(db, make_posting(("会计",), salary_min=None, imported_at=clock.now()))
        saved(db, make_posting(region="210203", imported_at=clock.now()))
    manager = await enter("市管理", "manager", "2101")
    shown = await manager.get("/supply")
    assert shown.has("供需：", "沈阳市")
    assert "大连" not in shown.text
    rows = re.findall(r'<tr><th scope="row">([^<]+)</th>', shown.text)
    assert len(rows) == 2
    assert _cells(shown.text, rows[0])[:4] == ["沈阳市铁西区", "5", "5", "3200元（5个）"]
    assert _cells(shown.text, rows[1])[3] == "—"
    assert (await manager.get("/supply?area=210203")).status == 403
    assert (await (await enter("审计员", "auditor", "21")).get("/supply")).status == 403


async def test_blind_spots_change_with_a_station_more_or_less(enter: Enter, tmp_path: Path) -> None:
    near = region_points()["210106"]
    with session() as db:
        place = {"verified_on": date(2026, 11, 20)}
        one = Station(
            key="a", title="保工站", region_code="210106", lat=near.lat, lon=near.lon, **place
        )
        number = saved(db, one).id
    clerk = await enter("李经办", "street", "210106001")
    await imported(
        clerk, tmp_path, "registrations", HEADER,
        [("张一", id_number(101), "13800138001", "昆明湖街道", "2026-10-08")],
    )  # fmt: skip
    manager = await enter("市管理", "manager", "2101")
    now = await manager.get("/supply/stations")
    assert _cells(now.text, "沈阳市铁西区") == ["1", "0米", "<5"]
    assert "盲区" in _cells(now.text, "沈阳市法库县")[0]
    closed = await manager.get(f"/supply/stations?close={number}")
    assert _cells(closed.text, "沈阳市铁西区")[3] == "0个站，没有坐标盲区"
    opened = await manager.get("/supply/stations?open=210124")
    assert _cells(opened.text, "沈阳市法库县")[3] == "1个站，0米"
    assert _cells(opened.text, "沈阳市铁西区")[3] == "不变"
    blind, then = re.findall(r"现在 (\d+) 个，假如这样是 (\d+) 个", opened.text)[0]
    assert int(then) == int(blind) - 1

"""The public pages of courses, fairs and stations: filters, calendar files, no script, no fault."""

from __future__ import annotations

import re
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from datetime import date
from email.message import Message
from pathlib import Path
from statistics import median
from urllib.parse import quote

import pytest
import vobject
from ics import Calendar as SecondReader
from playwright.sync_api import Browser, expect
from sqlalchemy import insert, select

from bot import clock
from bot.channels.web.guide import Query, courses
from bot.clock import CHINA
from bot.db.session import session
from bot.db.tables import Course, Fair
from bot.places.demo import load_demo
from bot.settings import ROOT
from tests.channels.browsing import AXE, browser, opened, say, started_browser
from tests.channels.conftest import running
from tests.conftest import _free_port
from tests.databases import sqlite_copy

__all__ = ["browser", "started_browser"]
PAGES = (
    "/guide/",
    "/guide/trade?q=焊工&place=210100",
    "/guide/fairs",
    "/guide/stations?place=210106",
)


@pytest.fixture(scope="module")
def guide(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A server with the invented listings of this week; its address."""
    folder = tmp_path_factory.mktemp("guide")
    url = sqlite_copy("demo", folder / "web.db")
    with session(url) as db:  # those of the conversations' day are replaced by this week's
        for table in (Course, Fair):
            db.query(table).delete()
        for kept in ("stations", "providers", "directory_items"):
            db.connection().exec_driver_sql(f"delete from {kept}")
    load_demo(url, ROOT / "data" / "demo" / "places", clock.today())
    with running(_free_port(), str(folder)) as address:
        yield address


def _get(address: str, path: str) -> tuple[str, Message]:
    with urllib.request.urlopen(address + quote(path, safe="/?&=%")) as got:
        return got.read().decode(), got.headers


def _titles(html: str) -> list[str]:
    return re.findall(r"<h2>示范·([^<]+?) <", html)


def test_courses_are_found_by_trade_place_time_and_subsidy(guide: str) -> None:
    html, headers = _get(guide, "/guide/")
    assert "培训信息导航图" in html
    assert "<script" not in html
    assert "default-src 'self'" in headers["Content-Security-Policy"]
    assert len(_titles(html)) == 20
    assert _titles(_get(guide, "/guide/?page=2")[0])[0] not in _titles(html)
    found = _titles(_get(guide, "/guide/?q=电焊&place=210100")[0])
    assert found == ["沈阳市电焊班", "沈阳市电焊周末班"]
    assert _titles(_get(guide, "/guide/?q=电焊&place=210100&time=weekend")[0]) == [
        "沈阳市电焊周末班"
    ]
    assert _titles(_get(guide, "/guide/?q=电焊&place=210100&subsidy=1")[0]) == ["沈阳市电焊班"]
    assert _titles(_get(guide, "/guide/?q=直播&place=210100&mode=online")[0]) == [
        "沈阳市电商直播班"
    ]
    assert "没有能报的班" in _get(guide, "/guide/?q=飞碟")[0]
    every, _ = _get(guide, "/guide/?q=电焊&place=210100")
    for word in ("免费", "18:00-20:30", "000-02210100", "核实", "示范数据，不是真的"):
        assert word in every


def test_what_is_typed_is_text_and_what_is_no_choice_is_none(guide: str) -> None:
    html, _ = _get(guide, "/guide/?q=<img src=x onerror=alert(1)>&place=999999&time=now&page=zero")
    assert "<img" not in html
    assert "&lt;img" in html
    assert len(_get(guide, "/guide/?page=٣")[0]) > 1000


def test_behind_a_trade_stand_its_postings_and_their_pay(guide: str) -> None:
    html, _ = _get(guide, "/guide/trade?q=保安&place=210100")
    assert re.search(r"现在开着的岗位（沈阳市）</dt><dd>\d+个", html)
    assert re.search(rf"写明工资的\d+个，月薪中位数\d+元（{clock.today()}）|太少，说不准", html)
    assert _titles(_get(guide, "/guide/trade?q=焊工&place=210100")[0]) == [
        "沈阳市电焊班",
        "沈阳市电焊周末班",
    ]
    assert "认不出" in _get(guide, "/guide/trade?q=飞碟")[0]


def test_fairs_by_place_and_audience_cancelled_ones_are_marked(guide: str) -> None:
    html, _ = _get(guide, "/guide/fairs?place=210100")
    assert "沈阳市周六招聘会" in html
    assert "大连市周六招聘会" not in html
    assert "已取消，别白跑" in html or clock.today().weekday() == 6
    assert "沈阳市周六招聘会" not in _get(guide, "/guide/fairs?for=veteran")[0]


def test_a_fair_opens_in_two_independent_readers(guide: str) -> None:
    html, _ = _get(guide, "/guide/fairs?place=210100")
    path = re.search(
        r'href="(/guide/fairs/\d+/[\d-]+\.ics)">记进手机日历：示范·沈阳市周六招聘会', html
    )
    assert path is not None
    text, headers = _get(guide, path[1])
    assert headers["Content-Type"].startswith("text/calendar")
    event = vobject.readOne(text).vevent
    begins = event.dtstart.value.astimezone(CHINA)
    assert (
        begins.weekday(),
        begins.hour,
        event.dtend.value.astimezone(CHINA).strftime("%H:%M"),
    ) == (5, 9, "11:30")
    (second,) = SecondReader(text).events
    assert second.begin.datetime == event.dtstart.value
    assert second.name == event.summary.value == "示范·沈阳市周六招聘会"
    assert "示范数据" in second.description
    for wrong in (
        "/guide/fairs/1/2020-01-01.ics",
        "/guide/fairs/999999/2026-12-05.ics",
        "/guide/fairs/1/day.ics",
    ):
        with pytest.raises(urllib.error.HTTPError, match="404"):
            _get(guide, wrong)


def test_stations_of_a_district_stand_by_distance(guide: str) -> None:
    html, _ = _get(guide, "/guide/stations?place=210106")
    assert _titles(html)[:3] == ["铁西区就业服务站", "铁西区第2就业服务站", "铁西区零工驿站"]
    metres = [
        float(n) * (1000 if unit == "公里" else 1)
        for n, unit in re.findall(r"离中心直线([\d.]+)(公里|米)", html)
    ]
    assert metres == sorted(metres)
    assert "按离沈阳市铁西区中心的远近排" in html


def test_the_first_byte_of_twenty_thousand_courses(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from bot.settings import settings

    url = sqlite_copy("stocked", tmp_path / "many.db")
    row = {
        "region_code": "210106",
        "provider": "校",
        "trade": "焊工",
        "occupation_name": "焊工",
        "fee": 0,
        "starts_on": date(2099, 1, 1),
    }
    with session(url) as db:
        db.execute(
            insert(Course), [{**row, "key": f"{n}", "title": f"电焊{n}班"} for n in range(20_000)]
        )
    monkeypatch.setenv("DATABASE_URL", url)
    settings.cache_clear()
    try:
        courses(Query({}))
        spent = []
        for given in (
            {},
            {"q": "电焊"},
            {"q": "电焊1999"},
            {"place": "210100", "subsidy": "1"},
            {"page": "50"},
        ):
            begun = time.process_time()
            html = courses(Query(given))
            spent.append(time.process_time() - begun)
        assert "超过1000" in html
        assert median(spent) < 0.05, spent
        with session(url) as db:
            assert db.scalar(select(Course.id).limit(1)) is not None
    finally:
        settings.cache_clear()


@pytest.mark.browser
def test_axe_finds_no_fault_and_nothing_sticks_out(guide: str, browser: Browser) -> None:
    for scheme in ("light", "dark"):
        page = opened(
            browser,
            viewport={"width": 320, "height": 640},
            color_scheme=scheme,
            java_script_enabled=True,
        )
        for path in PAGES:
            page.goto(guide + path)
            page.add_script_tag(path=str(AXE))
            found = page.evaluate("axe.run()")
            assert [(v["id"], v["nodes"][0]["html"]) for v in found["violations"]] == []
            assert page.evaluate("document.documentElement.scrollWidth") <= 320, path
        assert page.strays == []  # type: ignore[attr-defined]


@pytest.mark.browser
def test_the_pages_are_used_without_script(guide: str, browser: Browser) -> None:
    page = opened(browser, java_script_enabled=False)
    page.goto(f"{guide}/guide/")
    page.get_by_label("想学啥").fill("月嫂")
    page.get_by_label("地方").select_option("210300")
    page.get_by_role("button", name="找班").click()
    assert page.locator("main li h2").all_inner_texts() == ["示范·鞍山市月嫂班 示范数据，不是真的"]
    page.get_by_role("link", name="招聘会").first.click()
    assert page.locator("h1").inner_text() == "招聘会、专家坐班和零工日"


@pytest.mark.browser
def test_the_widget_draws_numbered_cards_with_how_sure_they_are(
    guide: str, browser: Browser
) -> None:
    page = opened(browser)
    page.goto(f"{guide}/chat/")
    say(page, "站点")
    log = page.get_by_role("log")
    expect(log).to_contain_text("以上是示范数据。")
    assert log.locator("article h4").all_inner_texts() == ["1. 1号站", "2. 2号站"]
    assert "024-2" in log.locator("article").nth(1).inner_text()

"""The console in a real browser: by keyboard, on a telephone's width, by axe's rules."""

from __future__ import annotations

import os
import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from bot import clock
from bot.bootstrap import load_duties
from bot.casework_demo import add_demo
from bot.db.session import session
from bot.settings import ROOT, settings
from bot.warning import cases
from bot.warning.demo import make
from bot.warning.months import months_before
from tests.channels.browsing import AXE, browser, opened, started_browser
from tests.channels.conftest import chromium
from tests.conftest import _free_port
from tests.databases import sqlite_copy
from tests.waiting import wait_until
from tests.warning.office_files import firm

pytestmark = pytest.mark.browser
#: The last month of which the invented figures are.
MONTH = months_before(clock.today().replace(day=1), 1)
__all__ = ["browser", "chromium", "started_browser"]


@pytest.fixture
def console(tmp_path: Path) -> Iterator[tuple[str, dict[str, str]]]:
    """The address of a console with the demo's people, and the passwords of its staff."""
    url = sqlite_copy("stocked", tmp_path / "console.db")
    with session(url) as db:
        load_duties(settings(), db)
        made = add_demo(db)
        assert made is not None
        load_duties(settings(), db)
        make(MONTH, 1, 16).apply(db)
        cases.enter(db, firm(1), "示范厂", "210106", "policy", "示范：停产", "王")
    port = _free_port()
    command = [sys.executable, "-m", "bot.console.server", str(port)]
    process = subprocess.Popen(command, cwd=ROOT, env={**os.environ, "DATABASE_URL": url})
    address = f"http://127.0.0.1:{port}"
    try:
        wait_until(lambda: _answers(address))
        yield address, dict(made.passwords)
    finally:
        process.terminate()
        process.wait(20)


def _answers(address: str) -> bool:
    try:
        with urllib.request.urlopen(f"{address}/health", timeout=5) as answer:
            return bool(answer.status == 200)
    except (urllib.error.URLError, OSError):
        return False


def _faults(page: Page) -> list[str]:
    page.add_script_tag(path=str(AXE))
    found = page.evaluate("axe.run()")["violations"]
    return [f"{one['id']}: {one['nodes'][0]['html'][:150]}" for one in found]


def _sticks_out(page: Page) -> bool:
    return bool(page.evaluate("document.documentElement.scrollWidth > innerWidth"))


def _log_in(page: Page, address: str, name: str, passwords: dict[str, str]) -> None:
    page.goto(address)
    page.get_by_label("名字").fill(name)
    page.get_by_label("密码").fill(passwords[name])
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="今天")).to_be_visible()


def test_every_page_is_in_order_for_screen_readers_and_on_a_telephone(
    browser: Browser, console: tuple[str, dict[str, str]]
) -> None:
    address, passwords = console
    page = opened(browser, viewport={"width": 360, "height": 740})
    page.goto(f"{address}/login")
    assert (_faults(page), _sticks_out(page)) == ([], False)
    _log_in(page, address, "示范区主任", passwords)
    person = page.get_by_role("link", name="示** ").first.get_attribute("href")
    task = page.get_by_role("link", name="每月联系").first.get_attribute("href")
    paths = ["/", "/people", "/people/new", "/imports", "/exits", "/numbers", "/staff", "/password"]
    paths += ["/exports", "/transfers", "/second-factor"]
    paths += ["/listings", "/listings?kind=course", "/listings/fair/new", "/listings/fair/imports"]
    paths += ["/warning", "/warning/firms?month=" + f"{clock.today():%Y-%m}", "/warning/reports"]
    paths += ["/supply", "/supply/stations?open=210106"]
    for path in (*paths, str(person), str(task), f"{str(person).partition('?')[0]}/plan"):
        page.goto(address + path)
        assert (path, _faults(page)) == (path, [])
        assert (path, _sticks_out(page)) == (path, False)
    assert page.strays == []  # type: ignore[attr-defined]


def test_a_contact_is_kept_by_keyboard_and_without_script(
    browser: Browser, console: tuple[str, dict[str, str]]
) -> None:
    address, passwords = console
    page = browser.new_context(java_script_enabled=False, locale="zh-CN").new_page()
    _log_in(page, address, "示范社区协理", passwords)
    first = page.get_by_role("link", name="示** ").first
    first.focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_contain_text("示范")
    page.get_by_label("结果").focus()
    page.keyboard.type("本人不愿说")
    page.keyboard.press("Tab")
    for _ in range(3):
        page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.get_by_role("status")).to_have_text("已保存。")
    expect(page.locator("main")).to_contain_text("本人不愿说")


def test_a_station_is_entered_and_confirmed_by_keyboard_and_without_script(
    browser: Browser, console: tuple[str, dict[str, str]]
) -> None:
    address, passwords = console
    page = browser.new_context(java_script_enabled=False, locale="zh-CN").new_page()
    _log_in(page, address, "示范区主任", passwords)
    page.get_by_role("link", name="站点·会·班").click()
    page.get_by_role("link", name="录入一条").click()
    page.get_by_label("站点名称").fill("保工站")
    page.get_by_label("办公时间").fill("周一至周五 8:30-17:00")
    page.keyboard.press("Enter")
    expect(page.get_by_role("status")).to_have_text("已保存。")
    expect(page.get_by_role("heading", level=1)).to_contain_text("保工站")
    page.get_by_role("button", name="改为停用").click()
    expect(page.locator("main")).to_contain_text("停用")
    scripted = opened(browser, viewport={"width": 360, "height": 740})
    _log_in(scripted, address, "示范区主任", passwords)
    scripted.goto(page.url)
    assert (_faults(scripted), _sticks_out(scripted)) == ([], False)


def test_a_firm_is_verified_without_script_and_charts_are_drawn(
    browser: Browser, console: tuple[str, dict[str, str]]
) -> None:
    address, passwords = console
    page = browser.new_context(java_script_enabled=False, locale="zh-CN").new_page()
    _log_in(page, address, "示范区主任", passwords)
    page.get_by_role("link", name="预警", exact=True).click()
    expect(page.get_by_role("img", name="沈阳市铁西区登记失业人数")).to_be_visible()
    page.goto(f"{address}/warning/firms?month={clock.today():%Y-%m}")
    expect(page.locator("main")).to_contain_text("示范：停产")
    page.get_by_label("改为").select_option("verified")
    page.get_by_role("button", name="记下").click()
    expect(page.get_by_role("status")).to_have_text("已保存。")
    page.goto(f"{address}/warning/firms?month={clock.today():%Y-%m}")
    expect(page.locator("main")).to_contain_text("要由另一个人列入")

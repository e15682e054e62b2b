"""The whole bot by keyboard alone, from the site's page to the deletion of everything."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.channels.browsing import browser, opened, started_browser
from tests.channels.edge_server import Served, serving
from tests.databases import copied

pytestmark = [pytest.mark.model, pytest.mark.browser]
__all__ = ["browser", "started_browser"]
#: The element that has the focus, through shadow roots: its words or its label.
FOCUSED = """() => {
  let at = document.activeElement;
  while (at && at.shadowRoot && at.shadowRoot.activeElement) at = at.shadowRoot.activeElement;
  return at ? (at.getAttribute("aria-label") || at.textContent).trim() : "";
}"""


@pytest.fixture
def served(model: Path, demo_file: Path, tmp_path: Path) -> Iterator[Served]:
    copied(demo_file, tmp_path / "edges.db")
    command = [sys.executable, "-m", "bot.runtime.server", "rasa"]
    with serving(tmp_path, command, JIUYE_DEMO_SITE="1") as server:
        yield server


def _go_to(page: Page, name: str, key: str = "Tab") -> None:
    """Press Tab until something has the focus; fails when nothing of that name can be reached."""
    for _ in range(60):
        page.keyboard.press(key)
        if page.evaluate(FOCUSED) == name:
            return
    pytest.fail(f"{name} cannot be reached by {key}")


def _type(page: Page, text: str) -> None:
    assert page.evaluate(FOCUSED) == "想问什么"
    page.keyboard.type(text)
    page.keyboard.press("Enter")


def test_a_whole_conversation_by_keyboard_with_a_restart_and_two_tabs(
    browser: Browser, served: Served
) -> None:
    page = opened(browser)
    page.goto(f"{served.url}/demo/")
    _go_to(page, "问就业顾问")
    page.keyboard.press("Enter")
    log = page.get_by_role("log")
    _type(page, "想在沈阳找个保安的活，三千以上")
    expect(log.get_by_role("article").first).to_contain_text("保安", timeout=60_000)
    _type(page, "有新的就告诉我")
    expect(log.get_by_role("button", name="好", exact=True)).to_be_visible(timeout=30_000)
    _go_to(page, "好", "Shift+Tab")
    page.keyboard.press("Enter")
    expect(log).to_contain_text("订好了", timeout=30_000)
    _go_to(page, "大字", "Shift+Tab")
    page.keyboard.press("Enter")
    expect(page.get_by_role("button", name="大字")).to_have_attribute("aria-pressed", "true")

    other = page.context.new_page()
    other.goto(f"{served.url}/chat/")
    expect(other.get_by_role("log")).to_contain_text("订好了")
    expect(other.get_by_role("button", name="大字")).to_have_attribute("aria-pressed", "true")

    page.bring_to_front()
    served.kill()
    expect(page.get_by_role("status").last).to_contain_text("重", timeout=15_000)
    _go_to(page, "想问什么")
    _type(page, "失业金怎么领")
    served.start()
    for tab in (page, other):
        expect(tab.get_by_role("log")).to_contain_text("失业保险", timeout=60_000)
        expect(tab.get_by_role("log")).to_contain_text("订好了")

    _go_to(page, "更多", "Shift+Tab")
    page.keyboard.press("Enter")
    _go_to(page, "删掉我的信息")
    page.keyboard.press("Enter")
    expect(log.get_by_role("button", name="确定删")).to_be_visible(timeout=30_000)
    _go_to(page, "确定删", "Shift+Tab")
    page.keyboard.press("Enter")
    expect(log).to_contain_text("全删了", timeout=30_000)
    for tab in (page, other):
        expect(tab.get_by_role("log")).not_to_contain_text("订好了", timeout=15_000)
        expect(tab.get_by_role("log")).not_to_contain_text("物业")
        expect(tab.get_by_role("log")).not_to_contain_text("失业保险")
    page.reload()  # it stays open
    expect(page.get_by_role("button", name="大字")).to_be_visible()
    expect(log).not_to_contain_text("订好了")
    page.get_by_label("想问什么").press("Escape")
    assert page.evaluate(FOCUSED) == "问就业顾问"

"""The widget on a foreign page by its one line, and the page of a city that shows it."""

from __future__ import annotations

import http.server
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.channels.browsing import AXE, browser, opened, say, started_browser
from tests.channels.conftest import Start
from tests.conftest import _free_port

pytestmark = pytest.mark.browser
__all__ = ["browser", "started_browser"]


@pytest.fixture
def site(tmp_path: Path, port: int) -> Iterator[str]:
    """A page on another origin that names nothing of ours but the script."""
    (tmp_path / "index.html").write_text(
        f"<!doctype html><html lang=zh><title>某网站</title><h1>某网站</h1>"
        f"<script src='http://127.0.0.1:{port}/chat/static/jiuye.js'></script></html>",
        encoding="utf-8",
    )

    class Quiet(http.server.SimpleHTTPRequestHandler):
        def __init__(self, *given: object) -> None:
            super().__init__(*given, directory=str(tmp_path))  # type: ignore[arg-type]

        def log_message(self, *_: object) -> None:
            pass

    at = _free_port()
    served = http.server.ThreadingHTTPServer(("127.0.0.1", at), Quiet)
    threading.Thread(target=served.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{at}"
    served.shutdown()


def test_one_line_puts_the_widget_on_another_site_that_is_named(
    browser: Browser, site: str, port: int, start: Start
) -> None:
    with start(port, JIUYE_WEB_ORIGINS=site, JIUYE_PORT=str(port)):
        page = opened(browser)
        page.goto(site)
        page.get_by_role("button", name="问就业顾问").click()
        say(page, "失业金")
        expect(page.get_by_role("log")).to_contain_text("你说：失业金")
        page.reload()  # it stays open
        expect(page.get_by_role("log")).to_contain_text("你说：失业金")
        page.goto("about:blank")


def test_a_site_that_is_not_named_gets_no_answer(
    browser: Browser, site: str, port: int, start: Start
) -> None:
    with start(port):
        page = opened(browser)
        page.goto(site)
        page.get_by_role("button", name="问就业顾问").click()
        say(page, "失业金")
        expect(page.get_by_role("status").last).to_contain_text("重试", timeout=15_000)
        expect(page.get_by_role("log")).not_to_contain_text("你说")
        page.goto("about:blank")


def _faults(page: Page) -> list[tuple[str, str]]:
    page.add_script_tag(path=str(AXE))
    found = page.evaluate("axe.run()")
    return [(one["id"], one["nodes"][0]["html"][:200]) for one in found["violations"]]


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1280, 390])
def test_the_demo_site_has_no_fault_on_any_screen(
    browser: Browser, server: str, scheme: str, width: int
) -> None:
    page = opened(browser, color_scheme=scheme, viewport={"width": width, "height": 800})
    page.goto(f"{server}/demo/")
    expect(page.get_by_role("button", name="问就业顾问")).to_be_visible()
    assert _faults(page) == []
    wide = page.evaluate("document.documentElement.scrollWidth")
    assert wide <= width
    assert page.strays == []  # type: ignore[attr-defined]


def test_the_demo_site_keeps_to_its_policy_and_answers(browser: Browser, server: str) -> None:
    page = opened(browser, bypass_csp=False)
    complaints: list[str] = []
    page.on("console", lambda said: complaints.append(said.text) if said.type == "error" else None)
    page.goto(f"{server}/demo/")
    page.get_by_role("button", name="问就业顾问").click()
    say(page, "卡片")
    expect(page.get_by_role("log").get_by_role("heading", name="创业担保贷款")).to_be_visible()
    assert complaints == []

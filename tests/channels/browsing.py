"""A real browser for tests: it reaches this machine alone, and notes what else it was to reach."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

ARGUMENTS = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync",
]  # fmt: skip
AXE = Path(__file__).parent / "vendor" / "axe.min.js"


@pytest.fixture(scope="module")
def started_browser(chromium: str) -> Iterator[Browser]:
    """Debian's chromium, started once a module: that costs as much as a test with it."""
    with sync_playwright() as play:
        started = play.chromium.launch(executable_path=chromium, args=ARGUMENTS)
        yield started
        started.close()


@pytest.fixture
def browser(started_browser: Browser) -> Iterator[Browser]:
    """Debian's chromium; what the test opened in it is closed, with all that its contexts kept."""
    yield started_browser
    for context in started_browser.contexts:
        context.close()


def opened(browser: Browser, **options: Any) -> Page:
    """Open a page on which a request to any other host fails and is noted in `strays`."""
    page = browser.new_context(**{"bypass_csp": True, "locale": "zh-CN", **options}).new_page()
    strays: list[str] = []

    def only_here(route: Any) -> None:
        if "//127.0.0.1" in route.request.url:
            route.continue_()
        else:
            strays.append(route.request.url)
            route.abort()

    page.route("**/*", only_here)
    page.strays = strays  # type: ignore[attr-defined]
    return page


def say(page: Page, text: str) -> None:
    """Type a text into the widget and send it."""
    page.get_by_label("想问什么").fill(text)
    page.get_by_label("想问什么").press("Enter")

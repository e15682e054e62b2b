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


@pytest.fixture
def browser(chromium: str) -> Iterator[Browser]:
    """Debian's chromium."""
    with sync_playwright() as play:
        opened = play.chromium.launch(executable_path=chromium, args=ARGUMENTS)
        yield opened
        opened.close()


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

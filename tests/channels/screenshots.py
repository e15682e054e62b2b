"""The pictures of the docs, taken from the whole bot: `make screenshots`."""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

from PIL import Image
from playwright.sync_api import Browser, Page, expect, sync_playwright

from bot.bootstrap import prepare
from bot.db.session import session
from bot.handoff.accounts import add
from bot.logging_setup import prepare_environment
from bot.settings import ROOT, Settings
from tests.channels.browsing import ARGUMENTS, opened, say
from tests.channels.conftest import CHROMIUM
from tests.channels.edge_server import serving

IMAGES = ROOT / "docs" / "images"
PASSWORD = "only for pictures"
#: Bytes of a picture at most; colours are reduced until it fits.
LARGEST = 150_000


def _keep(picture: Path, name: str) -> None:
    """Write a picture into the docs with as many colours as fit."""
    with Image.open(picture) as taken:
        for colours in (256, 128, 64, 32):
            small = taken.convert("RGB").quantize(colours)
            small.save(IMAGES / name, optimize=True)
            if (IMAGES / name).stat().st_size <= LARGEST:
                return
    raise ValueError(f"{name} does not fit into {LARGEST} bytes")


def _shoot(page: Page, name: str) -> None:
    with tempfile.NamedTemporaryFile(suffix=".png") as file:
        page.wait_for_timeout(400)
        page.screenshot(path=file.name)
        _keep(Path(file.name), name)


def _ask(page: Page, text: str, heard: str) -> None:
    say(page, text)
    expect(page.get_by_role("log")).to_contain_text(heard, timeout=60_000)


def _widgets(browser: Browser, url: str) -> None:
    for name, scheme, size in (
        ("dark.png", "dark", (1000, 760)), ("phone.png", "light", (390, 780)),
    ):  # fmt: skip
        width, height = size
        page = opened(browser, color_scheme=scheme, viewport={"width": width, "height": height})
        page.goto(f"{url}/chat/")
        if width < 480:
            page.get_by_role("button", name="问就业顾问").click()
        _ask(page, "创业担保贷款最高能贷多少", "30万")
        _shoot(page, name)
    page = opened(browser, viewport={"width": 1000, "height": 760})
    page.goto(f"{url}/chat/")
    page.get_by_role("button", name="大字").click()
    _ask(page, "失业登记怎么办", "失业登记")
    _shoot(page, "large-type.png")


def _demo_site(browser: Browser, url: str) -> None:
    page = opened(browser, viewport={"width": 1280, "height": 860})
    page.goto(f"{url}/demo/")
    page.get_by_role("button", name="问就业顾问").click()
    _ask(page, "想在沈阳找个保安的活", "保安员")
    _shoot(page, "demo-site.png")


def _two_tabs(browser: Browser, url: str) -> None:
    """Take two tabs of one session, side by side."""
    size = {"width": 520, "height": 760}
    one = opened(browser, viewport=size)
    other = one.context.new_page()
    for tab in (one, other):
        tab.goto(f"{url}/chat/")
        tab.get_by_role("button", name="问就业顾问").click()
        tab.wait_for_function("localStorage.getItem('jiuye-token')")
    _ask(one, "失业金能领几个月", "个月")
    expect(other.get_by_role("log")).to_contain_text("失业金能领几个月")
    with tempfile.TemporaryDirectory() as folder:
        files = [Path(folder) / "one.png", Path(folder) / "other.png"]
        for tab, file in zip((one, other), files, strict=True):
            tab.bring_to_front()
            tab.wait_for_timeout(400)
            tab.screenshot(path=file)
        both = Image.new("RGB", (2 * size["width"] + 8, size["height"]), "#8595a5")
        for at, file in enumerate(files):
            with Image.open(file) as taken:
                both.paste(taken, (at * (size["width"] + 8), 0))
        both.save(Path(folder) / "both.png")
        _keep(Path(folder) / "both.png", "two-tabs.png")


def _desk(browser: Browser, url: str) -> None:
    seeker = opened(browser)
    seeker.goto(f"{url}/chat/")
    _ask(seeker, "老板拖了我两个月工资", "工资")
    _ask(seeker, "转人工", "告诉工作人员了")
    page = opened(browser, viewport={"width": 1200, "height": 760})
    page.goto(f"{url}/desk/")
    page.get_by_label("名字").fill("王老师")
    page.get_by_label("密码").fill(PASSWORD)
    page.get_by_label("密码").press("Enter")
    page.get_by_role("button", name="要找人").first.click()
    page.get_by_role("button", name="接过来").click()
    page.get_by_label("回复").fill("您好，我是王老师。欠的是哪几个月的？")
    page.get_by_role("button", name="发送").click()
    expect(page.get_by_role("log")).to_contain_text("哪几个月")
    say(seeker, "九月和十月的")
    expect(page.get_by_role("log")).to_contain_text("九月和十月的", timeout=15_000)
    _shoot(page, "desk.png")


def main() -> None:
    """Start the bot on a database of its own and take all pictures."""
    prepare_environment()
    IMAGES.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        url = f"sqlite:///{folder / 'edges.db'}"
        list(prepare(Settings.from_environment({"DATABASE_URL": url}), demo=True))
        with session(url) as db:
            add(db, "王老师", PASSWORD)
        command = [sys.executable, "-m", "bot.runtime.server", "rasa"]
        set_ = {"JIUYE_DEMO_SITE": "1", "JIUYE_OFFICE_HOURS": "1-7 0:00-24:00 +holidays"}
        with serving(folder, command, **set_) as served, sync_playwright() as play:
            browser = play.chromium.launch(executable_path=str(CHROMIUM), args=ARGUMENTS)
            for take in (_widgets, _demo_site, _two_tabs, _desk):
                take(browser, served.url)
            browser.close()


if __name__ == "__main__":
    main()

"""The widget in a real browser: what a person sees, hears and presses."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.channels.browsing import AXE, browser, opened, say, started_browser
from tests.channels.conftest import Start

pytestmark = pytest.mark.browser
__all__ = ["browser", "started_browser"]


@pytest.fixture
def page(browser: Browser) -> Page:
    return opened(browser)


def test_a_conversation_with_its_cards_leaves_no_machine(page: Page, server: str) -> None:
    page.goto(f"{server}/chat/")
    say(page, "卡片")
    log = page.get_by_role("log")
    expect(log.get_by_role("heading", name="创业担保贷款")).to_be_visible()
    expect(log).to_contain_text("接下来：先问资格。")
    log.get_by_text("依据", exact=True).click()
    expect(log).to_contain_text(
        "《某答复》（辽人社建〔2025〕21号）一(六)，省人社厅，自2025-05-16起"
    )
    say(page, "岗位")
    expect(log.get_by_role("article")).to_contain_text("做保安员，对口")
    expect(log.get_by_role("article")).to_contain_text("注意：别交押金")
    assert page.strays == []  # type: ignore[attr-defined]


#: Holds back what a page asks first, so that two of them ask before either is answered.
HELD = """const send = WebSocket.prototype.send; window.held = [];
WebSocket.prototype.send = function (data) {
  if (!window.held || !String(data).includes("session_request")) return send.call(this, data);
  window.held.push(() => send.call(this, data));
};
window.go = () => { const held = window.held; window.held = null; held.forEach((one) => one()); };"""
#: Lets a page hear of what another one has stored only when it has stored its own.
DEAF = """const get = Storage.prototype.getItem; let deaf = true;
Storage.prototype.getItem = function (name) { return deaf ? null : get.call(this, name); };
const set = Storage.prototype.setItem;
Storage.prototype.setItem = function (...given) { deaf = false; return set.apply(this, given); };"""


@pytest.mark.parametrize("hears", [True, False])
def test_two_tabs_that_come_first_at_the_same_time_are_one_session(
    browser: Browser, server: str, hears: bool
) -> None:
    one = opened(browser)
    other = one.context.new_page()
    for page in (one, other):
        page.add_init_script(HELD if hears else HELD + DEAF)
        page.goto(f"{server}/chat/")
        page.wait_for_function("window.held.length === 1")
    for page in (one, other):
        page.evaluate("window.go()")
    for page in (one, other):
        page.wait_for_function(
            "document.querySelector('jiuye-chat').ready && "
            "document.querySelector('jiuye-chat').token === localStorage.getItem('jiuye-token')"
        )
    for page, text in ((other, "失业金"), (one, "社保")):
        say(page, text)
        for tab in (one, other):
            expect(tab.get_by_role("log")).to_contain_text(f"你说：{text}")
            assert tab.get_by_role("log").inner_text().count(f"你说：{text}") == 1


def test_markup_in_a_text_is_shown_and_not_run(page: Page, server: str) -> None:
    page.on("dialog", lambda dialog: pytest.fail(dialog.message))
    page.goto(f"{server}/chat/")
    say(page, "卡片")
    expect(page.get_by_role("log")).to_contain_text("<img src=x onerror=alert(1)>")


def test_choices_are_pressed_by_keyboard(page: Page, server: str) -> None:
    page.goto(f"{server}/chat/")
    say(page, "选择")
    choice = page.get_by_role("button", name="鞍山的")
    choice.focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("log")).to_contain_text("你说：鞍山铁西")


def test_enter_within_an_input_method_does_not_send(page: Page, server: str) -> None:
    page.goto(f"{server}/chat/")
    page.get_by_label("想问什么").focus()
    keys = page.context.new_cdp_session(page)
    keys.send("Input.imeSetComposition", {"text": "bao'an", "selectionStart": 6, "selectionEnd": 6})
    keys.send(
        "Input.dispatchKeyEvent",
        {"type": "rawKeyDown", "windowsVirtualKeyCode": 229, "key": "Enter"},
    )
    expect(page.get_by_role("log")).not_to_contain_text("你说")
    keys.send("Input.insertText", {"text": "保安"})
    page.keyboard.press("Shift+Enter")
    expect(page.get_by_role("log")).not_to_contain_text("你说")
    page.keyboard.press("Enter")
    expect(page.get_by_role("log")).to_contain_text("你说：保安")


def test_a_reload_brings_the_conversation_back(page: Page, server: str) -> None:
    page.goto(f"{server}/chat/")
    say(page, "记住我")
    expect(page.get_by_role("log")).to_contain_text("你说：记住我")
    page.reload()
    expect(page.get_by_role("log")).to_contain_text("你说：记住我")


def test_it_connects_again_after_the_server_was_away(page: Page, start: Start, port: int) -> None:
    with start(port) as server:
        page.goto(f"{server}/chat/")
        say(page, "一")
        expect(page.get_by_role("log")).to_contain_text("你说：一")
    expect(page.get_by_role("status")).to_contain_text("重", timeout=10_000)
    say(page, "二")
    with start(port):
        expect(page.get_by_role("log")).to_contain_text("你说：二", timeout=20_000)


def test_on_a_phone_it_opens_by_a_button_and_fills_the_screen(
    browser: Browser, server: str
) -> None:
    page = opened(browser, viewport={"width": 390, "height": 780})
    page.goto(f"{server}/chat/")
    page.get_by_role("button", name="问就业顾问").click()
    box = page.locator("jiuye-chat .box").bounding_box()
    assert box == {"x": 0, "y": 0, "width": 390, "height": 780}
    expect(page.get_by_label("想问什么")).to_be_focused()
    page.keyboard.press("Escape")
    expect(page.get_by_role("button", name="问就业顾问")).to_be_focused()


def test_large_type_stays_after_a_reload(page: Page, server: str) -> None:
    page.goto(f"{server}/chat/")
    page.get_by_role("button", name="大字").click()
    page.reload()
    expect(page.get_by_role("button", name="大字")).to_have_attribute("aria-pressed", "true")


@pytest.mark.parametrize("large", [False, True])
@pytest.mark.parametrize("size", [(1280, 800), (390, 844), (320, 568), (844, 390)])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_no_fault_and_nothing_sticks_out(
    browser: Browser, server: str, scheme: str, size: tuple[int, int], large: bool
) -> None:
    width, height = size
    page = opened(browser, color_scheme=scheme, viewport={"width": width, "height": height})
    page.goto(f"{server}/chat/")
    if width < 900:
        page.get_by_role("button", name="问就业顾问").click()
    if large:
        page.get_by_role("button", name="大字").click()
    log = page.get_by_role("log")
    for text, shown in (
        ("卡片", "先问资格"),
        ("岗位", "别交押金"),
        ("五个岗位", "先看这5个"),
        ("选择", "鞍山的"),
    ):
        say(page, text)  # one by one: short lines are read as one
        expect(log).to_contain_text(shown)
    page.get_by_text("依据", exact=True).click()
    page.get_by_role("button", name="更多").click()
    log.get_by_role("button", name="没用").last.click()
    page.wait_for_timeout(400)
    assert log.evaluate("(log) => log.scrollWidth <= log.clientWidth")
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    page.add_script_tag(path=str(AXE))
    found = page.evaluate("axe.run()")
    assert [(v["id"], v["nodes"][0]["html"][:200]) for v in found["violations"]] == []
    assert page.strays == []  # type: ignore[attr-defined]

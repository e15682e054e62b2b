"""What the page does around the talk: its place, what is not sent yet, cards, room, votes."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Browser, Locator, Page, ViewportSize, expect
from sqlalchemy import select

from bot.db.session import session
from bot.db.tables import AnswerVote
from bot.handoff.accounts import add
from tests.channels.browsing import browser, opened, say, started_browser
from tests.channels.conftest import Start, running
from tests.databases import sqlite_copy
from tests.waiting import wait_until

pytestmark = pytest.mark.browser
__all__ = ["browser", "started_browser"]
PHONE, SMALL = ViewportSize(width=390, height=844), ViewportSize(width=320, height=568)
LANDSCAPE, TABLET = ViewportSize(width=844, height=390), ViewportSize(width=768, height=1024)
ALWAYS, NEVER = "1-7 0:00-24:00 +holidays", "1-1 0:00-0:01"
#: The first paragraph that begins in sight, and how far below the upper edge.
FIRST = """(log) => {
  const edge = log.getBoundingClientRect().top, all = [...log.querySelectorAll("p")];
  const n = all.findIndex((one) => one.getBoundingClientRect().top >= edge);
  return [n, all[n].getBoundingClientRect().top - edge];
}"""
AT_END = "(log) => log.scrollTop + log.clientHeight >= log.scrollHeight - 4"
#: Where a paragraph stands below the upper edge of the conversation, and how high that is.
STANDS = """(log, n) => {
  const at = log.getBoundingClientRect();
  return [[...log.querySelectorAll("p")][n].getBoundingClientRect().top - at.top, at.height];
}"""


def _ask(page: Page, text: str, heard: str) -> Locator:
    say(page, text)
    log = page.get_by_role("log")
    expect(log).to_contain_text(heard)
    page.wait_for_timeout(300)  # the row has come to rest
    return log


def _on(browser: Browser, url: str, size: ViewportSize) -> Page:
    page = opened(browser, viewport=size)
    page.goto(f"{url}/chat/")
    if page.get_by_role("button", name="问就业顾问").is_visible():
        page.get_by_role("button", name="问就业顾问").click()
    return page


def _is_in_sight(inner: Locator, outer: Locator) -> bool:
    its, here = inner.bounding_box(), outer.bounding_box()
    assert its is not None
    assert here is not None
    return here["y"] <= its["y"] + 1 and its["y"] + its["height"] <= here["y"] + here["height"] + 1


def test_a_reload_on_a_phone_keeps_it_open_and_the_place_that_was_read(
    browser: Browser, server: str
) -> None:
    page = _on(browser, server, PHONE)
    _ask(page, "长", "失业保险金")
    log = _ask(page, "卡片", "先问资格")
    log.evaluate("(log) => { log.scrollTop = log.scrollHeight * 0.4 }")
    page.wait_for_timeout(200)
    number, before = log.evaluate(FIRST)
    page.reload()
    expect(log).to_contain_text("先问资格")
    page.wait_for_timeout(300)
    assert abs(log.evaluate(STANDS, number)[0] - before) < 12


def test_at_the_end_a_reload_stays_at_the_end(browser: Browser, server: str) -> None:
    page = _on(browser, server, PHONE)
    _ask(page, "长", "失业保险金")
    log = _ask(page, "卡片", "先问资格")
    assert log.evaluate(AT_END)
    page.reload()
    expect(log).to_contain_text("先问资格")
    page.wait_for_timeout(300)
    assert log.evaluate(AT_END)


def test_what_came_while_it_was_shut_opens_at_the_last_question(
    browser: Browser, server: str
) -> None:
    page = _on(browser, server, PHONE)
    _ask(page, "一", "你说：一")
    _ask(page, "五个岗位", "先看这5个")
    page.evaluate("sessionStorage.clear()")  # another tab of the same person
    page.reload()
    page.wait_for_function("document.querySelector('jiuye-chat').filled")
    page.get_by_role("button", name="问就业顾问").click()
    log = page.get_by_role("log")
    assert _is_in_sight(log.locator(".person").last, log)
    assert not _is_in_sight(log.locator(".person").first, log)


def test_another_page_of_a_site_is_not_covered_on_a_phone(browser: Browser, server: str) -> None:
    page = opened(browser, viewport=PHONE)
    page.goto(f"{server}/demo/")
    page.get_by_role("button", name="问就业顾问").click()
    page.goto("about:blank")
    page.goto(f"{server}/demo/")
    expect(page.get_by_role("button", name="问就业顾问")).to_be_visible()


@pytest.mark.parametrize("change", ["large", "turned", "narrow"])
def test_large_type_and_turning_the_phone_keep_the_place(
    browser: Browser, server: str, change: str
) -> None:
    page = _on(browser, server, PHONE)
    _ask(page, "卡片", "先问资格")
    log = _ask(page, "长", "失业保险金")
    log.evaluate("(log) => { log.scrollTop = log.scrollHeight * 0.5 }")
    page.wait_for_timeout(200)
    number, _ = log.evaluate(FIRST)
    if change == "large":
        page.get_by_role("button", name="大字").click()
    else:
        page.set_viewport_size(LANDSCAPE if change == "turned" else SMALL)
    page.wait_for_timeout(300)
    top, height = log.evaluate(STANDS, number)
    assert -10 < top < min(height, 120)


def test_at_the_end_large_type_and_turning_stay_at_the_end(browser: Browser, server: str) -> None:
    page = _on(browser, server, PHONE)
    _ask(page, "长", "失业保险金")
    log = _ask(page, "卡片", "先问资格")
    page.get_by_role("button", name="大字").click()
    page.wait_for_timeout(200)
    assert log.evaluate(AT_END)
    page.set_viewport_size(LANDSCAPE)
    page.wait_for_timeout(300)
    assert log.evaluate(AT_END)


def test_the_buttons_of_the_head_grow_with_the_type(browser: Browser, server: str) -> None:
    page = _on(browser, server, SMALL)
    for name in ("大字", "更多", "收起对话"):
        button = page.get_by_role("button", name=name)
        before = button.bounding_box()
        page.get_by_role("button", name="大字").click()
        after = button.bounding_box()
        page.get_by_role("button", name="大字").click()
        assert before is not None
        assert after is not None
        assert after["height"] > before["height"]
        assert after["x"] + after["width"] <= 320


def test_offline_what_is_said_stands_there_and_is_sent_once(
    page_there: Page, start: Start, port: int, tmp_path: Path
) -> None:
    page = page_there
    log = page.get_by_role("log")
    with start(port, str(tmp_path)) as url:
        page.goto(f"{url}/chat/")
        _ask(page, "一", "你说：一")
    expect(page.locator("jiuye-chat[offline]")).to_be_attached(timeout=10_000)
    say(page, "二")
    mine = log.locator(".person").last
    expect(mine).to_contain_text("二")
    expect(mine.get_by_text("还没发出去，连上就发")).to_be_visible()
    with start(port, str(tmp_path)):
        expect(log).to_contain_text("你说：二", timeout=20_000)
        expect(mine.get_by_text("还没发出去")).to_be_hidden()
        assert log.locator(".person").all_inner_texts() == ["一", "二"]
        assert log.inner_text().count("你说：二") == 1
        page.reload()
        expect(log).to_contain_text("你说：二")
        assert log.locator(".person").all_inner_texts() == ["一", "二"]


@pytest.fixture
def page_there(browser: Browser) -> Page:
    return opened(browser)


def test_what_was_not_sent_outlives_a_reload_and_an_echo_that_was_lost(
    page_there: Page, server: str
) -> None:
    page, log = page_there, page_there.get_by_role("log")
    # The page's own words are not sent, as if the net had swallowed them.
    page.add_init_script(
        "const send = WebSocket.prototype.send; window.mute = sessionStorage.mute === '1';"
        "WebSocket.prototype.send = function (data) {"
        " if (!(window.mute && String(data).includes('user_uttered'))) send.call(this, data); };"
    )
    page.goto(f"{server}/chat/")
    _ask(page, "一", "你说：一")
    page.evaluate("window.mute = true")
    say(page, "二")
    expect(log.locator(".person").last).to_contain_text("二")
    page.evaluate("window.mute = false")
    page.reload()
    expect(log).to_contain_text("你说：二")
    assert log.locator(".unsent").count() == 0
    page.reload()
    expect(log).to_contain_text("你说：二")
    assert log.inner_text().count("你说：二") == 1
    assert page.evaluate("sessionStorage.getItem('jiuye-unsent')") == "[]"


def test_what_came_too_fast_is_shown_as_not_sent_and_can_be_sent_again(
    page_there: Page, server: str
) -> None:
    page, log = page_there, page_there.get_by_role("log")
    page.goto(f"{server}/chat/")
    _ask(page, "零", "你说：零")
    page.evaluate(
        "for (let n = 1; n <= 22; n++) document.querySelector('jiuye-chat').send(`第${n}句。`)"
    )
    again = log.get_by_role("button", name="再发")
    expect(again.first).to_be_visible(timeout=15_000)
    wait_until(lambda: log.locator(".held").count() == again.count() >= 2)
    page.wait_for_timeout(11_000)  # as long as too much counts
    count = again.count()
    again.first.click()
    expect(again).to_have_count(count - 1)
    expect(log.locator(".unsent:not(.held)")).to_have_count(0)


def test_each_card_bears_its_number_and_its_button(page_there: Page, server: str) -> None:
    page = page_there
    page.goto(f"{server}/chat/")
    log = _ask(page, "五个岗位", "先看这5个")
    cards = log.get_by_role("article")
    for n in range(1, 6):
        card = cards.nth(n - 1)
        expect(card.get_by_role("heading")).to_contain_text(f"{n}. 物业小区")
        expect(card.get_by_role("button", name=f"第{n}个")).to_be_visible()
    assert log.get_by_role("button", name="第1个").count() == 1
    cards.nth(3).get_by_role("button", name="第4个").click()
    expect(log).to_contain_text("请到区人社局或当地就业服务窗口联系")
    # 第4个 is of the last list: an older one has no buttons that would open another's.
    _ask(page, "五个岗位", "先看这5个")
    expect(log.get_by_role("button", name="第4个")).to_have_count(1)
    expect(cards.last.get_by_role("button", name="第5个")).to_be_visible()


def test_a_card_says_one_reason_one_warning_date_and_source_and_folds_the_rest(
    browser: Browser, server: str
) -> None:
    page = _on(browser, server, PHONE)
    log = _ask(page, "五个岗位", "先看这5个")
    card = log.get_by_role("article").nth(2)
    expect(card.get_by_text("做保安员，对口")).to_be_visible()
    expect(card.get_by_text("注意：没写是不是日结，去之前问清楚")).to_be_visible()
    expect(card).to_contain_text("来自市公共招聘网，没写日期")
    expect(card.get_by_text("没写管住")).to_be_hidden()
    card.get_by_text("还有5条").click()
    expect(card.get_by_text("没写管住")).to_be_visible()
    expect(card.get_by_text("单位：沈阳某某物业")).to_be_visible()
    expect(log.get_by_role("article").nth(1)).to_contain_text("来自jobs，2023-12-05发布")
    closed = [one.bounding_box() for one in log.get_by_role("article").all() if one != card]
    assert all(box and box["height"] <= 240 for n, box in enumerate(closed) if n != 2)


def test_one_posting_says_nothing_twice_and_folds_out_whole(page_there: Page, server: str) -> None:
    page = page_there
    page.goto(f"{server}/chat/")
    log = _ask(page, "第4个详细说说", "岗位全文")
    row = log.locator(".row.bot").last
    assert row.inner_text().count("物业小区夜班保安员（4班）") == 1
    assert row.inner_text().count("3000-4000元") == 1
    row.get_by_text("岗位全文").click()
    expect(row.get_by_text("站岗、巡逻。" * 90, exact=True)).to_be_visible()


@pytest.fixture
def staffed(tmp_path: Path) -> str:
    """A folder whose database knows a counsellor."""
    with session(sqlite_copy("empty", tmp_path / "web.db")) as db:
        add(db, "王老师", "long enough for a test")
    return str(tmp_path)


def test_the_banner_goes_with_the_ticket(page_there: Page, port: int, staffed: str) -> None:
    page, banner = page_there, page_there.get_by_label("人工服务")
    with running(port, staffed, JIUYE_OFFICE_HOURS=ALWAYS) as url:
        page.goto(f"{url}/chat/")
        _ask(page, "转人工", "告诉工作人员了")
        expect(banner).to_contain_text("已告诉工作人员，等他来")
        _ask(page, "失业金", "你说：失业金")
        banner.get_by_role("button", name="不等了").click()
        expect(banner).to_be_hidden()
        expect(page.get_by_label("想问什么")).to_be_focused()


def test_the_banner_says_when_somebody_comes(page_there: Page, port: int, staffed: str) -> None:
    with running(port, staffed, JIUYE_OFFICE_HOURS=NEVER) as url:
        page_there.goto(f"{url}/chat/")
        say(page_there, "转人工")
        banner = page_there.get_by_label("人工服务")
        expect(banner).to_contain_text("0:00上班后在这里回你")


def test_sources_that_are_opened_come_into_sight(browser: Browser, server: str) -> None:
    page = _on(browser, server, PHONE)
    log = _ask(page, "长", "先办失业登记")
    log.get_by_text("依据", exact=True).click()
    page.wait_for_timeout(300)
    assert _is_in_sight(log.get_by_role("button", name="复制出处"), log)


@pytest.mark.parametrize("width", [900, 1000, 1280])
def test_the_open_box_covers_nothing_of_the_page(browser: Browser, server: str, width: int) -> None:
    page = opened(browser, viewport={"width": width, "height": 800})
    page.goto(f"{server}/chat/")
    box = page.locator("jiuye-chat .box").bounding_box()
    assert box
    for text in page.locator("h1, section").all():
        its = text.bounding_box()
        if its and text.evaluate("(one) => one.getRootNode() === document"):
            right = text.evaluate(
                "(one) => { const r = document.createRange(); r.selectNodeContents(one);"
                " return r.getBoundingClientRect().right }"
            )
            assert right <= box["x"]


def test_on_a_tablet_it_begins_shut(browser: Browser, server: str) -> None:
    page = opened(browser, viewport=TABLET)
    page.goto(f"{server}/chat/")
    expect(page.get_by_role("button", name="问就业顾问")).to_be_visible()


@pytest.mark.parametrize("large", [False, True])
def test_a_turned_phone_leaves_room_for_the_talk(
    browser: Browser, server: str, large: bool
) -> None:
    page = _on(browser, server, LANDSCAPE)
    if large:
        page.get_by_role("button", name="大字").click()
    log = page.get_by_role("log").bounding_box()
    assert log
    assert log["height"] >= (250 if large else 270)


def test_votes_stand_under_answers_and_not_under_chat(page_there: Page, server: str) -> None:
    page = page_there
    page.goto(f"{server}/chat/")
    log = _ask(page, "闲聊", "不客气")
    expect(log.get_by_role("button", name="没用")).to_have_count(0)
    _ask(page, "卡片", "先问资格")
    expect(log.get_by_role("button", name="没用")).to_have_count(1)


def test_no_use_asks_why_once_and_the_reason_is_kept(
    page_there: Page, server: str, web_folder: str
) -> None:
    page = page_there
    page.goto(f"{server}/chat/")
    log = _ask(page, "卡片", "先问资格")
    log.get_by_role("button", name="没用").click()
    why = log.get_by_role("group", name="哪儿没用")
    expect(why).to_be_visible()
    assert _is_in_sight(why, log)
    why.get_by_role("button", name="看不懂").click()
    expect(page.get_by_role("status")).to_have_text("记下了。")
    log.get_by_role("button", name="没用").click()
    expect(why).to_have_count(1)
    seq = int(log.locator("[data-seq]").last.get_attribute("data-seq") or 0)

    def kept() -> tuple[str, str | None]:
        with session(f"sqlite:///{web_folder}/web.db") as db:
            query = select(AnswerVote.vote, AnswerVote.why).where(AnswerVote.message == seq)
            return tuple(db.execute(query).one())  # type: ignore[return-value]

    page.wait_for_timeout(500)
    assert kept() == ("down", "unclear")
    log.get_by_role("button", name="有用").click()
    expect(why).to_have_count(0)
    page.wait_for_timeout(500)
    assert kept() == ("up", None)


def test_deleting_stands_away_from_the_field(page_there: Page, server: str) -> None:
    page = page_there
    page.goto(f"{server}/chat/")
    delete, more = (page.get_by_role("button", name=name) for name in ("删掉我的信息", "更多"))
    expect(delete).to_be_hidden()
    more.click()
    expect(more).to_have_attribute("aria-expanded", "true")
    field, its = page.get_by_label("想问什么").bounding_box(), delete.bounding_box()
    assert field is not None
    assert its is not None
    assert field["y"] - its["y"] - its["height"] > 200
    delete.click()
    expect(delete).to_be_hidden()
    expect(page.get_by_role("log")).to_contain_text("你说：删掉我的信息")


@pytest.mark.parametrize("path", ["chat", "demo", "desk"])
def test_the_console_is_quiet_and_there_is_an_icon(
    browser: Browser, server: str, path: str
) -> None:
    page = opened(browser, bypass_csp=False)
    complaints: list[str] = []
    page.on("console", lambda said: complaints.append(said.text) if said.type == "error" else None)
    page.goto(f"{server}/{path}/")
    page.wait_for_timeout(500)
    icon = page.locator("link[rel=icon]").get_attribute("href") or ""
    assert page.request.get(f"{server}/{path}/{icon}" if icon[:1] != "/" else server + icon).ok
    # Who has not logged in at the desk is told so.
    assert [one for one in complaints if "401" not in one] == []


#: The element that has the focus, through shadow roots.
FOCUSED = """() => {
  let at = document.activeElement;
  while (at && at.shadowRoot && at.shadowRoot.activeElement) at = at.shadowRoot.activeElement;
  return at ? (at.getAttribute("aria-label") || at.textContent).trim() : "";
}"""


def test_tab_goes_as_one_reads(page_there: Page, server: str) -> None:
    page = page_there
    page.goto(f"{server}/chat/")
    _ask(page, "选择", "鞍山的")
    page.get_by_role("button", name="大字").focus()
    order = [page.evaluate(FOCUSED)]
    for _ in range(11):
        page.keyboard.press("Tab")
        order.append(page.evaluate(FOCUSED))
    assert order[:4] == ["大字", "更多", "收起对话", "对话"]
    assert order[-4:] == ["沈阳的", "鞍山的", "想问什么", "发送"]

"""From the chat and from a telephone to the state in the database, in a real browser."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect
from sqlalchemy import select

from bot.bootstrap import load_duties
from bot.casework import roles
from bot.casework.areas import load_localities
from bot.db.session import session
from bot.db.tables import AuditEntry, Posting, PostingDecision, Ticket
from bot.handoff.accounts import add
from bot.settings import ROOT, settings
from bot.unanswered.record import record_question
from tests.channels.browsing import AXE, browser, opened, say, started_browser
from tests.channels.conftest import chromium, running
from tests.conftest import _free_port
from tests.console.test_console_browser import _answers
from tests.databases import sqlite_copy
from tests.waiting import wait_until

pytestmark = pytest.mark.browser
__all__ = ["browser", "chromium", "started_browser"]
PASSWORD = "示范密码一二三四五六"
STAFF = (
    ("王老师", "counsellor", "210106"), ("李经办", "community", "210106001"),
    ("审岗员", "reviewer", "210106"), ("编辑", "editor", "21"),
)  # fmt: skip


@pytest.fixture
def office(tmp_path: Path) -> Iterator[tuple[str, Path]]:
    """The address of a console with staff, and the folder of its database, web.db."""
    url = sqlite_copy("stocked", tmp_path / "web.db")
    with session(url) as db:
        load_duties(settings(), db)
        load_localities(db)
        for name, role, area in STAFF:
            roles.grant(db, None, add(db, name, PASSWORD).id, role, area)
        record_question(db, "no_policy", "取暖费补贴找谁领", "210106")
    port = _free_port()
    environment = {**os.environ, "DATABASE_URL": url, "JIUYE_SECRET": "only for tests"}
    command = [sys.executable, "-m", "bot.console.server", str(port)]
    process = subprocess.Popen(command, cwd=ROOT, env=environment)
    address = f"http://127.0.0.1:{port}"
    try:
        wait_until(lambda: _answers(address))
        yield address, tmp_path
    finally:
        process.terminate()
        process.wait(60)


def _entered(browser: Browser, address: str, name: str, width: int = 1000) -> Page:
    page = opened(browser, viewport={"width": width, "height": 740})
    page.goto(f"{address}/login")
    page.get_by_label("名字").fill(name)
    page.get_by_label("密码").fill(PASSWORD)
    page.keyboard.press("Enter")
    # A login takes its time on purpose, and more of it on a busy machine.
    expect(page.get_by_role("link", name=name)).to_be_visible(timeout=30_000)
    return page


def _in_order(page: Page) -> None:
    """Nothing that axe finds, and nothing that sticks out of the window."""
    page.add_script_tag(path=str(AXE))
    found = page.evaluate("axe.run()")["violations"]
    assert [f"{one['id']}: {one['nodes'][0]['html'][:150]}" for one in found] == []
    assert not page.evaluate("document.documentElement.scrollWidth > innerWidth")


def test_a_hand_off_of_the_chat_is_closed_in_the_console(
    browser: Browser, office: tuple[str, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    address, folder = office
    with running(_free_port(), str(folder)) as chat:
        seeker = browser.new_context(locale="zh-CN").new_page()
        seeker.goto(f"{chat}/chat/")
        say(seeker, "转人工")
        heard = seeker.get_by_role("log")
        expect(heard).to_contain_text("12333")
        page = _entered(browser, address, "王老师", 360)
        page.get_by_role("link", name="1个工单等人接").click()
        _in_order(page)
        page.get_by_role("link", name="要找人").click()
        page.get_by_role("button", name="我来接").click()
        expect(heard).to_contain_text("工作人员王老师来了", timeout=20_000)
        page.get_by_label("写给求职者").fill("您在哪个区？")
        page.get_by_role("button", name="发出").click()
        expect(heard).to_contain_text("王老师：您在哪个区？", timeout=20_000)
        _in_order(page)
        page.get_by_label("结果").select_option(label="解决了")
        page.get_by_role("button", name="结束工单").click()
        expect(page.get_by_role("status")).to_have_text("办完了。")
        expect(heard).to_contain_text("结束了这次对话", timeout=20_000)
        seeker.close()
    monkeypatch.setenv("JIUYE_SECRET", "only for tests")
    settings.cache_clear()
    with session(f"sqlite:///{folder / 'web.db'}") as db:
        ticket = db.scalars(select(Ticket)).one()
        assert (ticket.state, ticket.result, ticket.closed_by) == ("closed", "solved", "counsellor")
        steps = select(AuditEntry.action).where(AuditEntry.object_kind == "ticket")
        assert {"view", "take", "reply", "close"} <= set(db.scalars(steps))


def test_a_posting_is_entered_on_a_telephone_and_published_by_another_one(
    browser: Browser, office: tuple[str, Path]
) -> None:
    address, folder = office
    page = _entered(browser, address, "李经办", 360)
    page.get_by_role("link", name="岗位").click()
    page.get_by_role("link", name="录入一个岗位").click()
    _in_order(page)
    page.get_by_label("岗位名称").fill("保洁员")
    page.get_by_label("单位名称").fill("示范物业")
    page.get_by_label("薪资").fill("3000-3500元/月")
    page.get_by_label("联系电话").fill("024-12345678")
    page.get_by_role("button", name="保存，等审核").click()
    expect(page.get_by_role("status")).to_contain_text("等另一个人审核")
    _in_order(page)
    review = _entered(browser, address, "审岗员")
    review.goto(f"{address}/postings")
    _in_order(review)
    review.get_by_role("link", name="保洁员").click()
    _in_order(review)
    review.get_by_label("放行的理由").fill("电话核实过")
    review.get_by_role("button", name="放行").click()
    expect(review.get_by_role("status")).to_contain_text("审完了")
    editor = _entered(browser, address, "编辑", 360)
    editor.get_by_role("link", name="没答上").click()
    _in_order(editor)
    editor.get_by_role("link", name="取暖费补贴找谁领").click()
    _in_order(editor)
    with session(f"sqlite:///{folder / 'web.db'}") as db:
        assert db.scalars(select(Posting.status)).all() == ["open"]
        decision = db.scalars(select(PostingDecision)).one()
        assert (decision.counsellor, decision.reason) == ("审岗员", "电话核实过")

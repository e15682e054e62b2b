"""Seeker and counsellor in two real browsers, and who gets nothing at the desk."""

from __future__ import annotations

import json
import urllib.error
import urllib.request
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from bot.db.session import session
from bot.handoff.accounts import add
from tests.channels.browsing import AXE, browser, say, started_browser
from tests.channels.conftest import running
from tests.databases import sqlite_copy

pytestmark = pytest.mark.browser
__all__ = ["browser", "started_browser"]
PASSWORD = "long enough for a test"
ALWAYS, NEVER = "1-7 0:00-24:00 +holidays", "1-1 0:00-0:01"


@pytest.fixture
def folder(tmp_path: Path) -> str:
    url = sqlite_copy("empty", tmp_path / "web.db")
    with session(url) as db:
        add(db, "王老师", PASSWORD)
    return str(tmp_path)


def _open(browser: Browser, address: str) -> Page:
    page = browser.new_context(bypass_csp=True, locale="zh-CN").new_page()
    page.goto(address)
    return page


def _log_in(page: Page) -> None:
    page.get_by_label("名字").fill("王老师")
    page.get_by_label("密码").fill(PASSWORD)
    page.get_by_label("密码").press("Enter")
    expect(page.get_by_role("heading", name="等着的")).to_be_visible()


def _axe(page: Page) -> list[str]:
    page.add_script_tag(path=str(AXE))
    return [
        f"{v['id']}: {v['nodes'][0]['html'][:150]}"
        for v in page.evaluate("axe.run()")["violations"]
    ]


def test_one_conversation_in_two_browsers_outlives_a_restart(
    browser: Browser, folder: str, port: int
) -> None:
    with running(port, folder, JIUYE_OFFICE_HOURS=NEVER) as server:
        seeker = _open(browser, f"{server}/chat/")
        say(seeker, "转人工")
        heard = seeker.get_by_role("log")
        expect(heard).to_contain_text("上班后在这里回你")
        expect(heard).to_contain_text("12333")
        say(seeker, "等的时候问一句")
        expect(heard).to_contain_text("你说：等的时候问一句")
        desk = _open(browser, f"{server}/desk/")
        assert _axe(desk) == []
        _log_in(desk)
        desk.get_by_role("button", name="1号 要找人").click()
        expect(desk.get_by_role("log")).to_contain_text("等的时候问一句")
        desk.get_by_role("button", name="接过来").click()
        expect(heard).to_contain_text("工作人员王老师来了")
        expect(seeker.get_by_label("人工服务")).to_contain_text("王老师")
        say(seeker, "我的工资没发")
        expect(desk.get_by_role("log")).to_contain_text("我的工资没发")
        assert _axe(desk) == []
        desk.get_by_label("回复").fill("您在哪个区？")
        desk.get_by_role("button", name="发送").click()
        expect(heard).to_contain_text("工作人员王老师：您在哪个区？")
        expect(heard).not_to_contain_text("你说：我的工资没发")
    with running(port, folder, JIUYE_OFFICE_HOURS=NEVER):
        say(seeker, "铁西的")
        expect(desk.get_by_role("log")).to_contain_text("铁西的", timeout=20_000)
        expect(heard).not_to_contain_text("你说：铁西的")
        seeker.reload()
        expect(heard).to_contain_text("工作人员王老师：您在哪个区？", timeout=20_000)
        desk.get_by_role("button", name="结束", exact=True).click()
        expect(heard).to_contain_text("结束了这次对话")
        say(seeker, "谢谢")
        expect(heard).to_contain_text("你说：谢谢")


def _call(url: str, body: object = None, **headers: str) -> tuple[int, object, str]:
    data = None if body is None else json.dumps(body).encode()
    request = urllib.request.Request(url, data, {"Content-Type": "application/json", **headers})
    try:
        with urllib.request.urlopen(request, timeout=10) as answer:
            return answer.status, json.load(answer), answer.headers.get("Set-Cookie", "")
    except urllib.error.HTTPError as refused:
        return refused.code, json.load(refused), ""


def test_a_forged_cookie_a_missing_token_and_a_foreign_page_get_nothing(
    folder: str, port: int
) -> None:
    with running(port, folder) as server:
        api, ours = f"{server}/desk/api", {"Origin": server}
        given = {"name": "王老师", "password": PASSWORD}
        assert _call(f"{api}/login", given, Origin="http://evil.example")[0] == 400
        status, me, cookie = _call(f"{api}/login", given, **ours)
        assert status == 200
        assert isinstance(me, dict)
        assert "HttpOnly" in cookie
        assert "SameSite=Strict" in cookie
        mine = cookie.split(";")[0]
        assert _call(f"{api}/tickets", Cookie=mine)[0] == 200
        for forged in ("", "jiuye_desk=1.1.x", mine[:-4] + "0000", mine.replace("=1.", "=2.")):
            assert _call(f"{api}/tickets", Cookie=forged)[0] == 401
            assert _call(f"{api}/talk?ticket=1", Cookie=forged)[0] == 401
        body, token = {"ticket": 1}, str(me["csrf"])
        assert _call(f"{api}/take", body, Cookie=mine, **ours)[0] == 403
        assert (
            _call(f"{api}/take", body, Cookie=mine, **ours, **{"X-CSRF-Token": "0" * 64})[0] == 403
        )
        foreign = {"X-CSRF-Token": token, "Origin": "http://evil.example"}
        assert _call(f"{api}/take", body, Cookie=mine, **foreign)[0] == 403
        assert _call(f"{api}/take", body, Cookie=mine, **ours, **{"X-CSRF-Token": token})[0] == 404
        tries = [_call(f"{api}/login", {**given, "password": "x"}, **ours)[0] for _ in range(6)]
        assert tries[0] == 401
        assert tries[-1] == 429

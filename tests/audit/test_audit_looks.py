"""Whoever of the staff looks at a person leaves a row: at the desk, by commands; sessions end."""

from __future__ import annotations

import json
import sys
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from bot import clock
from bot.audit.chain import entries, subject_digest, verify
from bot.casework_accounts import second_factor
from bot.commands.postings import app as postings
from bot.commands.privacy import app as privacy
from bot.db.session import session
from bot.handoff.accounts import add, sign_out
from bot.handoff.session_tokens import Signer
from bot.handoff.tickets import Case, Line, open_ticket
from bot.seekers.identity import seeker_of
from tests.casework.codes import code_of
from tests.channels.conftest import SERVER
from tests.channels.edge_server import Served, serving
from tests.conftest import _free_port

PASSWORD, PHONE = "long enough for a test", "+8613842310975"


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    port = _free_port()
    command = [sys.executable, str(SERVER), str(port)]
    with serving(tmp_path_factory.mktemp("looks"), command, port) as running:
        with session(running.database) as db:
            add(db, "王老师", PASSWORD)
            open_ticket(db, Case("web", "web-abcdefgh12345678", "asked", [Line("seeker", "帮我")]))
        yield running


class Browser:
    """What a counsellor's browser does."""

    def __init__(self, url: str) -> None:
        self._url, self.cookie, self.csrf = url, "", ""

    def call(self, path: str, body: Any = None, cookie: str = "") -> tuple[int, Any]:
        data = None if body is None else json.dumps(body).encode()
        headers = {
            "Content-Type": "application/json", "Origin": self._url,
            "Cookie": f"jiuye_desk={cookie or self.cookie}", "X-CSRF-Token": self.csrf,
        }  # fmt: skip
        request = urllib.request.Request(f"{self._url}/desk/api/{path}", data, headers)
        try:
            with urllib.request.urlopen(request, timeout=20) as got:
                given = got.headers.get("Set-Cookie", "")
                if given.startswith("jiuye_desk="):
                    self.cookie = given.partition("=")[2].partition(";")[0].strip('"')
                return got.status, json.load(got)
        except urllib.error.HTTPError as refused:
            return refused.code, json.load(refused)

    def log_in(self) -> None:
        status, answer = self.call("login", {"name": "王老师", "password": PASSWORD})
        assert status == 200
        self.csrf = answer["csrf"]


def test_opening_a_ticket_and_each_act_on_it_leave_a_row(served: Served) -> None:
    browser = Browser(served.url)
    browser.log_in()
    assert browser.call("talk?ticket=1&after=0")[0] == 200
    assert browser.call("talk?ticket=1&after=1")[0] == 200  # asked for what is new: no look
    assert browser.call("take", {"ticket": 1})[0] == 200
    assert browser.call("talk?ticket=99&after=0")[0] == 404
    with session(served.database) as db:
        rows = entries(db, "ticket", "1")
        assert [(row.action, row.actor) for row in rows] == [
            ("take", "counsellor:1"),
            ("view", "counsellor:1"),
        ]
        assert all(row.purpose for row in rows)
        assert not entries(db, "ticket", "99")
        assert verify(db).intact


def test_logging_out_ends_the_session_wherever_its_cookie_is_kept(served: Served) -> None:
    browser, copied = Browser(served.url), Browser(served.url)
    browser.log_in()
    copied.cookie = browser.cookie
    assert copied.call("me")[0] == 200
    stolen = browser.cookie
    assert browser.call("logout", {})[0] == 200
    assert copied.call("me", cookie=stolen)[0] == 401
    browser.log_in()
    assert browser.call("me")[0] == 200
    assert copied.call("me", cookie=stolen)[0] == 401


def test_a_session_from_before_the_last_logout_does_not_hold(here: str) -> None:
    signer = Signer(b"only for tests")
    with session() as db:
        me = add(db, "李老师", PASSWORD)
    cookie = signer.session(me)
    assert signer.is_valid(cookie, me)
    with session() as db:
        sign_out(db, me.id)
    from bot.handoff.accounts import by_id

    with session() as db:
        now = by_id(db, me.id)
    assert now is not None
    assert not signer.is_valid(cookie, now)
    assert signer.is_valid(signer.session(now), now)


def test_who_tries_passwords_from_elsewhere_does_not_keep_the_right_person_out(
    tmp_path: Path,
) -> None:
    port = _free_port()
    command = [sys.executable, str(SERVER), str(port)]
    with serving(tmp_path, command, port, SANIC_PROXIES_COUNT="1") as running:
        with session(running.database) as db:
            add(db, "王老师", PASSWORD)

        def log_in(password: str, address: str) -> int:
            body = json.dumps({"name": "王老师", "password": password}).encode()
            headers = {
                "Content-Type": "application/json", "Origin": running.url,
                "X-Forwarded-For": address,
            }  # fmt: skip
            request = urllib.request.Request(f"{running.url}/desk/api/login", body, headers)
            try:
                with urllib.request.urlopen(request, timeout=20) as got:
                    return int(got.status)
            except urllib.error.HTTPError as refused:
                return refused.code

        tries = [log_in("wrong", "203.0.113.9") for _ in range(7)]
        assert tries == [401] * 5 + [429] * 2
        assert log_in(PASSWORD, "203.0.113.10") == 200


def test_export_and_erasing_leave_rows_that_name_nobody(here: str, tmp_path: Path) -> None:
    with session() as db:
        number = seeker_of(db, "sms", PHONE).id
        open_ticket(db, Case("sms", "+8613900001111", "asked"))
    run = CliRunner().invoke
    file = str(tmp_path / "data.json")
    assert run(privacy, ["export", PHONE, file, "--why", "本人来窗口要"]).exit_code == 0
    assert run(privacy, ["export", "+8613900001111", file]).exit_code == 0
    assert run(privacy, ["erase", PHONE, "--yes"]).exit_code == 0
    assert run(privacy, ["erase", PHONE, "--yes"]).exit_code == 1  # nobody: no look
    with session() as db:
        rows = entries(db, "seeker", str(number))[:2]
        assert [(row.action, row.purpose) for row in rows] == [
            ("erase", "本人要求删除"),
            ("export", "本人来窗口要"),
        ]
        (by_address,) = entries(db, "address", subject_digest("+8613900001111"))
        assert by_address.action == "export"
        shown = "".join(f"{row.object_id} {row.purpose}" for row in entries(db, limit=20))
        assert "138" + "42310975" not in shown
        assert verify(db).intact


def test_a_shortlist_of_a_district_leaves_a_row(here: str, tmp_path: Path) -> None:
    run = CliRunner().invoke(
        postings, ["shortlist", str(tmp_path / "list.csv"), "--district", "210106"]
    )
    assert run.exit_code == 0, run.output
    with session() as db:
        row = entries(db, "seeker", limit=1)[0]
        assert (row.action, row.scope, row.purpose) == ("shortlist", "210106", "人岗匹配推荐")


def test_the_desk_asks_for_the_code_of_a_second_factor(served: Served) -> None:
    with session(served.database) as db:
        number = add(db, "钱老师", PASSWORD).id
        key = second_factor.begin(db, number, "钱老师").key
        verdict, recovery = second_factor.confirm(db, number, code_of(key, clock.now()))
        assert verdict == "ok"
    browser = Browser(served.url)
    given = {"name": "钱老师", "password": PASSWORD}
    status, answer = browser.call("login", given)
    assert (status, "验证码" in answer["error"]) == (401, True)
    assert browser.call("login", {**given, "code": "12345"})[0] == 401
    assert browser.call("login", {**given, "code": recovery[0]})[0] == 200
    assert browser.call("login", {**given, "code": recovery[0]})[0] == 401

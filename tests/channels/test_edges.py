"""What stands in docs/edges.md and is not tested with its channel: production, configuration."""

from __future__ import annotations

import json
import re
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.channels.sms.channel import SmsInput
from bot.channels.sms.gateway import Gateway
from bot.channels.wechat.account import WeChatAccount
from bot.channels.wechat.channel import WeChatInput
from bot.settings import ROOT, SettingErrors, Settings
from tests.channels.edge_server import Served, serving
from tests.channels.wechat.conftest import SETTINGS
from tests.channels.wechat.fake_api import FakeApi
from tests.channels.wechat.platform import Platform


@pytest.fixture(scope="module")
def production(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    settings = {**SETTINGS, "JIUYE_WECHAT_MODE": "safe", "JIUYE_PRODUCTION": "1"}
    with serving(tmp_path_factory.mktemp("production"), **settings) as server:
        yield server


def _status(url: str | urllib.request.Request, body: bytes | None = None) -> int:
    try:
        with urllib.request.urlopen(url, body, timeout=10) as answer:
            return int(answer.status)
    except urllib.error.HTTPError as refused:
        return refused.code


def test_rest_is_shut_in_production(production: Served) -> None:
    body = json.dumps({"sender": "anna", "message": "您好"}).encode()
    assert _status(f"{production.url}/webhooks/rest/webhook", body) in (404, 405)


def test_a_channel_without_settings_has_no_address(production: Served) -> None:
    assert _status(f"{production.url}/webhooks/sms/mo?id=1&from=13800138000&text=a") == 404


def test_rasas_management_api_is_nowhere(production: Served) -> None:
    for path in ("status", "conversations/anna/tracker", "model/parse", "domain"):
        assert _status(f"{production.url}/{path}") == 404


async def test_only_what_is_encrypted_is_taken_in_safe_mode(production: Served) -> None:
    platform = Platform(f"{production.url}/webhooks/wechat", FakeApi(), "plain")
    (refused,) = await platform.say("o1", "您好")
    assert refused.status == 403
    platform.mode = "safe"
    (taken,) = await platform.say("o1", "您好")
    assert taken.text == "你说：您好"


async def test_without_the_setting_nobody_is_given_to_the_platforms_desk(
    production: Served,
) -> None:
    platform = Platform(f"{production.url}/webhooks/wechat", FakeApi(), "safe")
    (answer,) = await platform.say("o3", "转人工")
    assert "12333" in answer.text


async def test_a_flood_of_forged_requests_is_told_to_wait_and_genuine_ones_pass(
    production: Served,
) -> None:
    platform = Platform(f"{production.url}/webhooks/wechat", FakeApi(), "safe")
    forged = [
        (await platform.raw(platform.query() | {"signature": "0" * 40}, b"<xml/>"))[0]
        for _ in range(40)
    ]
    assert forged[0] == 403
    assert forged[-1] == 429
    (taken,) = await platform.say("o2", "您好")
    assert taken.text == "你说：您好"


def test_a_long_body_is_refused_by_rest(tmp_path: Path) -> None:
    with serving(tmp_path) as server:
        body = json.dumps({"sender": "anna", "message": "字" * 40_000}).encode()
        assert _status(f"{server.url}/webhooks/rest/webhook", body) == 413
        short = json.dumps({"sender": "anna", "message": "字" * 4_000}).encode()
        assert _status(f"{server.url}/webhooks/rest/webhook", short) == 200


def _refused(**environment: str) -> str:
    with pytest.raises(SettingErrors) as refused:
        Settings.from_environment(environment)
    return str(refused.value)


def test_an_account_that_is_set_in_part_is_refused_at_the_start() -> None:
    assert WeChatAccount.from_settings(Settings()) is None
    assert WeChatInput(None).account is None
    account = {"JIUYE_WECHAT_APPID": "wx1", "JIUYE_WECHAT_TOKEN": "t"}
    assert WeChatAccount.from_settings(Settings.from_environment(account)) is not None
    assert "JIUYE_WECHAT_TOKEN is missing" in _refused(JIUYE_WECHAT_APPID="wx1")
    needed = "JIUYE_WECHAT_AES_KEY is missing: JIUYE_WECHAT_MODE=safe needs it"
    assert _refused(**account, JIUYE_WECHAT_MODE="safe") == needed
    wrong = "JIUYE_WECHAT_MODE is 'sometimes': needed is any or safe"
    assert _refused(**account, JIUYE_WECHAT_MODE="sometimes") == wrong


def test_a_gateway_that_anybody_could_call_is_refused_at_the_start() -> None:
    assert Gateway.from_settings(Settings()) is None
    assert SmsInput(None).gateway is None
    open_to_all = {"JIUYE_SMS_SENDSMS": "http://127.0.0.1:1", "JIUYE_HOST": "0.0.0.0"}
    assert "JIUYE_SMS_KEY is missing" in _refused(**open_to_all)
    using = Settings.from_environment({**open_to_all, "JIUYE_SMS_KEY": "k"})
    assert Gateway.from_settings(using) is not None


@pytest.mark.parametrize("proxies", ["", "1"])
def test_without_a_key_nobody_is_taken_for_kannel_through_a_proxy_of_this_machine(
    tmp_path: Path, proxies: str
) -> None:
    given = {"JIUYE_SMS_SENDSMS": "http://127.0.0.1:1/cgi-bin/sendsms"}
    with serving(tmp_path, **given, **({"SANIC_PROXIES_COUNT": proxies} if proxies else {})) as it:
        mo = f"{it.url}/webhooks/sms/mo?id=1&text=a"
        assert _status(mo) == 200
        for header in ("X-Forwarded-For", "X-Real-IP", "Forwarded", "Via"):
            forwarded = urllib.request.Request(mo, headers={header: "203.0.113.9"})
            assert _status(forwarded) == 403, header


def test_a_flood_of_wrong_keys_is_told_to_wait_and_kannel_passes(tmp_path: Path) -> None:
    given = {"JIUYE_SMS_SENDSMS": "http://127.0.0.1:1/cgi-bin/sendsms", "JIUYE_SMS_KEY": "right"}
    with serving(tmp_path, **given) as server:
        mo = f"{server.url}/webhooks/sms/mo?id=1&text=a&key="
        flood = [_status(f"{mo}wrong") for _ in range(40)]
        assert (flood[0], flood[-1]) == (403, 429)
        assert _status(f"{mo}right") == 200


def test_a_flood_from_another_machine_is_told_to_wait_by_rest(tmp_path: Path) -> None:
    far = {"X-Forwarded-For": "203.0.113.9", "Content-Type": "application/json"}
    with serving(tmp_path, SANIC_PROXIES_COUNT="1") as server:
        url = f"{server.url}/webhooks/rest/webhook"
        body = json.dumps({"sender": "anna", "message": "您好"}).encode()
        flood = [_status(urllib.request.Request(url, body, far)) for _ in range(60)]
        assert flood[:50] == [200] * 50
        assert flood[-1] == 429
        assert _status(urllib.request.Request(url, body)) == 200


def _rows() -> list[str]:
    text = (ROOT / "docs" / "edges.md").read_text(encoding="utf-8")
    return [line for line in text.splitlines() if line.startswith("|")][2:]


def test_every_row_of_the_docs_names_a_test_that_there_is() -> None:
    there = " ".join(
        name
        for file in (ROOT / "tests").rglob("test_*.py")
        for name in re.findall(r"def (test_\w+)", file.read_text(encoding="utf-8"))
    )
    for row in _rows():
        named = re.findall(
            r"[a-z0-9]+(?:_[a-z0-9]+)+(?=…|[,)])|foreign_key", row.rsplit("(", 1)[-1]
        )
        assert named or "tests/seekers/test_account_linking.py" in row, row
        for name in named:
            assert name in there, name


def test_the_tables_of_the_docs_name_every_status_that_is_given() -> None:
    table = "\n".join(_rows())
    for status in ("400", "401", "403", "404", "413", "429"):
        assert status in table

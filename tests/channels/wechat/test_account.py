"""The official account as the settings describe it."""

from __future__ import annotations

import pytest

from bot.channels.wechat.account import WeChatAccount
from bot.setting_types import MessageTemplate
from bot.settings import SettingErrors, Settings

GIVEN = {
    "JIUYE_WECHAT_APPID": "wx1",
    "JIUYE_WECHAT_TOKEN": "t",
    "JIUYE_WECHAT_SECRET": "s",
}
KEY = "a" * 43


def _account(**changed: str) -> WeChatAccount | None:
    changes = {f"JIUYE_WECHAT_{name}": value for name, value in changed.items()}
    return WeChatAccount.from_settings(Settings.from_environment({**GIVEN, **changes}))


def test_without_an_id_there_is_none() -> None:
    assert WeChatAccount.from_settings(Settings.from_environment({})) is None


@pytest.mark.parametrize(
    ("changed", "named"),
    [
        ({"TOKEN": ""}, "JIUYE_WECHAT_TOKEN"),
        ({"MODE": "plain"}, "JIUYE_WECHAT_MODE"),
        ({"MODE": "safe"}, "JIUYE_WECHAT_AES_KEY"),
        ({"NOTICE": "AbC"}, "JIUYE_WECHAT_NOTICE"),
        ({"TEMPLATE": ":thing1"}, "JIUYE_WECHAT_TEMPLATE"),
    ],
)
def test_one_that_is_set_in_part_is_refused_by_name(changed: dict[str, str], named: str) -> None:
    with pytest.raises(SettingErrors, match=named):
        _account(**changed)


def test_both_keys_are_read_and_safe_means_encrypted_only() -> None:
    account = _account(MODE="safe", AES_KEY=KEY, OLD_AES_KEY="b" * 43)
    assert account is not None
    assert (len(account.ciphers), account.only_encrypted) == (2, True)


def test_a_template_has_id_and_field() -> None:
    account = _account(NOTICE="AbC:thing1", API="https://api.example/")
    assert account is not None
    assert account.notice == MessageTemplate("AbC", "thing1")
    assert (account.template, account.desk, account.only_encrypted) == (None, False, False)
    assert account.api == "https://api.example"

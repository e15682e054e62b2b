"""The official account as the settings describe it."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from bot.channels.wechat.account import Account, Template
from bot.settings import Settings

GIVEN: dict[str, Any] = {"wechat_app_id": "wx1", "wechat_token": "t", "wechat_secret": "s"}
KEY = "a" * 43


def _account(**changed: Any) -> Account | None:
    return Account.from_settings(replace(Settings(), **{**GIVEN, **changed}))


def test_without_an_id_there_is_none() -> None:
    assert _account(wechat_app_id="") is None


@pytest.mark.parametrize(
    ("changed", "named"),
    [
        ({"wechat_token": ""}, "JIUYE_WECHAT_TOKEN"),
        ({"wechat_mode": "plain"}, "JIUYE_WECHAT_MODE"),
        ({"wechat_mode": "safe"}, "JIUYE_WECHAT_AES_KEY"),
        ({"wechat_notice": "AbC"}, "JIUYE_WECHAT_NOTICE"),
        ({"wechat_template": ":thing1"}, "JIUYE_WECHAT_TEMPLATE"),
    ],
)
def test_one_that_is_set_in_part_is_refused_by_name(changed: dict[str, Any], named: str) -> None:
    with pytest.raises(ValueError, match=named):
        _account(**changed)


def test_both_keys_are_read_and_safe_means_encrypted_only() -> None:
    account = _account(wechat_mode="safe", wechat_aes_key=KEY, wechat_old_aes_key="b" * 43)
    assert account is not None
    assert (len(account.ciphers), account.only_encrypted) == (2, True)


def test_a_template_has_id_and_field() -> None:
    account = _account(wechat_notice="AbC:thing1", wechat_api="https://api.example/")
    assert account is not None
    assert account.notice == Template("AbC", "thing1")
    assert (account.template, account.desk, account.only_encrypted) == (None, False, False)
    assert account.api == "https://api.example"

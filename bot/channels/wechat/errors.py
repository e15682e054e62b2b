"""Errors of the WeChat channel.

WeChatError
├── NotGenuine        a request that the platform did not sign, or that is old or repeated
├── NotDecipherable   an encrypted body that no key of ours opens
└── NotReadable       a body that is not one of the platform's messages
"""

from __future__ import annotations

from dataclasses import replace

from bot.delivery.outcome import Quota, Refused, Retry


class WeChatError(Exception):
    """Base of all that is wrong with a request of the platform."""


class NotGenuine(WeChatError):
    """The signature, the timestamp or the nonce is not right."""


class NotDecipherable(WeChatError):
    """No key opens the body."""


class NotReadable(WeChatError):
    """The body is no message."""


#: Codes that mean: the access token is not (or no longer) valid. Renew once, try once.
TOKEN_CODES = frozenset((40001, 40014, 42001, 41001))

#: What each code of the API means for the one send (developers.weixin.qq.com, return codes).
_CODES: dict[int, Retry | Quota | Refused] = {
    -1: Retry("the platform is busy"),
    45011: Retry("too many calls a minute"),
    40001: Retry("access token invalid", soon=False),
    40014: Retry("access token invalid", soon=False),
    41001: Retry("access token missing", soon=False),
    42001: Retry("access token expired", soon=False),
    45009: Quota("the day's quota of calls is used up"),
    45015: Quota("the person last wrote too long ago"),
    45047: Quota("more messages than one of the person's allows"),
    40003: Refused("no such openid", unreachable=True),
    43004: Refused("the person does not follow the account", unreachable=True),
    48002: Refused("the person takes no messages", unreachable=True),
    43101: Refused("the person has not agreed to this notice"),
    40013: Refused("wrong appid"),
    40125: Refused("wrong appsecret"),
    40164: Refused("our address is not on the account's white list"),
    40037: Refused("no such template"),
    44004: Refused("empty message"),
    45002: Refused("message too long"),
    45008: Refused("too many articles"),
    47001: Refused("the platform could not read the JSON"),
    48001: Refused("the account may not use this call"),
    50002: Refused("the account is limited"),
}  # fmt: skip


def outcome_of(code: int) -> Retry | Quota | Refused:
    """Return what an error code means; an unknown one is final, so that nothing loops."""
    outcome = _CODES.get(code)
    if outcome is None:
        return Refused(f"error {code}", code)
    return replace(outcome, code=code)

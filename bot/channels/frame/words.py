"""Words that a channel answers itself, before the bot: linking channels, stopping pushes."""

from __future__ import annotations

import re

_LINK = re.compile(r"^\s*(?:绑定|关联)\s*(?:账号|微信|手机|短信|码|验证码)?\s*[:：]?\s*$")
_CODE = re.compile(r"^\s*(?:绑定|关联)(?:码)?\s*[:：]?\s*((?:\d[\s-]?){8})\s*$")
#: What carriers ask every sender to understand, and how people write it.
_STOP = re.compile(
    r"^\s*(?:回复?)?(?:退订|td|t|取消|取消订阅|停止|stop)[回复]?[\s。.!！]*$", re.IGNORECASE
)


def asks_for_code(text: str) -> bool:
    """Return whether a text asks for a code to link another channel."""
    return bool(_LINK.match(text))


def typed_code(text: str) -> str | None:
    """Return the code that a text brings along (关联 1234 5678), None when none."""
    found = _CODE.match(_narrow(text))
    return re.sub(r"\D", "", found.group(1)) if found else None


def is_stop(text: str) -> bool:
    """Return whether a text is one of the words that stop pushes by SMS."""
    return bool(_STOP.match(_narrow(text)))


def is_command(text: str) -> bool:
    """Return whether a channel answers a text itself."""
    return asks_for_code(text) or typed_code(text) is not None or is_stop(text)


def _narrow(text: str) -> str:
    """Return full-width letters and digits as plain ones (ＴＤ)."""
    return "".join(chr(ord(c) - 0xFEE0) if "！" <= c <= "～" else c for c in text)

"""Words that a channel answers itself, before the bot: linking channels, stopping pushes."""

from __future__ import annotations

import re

#: Over a narrow text without blanks.
_LINK = re.compile(r"(?:绑定|关联)(?:账号|微信|手机|短信|码|验证码)?[:：]?")
_CODE = re.compile(r"(?:绑定|关联)码?[:：]?((?:\d-?){8})")
#: What carriers ask every sender to understand, and how people write it.
_STOP = re.compile(
    r"(?:回复?)?(?:退订|td|t|取消|取消订阅|停止|stop)[回复]?[。.!！]{0,9}", re.IGNORECASE
)
#: TD within the words that people put around a request: 麻烦TD, 你好，TD, 我要TD了谢谢.
_POLITE_STOP = re.compile(
    r"(?:(?:你好|您好|喂|麻烦(?:你|您)?|请(?:你|您)?|那|就|我|俺|咱|想|要|申请|帮我|给我|直接|现在|回复?)[,，。!！、~]?){0,6}"
    r"td(?:[了吧啊呀哈哦呗]){0,2}"
    r"(?:[,，。.!！、~]|谢谢(?:你|您)?了?|多谢|感谢|谢了|麻烦(?:你|您)?了?|辛苦了?|(?:别|不要|不用)再?发了?){0,6}",
    re.IGNORECASE,
)
#: Characters beyond which a text is no command.
_MAX_COMMAND_CHARS = 40


def asks_for_code(text: str) -> bool:
    """Return whether a text asks for a code to link another channel."""
    return bool(_LINK.fullmatch(_narrow(text)))


def typed_code(text: str) -> str | None:
    """Return the code that a text brings along (关联 1234 5678), None when none."""
    match = _CODE.fullmatch(_narrow(text))
    return re.sub(r"\D", "", match.group(1)) if match else None


def is_stop(text: str) -> bool:
    """Return whether a text is one of the words that stop pushes by SMS."""
    narrow = _narrow(text)
    return bool(_STOP.fullmatch(narrow) or _POLITE_STOP.fullmatch(narrow))


def is_command(text: str) -> bool:
    """Return whether a channel answers a text itself."""
    return asks_for_code(text) or typed_code(text) is not None or is_stop(text)


def _narrow(text: str) -> str:
    """Return a text without blanks, full-width letters and digits as plain ones (ＴＤ).

    Empty for one that is too long to be a command.
    """
    text = text.strip()
    if len(text) > _MAX_COMMAND_CHARS:
        return ""
    plain = (chr(ord(c) - 0xFEE0) if "！" <= c <= "～" else c for c in text)
    return "".join(c for c in plain if not c.isspace())

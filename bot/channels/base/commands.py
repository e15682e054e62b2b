"""Words that a channel answers itself, before the bot: linking channels, stopping pushes."""

from __future__ import annotations

import re

from bot.text.pattern_file import patterns

_PATTERNS = patterns("channel_commands")
#: Characters beyond which a text is no command.
_MAX_COMMAND_CHARS = 40


def asks_for_code(text: str) -> bool:
    """Return whether a text asks for a code to link another channel."""
    return bool(_PATTERNS["link"].fullmatch(_narrow(text)))


def typed_code(text: str) -> str | None:
    """Return the code that a text brings along (关联 1234 5678), None when none."""
    match = _PATTERNS["code"].fullmatch(_narrow(text))
    return re.sub(r"\D", "", match.group(1)) if match else None


def is_stop(text: str) -> bool:
    """Return whether a text is one of the words that stop pushes by SMS."""
    narrow = _narrow(text)
    return any(_PATTERNS[name].fullmatch(narrow) for name in ("stop", "polite_stop"))


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

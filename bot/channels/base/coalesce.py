"""Several short lines of one person, sent while an earlier one was being answered, read as one."""

from __future__ import annotations

import re
from collections.abc import Sequence

from bot.channels.base.commands import is_command
from bot.messaging.reply_choices import choice_number

#: Characters of a line that is a part of a thought, and of all that is put together.
MAX_PART_CHARS, MAX_JOINED_CHARS = 16, 60
_ENDED = re.compile(r"[。！!？?；;…]\s{0,9}$")


def coalesce(texts: Sequence[str]) -> list[list[int]]:
    """Return which of the lines belong together: groups of their indexes, in order.

    我想找活 / 大连 / 会计 are one wish. A line that is a sentence of its own, a number that
    chooses, or a word that the channel itself answers stands alone.
    """
    groups: list[list[int]] = []
    size = 0
    for index, text in enumerate(texts):
        part = _is_part(text)
        if (
            part
            and groups
            and _is_part(texts[groups[-1][-1]])
            and size + len(text) <= MAX_JOINED_CHARS
        ):
            groups[-1].append(index)
            size += len(text)
        else:
            groups.append([index])
            size = len(text)
    return groups


def join_lines(texts: Sequence[str]) -> str:
    """Return lines as one text."""
    return "，".join(text.strip().rstrip("，,、") for text in texts)


def _is_part(text: str) -> bool:
    text = text.strip()
    return (
        0 < len(text) <= MAX_PART_CHARS
        and not _ENDED.search(text)
        and choice_number(text) is None
        and not is_command(text)
    )

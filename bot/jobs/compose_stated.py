"""What is answered to a question about one posting: what it states, and which posting it is."""

from __future__ import annotations

from collections.abc import Sequence

from bot.jobs.stated import Stated
from bot.messages import Button, Message, PostingItem

_ASK = "去之前先问清楚。"
#: What is unknown of these can be asked of nobody at the other end.
_NOT_TO_ASK = ("contact", "apply", "link", "published", "source", "trust")


def told(found: PostingItem, all_stated: Sequence[Stated]) -> Message:
    """Say what a posting states of each question; then what to mind, and where it comes from."""
    lines = [_line(one) for one in all_stated]
    if any(not one.known and one.asked.id not in _NOT_TO_ASK for one in all_stated):
        lines[-1] += _ASK
    said = "".join(lines)
    lines += [f"⚠ {warning}" for warning in found.warnings if warning not in said]
    lines.append(_which(found))
    rules = [one.asked.more for one in all_stated if one.asked.more]
    buttons = [*rules[:1], "存一下", "再来几个"]
    return Message(
        act="refine_job", text="\n".join(lines), buttons=[Button(one, one) for one in buttons]
    )


def _line(one: Stated) -> str:
    if not one.known:
        return f"{one.asked.unknown}。"
    parts = ["、".join(one.fields)] if one.fields else []
    if one.quotes:
        quoted = "；".join(one.quotes).rstrip("。")
        parts.append(f"它写的是“{quoted}”" if one.fields else f"“{quoted}”")
    return f"{one.asked.name}：{'。'.join(parts)}。"


def _which(found: PostingItem) -> str:
    return f"说的是“{found.title}”（{found.employer}，{found.origin}）。"

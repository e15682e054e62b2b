"""What is answered to a question about one posting: what it states, and which posting it is."""

from __future__ import annotations

from collections.abc import Sequence

from bot.jobs.stated import Stated
from bot.messages import Button, Message, PostingItem
from bot.text.posting_questions import PostingQuestion

_ASK = "去之前先问清楚。"
#: Characters of what one posting of a list states.
_MOST = 60
#: Begins what one posting does not state.
_THIS_ONE = "这条"
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
    rules = [one.asked.rule_question for one in all_stated if one.asked.rule_question]
    buttons = [*rules[:1], "存一下", "再来几个"]
    return Message(
        act="refine_job", text="\n".join(lines), buttons=[Button(one, one) for one in buttons]
    )


def told_of_all(
    asked: Sequence[PostingQuestion], found: Sequence[tuple[PostingItem | None, Sequence[Stated]]]
) -> Message:
    """Say of a whole list what its postings state of each question, those that state none in one.

    A posting that is gone is left out.
    """
    there = [(number, *one) for number, one in enumerate(found, 1) if one[0] is not None]
    lines = [line for at in range(len(asked)) for line in _of_each(at, there)]
    rules = [Button(one.rule_question, one.rule_question) for one in asked if one.rule_question]
    buttons = [Button(f"第{number}个", f"第{number}个详细说说") for number, *_ in there]
    return Message(act="refine_job", text="\n".join(lines), buttons=[*rules[:1], *buttons])


def _of_each(
    at: int, there: Sequence[tuple[int, PostingItem | None, Sequence[Stated]]]
) -> list[str]:
    """Return the lines of one question, the `at`th."""
    lines, silent = [], []
    for number, item, stated in there:
        if at >= len(stated) or not stated[at].known:
            silent.append(str(number))
        elif item is not None:
            said = _line(stated[at]).removeprefix(f"{stated[at].asked.name}：")
            lines.append(f"{number}. {item.title}（{item.employer}）：{_short(said)}")
    questions = [stated[at].asked for _, _, stated in there if at < len(stated)]
    if not questions:
        return lines
    asked = questions[0]
    if not silent:
        return [f"{asked.name}：", *lines]
    hint = "" if asked.id in _NOT_TO_ASK else _ASK
    if not lines:
        return [f"这几个：{asked.unknown.removeprefix(_THIS_ONE)}。{hint}"]
    return [f"{asked.name}：", *lines, f"第{'、'.join(silent)}个：没写。{hint}"]


def _short(said: str) -> str:
    return said if len(said) <= _MOST else f"{said[:_MOST]}……"


def _line(one: Stated) -> str:
    if not one.known:
        return f"{one.asked.unknown}。"
    parts = ["、".join(one.fields)] if one.fields else []
    if one.quotes:
        quoted = "；".join(one.quotes).rstrip("。")
        parts.append(f"它写的是“{quoted}”" if one.fields else f"“{quoted}”")
    if one.fits is not None:
        parts.append(one.asked.value_texts["fits" if one.fits else "beyond"])
    return f"{one.asked.name}：{'。'.join(parts)}。"


def _which(found: PostingItem) -> str:
    return f"说的是“{found.title}”（{found.employer}，{found.origin}）。"

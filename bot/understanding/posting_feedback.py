"""Feedback on a posting that was shown: 第一个投了, 没意思, 已经招满, 存一下.

The posting meant is read elsewhere (bot/text/chinese_numbers.py).
All texts are normalised ones; the patterns stand in data/vocab/posting_feedback.yml.
"""

from __future__ import annotations

from typing import Literal

from bot.settings import settings
from bot.text.pattern_file import Patterns, read_patterns
from bot.text.questions import asks_or_not

#: Kinds of feedback on a posting.
FeedbackKind = Literal["applied", "dull", "full", "save", "report"]

_FILE = "posting_feedback.yml"
#: The kinds in the order in which they are tried.
_KINDS: tuple[FeedbackKind, ...] = ("report", "full", "applied", "save", "dull")


def posting_feedback(text: str, refers_to_posting: bool) -> FeedbackKind | None:
    """Return what a text says of a posting, None when it says nothing of one.

    `refers_to_posting` is true when the message names one (第二个不要): then plain refusals count
    too.
    """
    patterns = _patterns()
    for kind in _KINDS:
        matches = (
            _says_filled(text, refers_to_posting)
            if kind == "full"
            else bool(patterns[kind].search(text))
        )
        if matches:
            return kind
    return "dull" if refers_to_posting and patterns["not_this"].search(text) else None


def _says_filled(text: str, refers_to_posting: bool) -> bool:
    """Tell whether a posting is said to be filled.

    The message must name it, tell of a visit or call, or say nothing else. The writer's own lost
    work is none, nor is a question.
    """
    patterns = _patterns()
    hit = patterns["full"].search(text)
    if hit is None or patterns["own_work"].search(text):
        return False
    if text[hit.end() :].lstrip("了啦啊").startswith("?") or asks_or_not(_without_grumbles(text)):
        return False
    return refers_to_posting or reports_visit(text) or bool(patterns["only_full"].search(text))


def _without_grumbles(text: str) -> str:
    """Return a text without what sounds like a question and asks nothing: 招满了咋还挂着."""
    return _patterns()["grumbles"].sub(" ", text).rstrip("?! ")


def reports_visit(text: str) -> bool:
    """Tell whether a text reports a visit or a call: 我去了 人说早招满了."""
    return bool(_patterns()["was_there"].search(text))


def mentions_service(text: str) -> bool:
    """Tell whether it is an office that told, or a public post or allowance: 街道说没名额了."""
    return bool(_patterns()["of_service"].search(text))


def means_those_named(text: str) -> bool:
    """Tell whether 都行 is said of the few trades just named, not of any: 这几个都行."""
    return bool(_patterns()["those_named"].search(text))


def is_of_an_earlier_list(text: str) -> bool:
    """Tell whether a posting of an earlier time is spoken of: 上回你们推的那家."""
    return bool(_patterns()["earlier"].search(text))


def asks_for_more(text: str) -> bool:
    """Tell whether the list is to go on, whatever else is said."""
    return bool(_patterns()["more"].search(text))


def only_asks_for_more(text: str) -> bool:
    """Tell whether a message says that the list is to go on, and nothing else."""
    patterns = _patterns()
    remainder = patterns["more"].sub("", text)
    return asks_for_more(text) and not patterns["beside_more"].sub("", remainder)


def asks_for_more_than_these(text: str) -> bool:
    """Tell whether others than those of the list are asked for: 除了这几个还有啥."""
    patterns = _patterns()
    remainder = patterns["more_than_these"].sub("", text)
    return bool(patterns["more_than_these"].search(text)) and only_asks_for_more(remainder)


def asks_for_saved(text: str) -> bool:
    """Tell whether the postings that the person saved are asked for."""
    return bool(_patterns()["saved"].search(text))


def asks_for_preference(text: str) -> bool:
    """Tell whether the person asks which job they said they want."""
    return bool(_patterns()["wish"].search(text))


def _patterns() -> Patterns:
    return read_patterns(settings().data_file("vocab", _FILE))

"""Aspects of a policy that a message asks for, without questions for permission."""

from __future__ import annotations

from typing import Any

from bot.calculators.clause_patterns import clauses, sum_patterns
from bot.text.pattern_file import patterns as read_patterns
from bot.turns.turn import Turn

_WHETHER_ALLOWED = read_patterns("aspect_questions")["whether_allowed"]


def aspects_asked(turn: Turn) -> list[dict[str, Any]]:
    """Return the aspects that a message asks for; 能一次性领完吗 asks not for the conditions."""
    return [
        aspect for aspect in turn.of_kind("aspect") if not _asks_of_something_else(turn, aspect)
    ]


def _asks_of_something_else(turn: Turn, aspect: dict[str, Any]) -> bool:
    remainder = turn.text[int(aspect["start"]) :]
    if aspect["value"] != "who" or not _WHETHER_ALLOWED.match(remainder):
        return False
    return not sum_patterns()["only_whether"].search(next(iter(clauses(remainder)), ""))

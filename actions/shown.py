"""Which of the postings that a person was shown he means."""

from __future__ import annotations

import re
from typing import Any

from actions.turn import Turn
from bot.text.normalise import normalise

_THIS = re.compile(r"这(?:家|个|单位|公司|岗位|活)|那(?:家|个|单位|公司|岗位|活)|它")


def shown(turn: Turn) -> list[int]:
    """Return the ids of the postings of the last list."""
    return [int(one) for one in turn.slots.get("shown") or ()]


def is_named(turn: Turn) -> bool:
    """Tell whether a message says which posting it is about: 第二个, 这家."""
    return bool(turn.of_kind("ordinal")) or bool(_THIS.search(normalise(turn.text).text))


def meant(turn: Turn) -> int | None:
    """Return the posting meant: by its number, the one last looked at, or the only one shown."""
    of_list = shown(turn)
    numbers = turn.of_kind("ordinal")
    if numbers:
        at = int(numbers[0]["value"])
        at = len(of_list) if at == -1 else at
        return of_list[at - 1] if 0 < at <= len(of_list) else None
    viewed: Any = turn.slots.get("viewed")
    if viewed in of_list:
        return int(viewed)
    return of_list[0] if len(of_list) == 1 else None

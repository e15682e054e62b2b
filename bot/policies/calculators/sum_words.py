"""What a message says that decides between a sum of the person's own and a rule.

The words stand in data/vocab/sums.yml. `says` looks at each clause, `says_before` at what stands
before a figure.
"""

from __future__ import annotations

import re

from bot.settings import settings
from bot.text.normalise import normalise
from bot.text.pattern_file import Patterns, read_patterns

_CLAUSE = re.compile(r"[,，。;；!！?？\s]")


def patterns() -> Patterns:
    """Return the checked patterns by name."""
    return read_patterns(settings().data / "vocab" / "sums.yml")


def clauses(text: str) -> list[str]:
    """Return the clauses of a message, normalised."""
    return [one for one in _CLAUSE.split(normalise(text).text) if one]


def says(name: str, text: str, but: str = "") -> bool:
    """Tell whether a clause says what a pattern means, and not what `but` means."""
    words = patterns()
    return any(
        words[name].search(one) and not (but and words[but].search(one)) for one in clauses(text)
    )


def says_before(name: str, before: str) -> bool:
    """Tell whether what stands before a figure tells what it is."""
    return bool(patterns()[name].search(normalise(before).text))


def words_around(text: str, start: int, end: int) -> tuple[str, str]:
    """Return what stands in the clause of a figure before and behind it, normalised."""
    before, behind = _CLAUSE.split(text[:start])[-1], _CLAUSE.split(text[end:])[0]
    return normalise(before).text, normalise(behind).text

"""Clause patterns that decide between a sum of the person's own and a rule.

The patterns stand in data/vocab/sums.yml. `clause_matches` looks at each clause,
`preceding_matches` at the text in front of a figure.
"""

from __future__ import annotations

import re

from bot.settings import settings
from bot.text.normalise import normalise
from bot.text.pattern_file import Patterns, read_patterns

_CLAUSE = re.compile(r"[,，。;；!！?？\s]")


def sum_patterns() -> Patterns:
    """Return the checked patterns by name."""
    return read_patterns(settings().data_file("vocab", "sums.yml"))


def clauses(text: str) -> list[str]:
    """Return the clauses of a message, normalised."""
    return [clause for clause in _CLAUSE.split(normalise(text).text) if clause]


def clause_matches(name: str, text: str, unless: str = "") -> bool:
    """Tell whether a clause says what a pattern means, and not what `unless` means."""
    words = sum_patterns()
    return any(
        words[name].search(clause) and not (unless and words[unless].search(clause))
        for clause in clauses(text)
    )


def preceding_matches(name: str, preceding: str) -> bool:
    """Tell whether what stands before a figure tells what it is."""
    return bool(sum_patterns()[name].search(normalise(preceding).text))


def clause_around(text: str, start: int, end: int) -> tuple[str, str]:
    """Return the text of a figure's clause before and after it, normalised."""
    preceding, following = _CLAUSE.split(text[:start])[-1], _CLAUSE.split(text[end:])[0]
    return normalise(preceding).text, normalise(following).text

"""What a message asks of stations, fairs and courses (data/vocab/place_questions.yml).

All texts are normalised ones.
"""

from __future__ import annotations

import re

from bot.settings import settings
from bot.text.pattern_file import read_patterns

#: What may be asked of each kind; of several the first counts.
ASPECTS: dict[str, tuple[str, ...]] = {
    "station": ("open_now", "phone", "hours", "functions", "nearest", "where"),
    "fair": (
        "withdraw", "remind", "enrol_for_me", "state", "phone", "openings", "fee", "sign_up",
        "where", "when",
    ),
    "course": (
        "enrol_for_me", "after", "certificate", "ages", "fee", "subsidy", "length", "sign_up",
        "phone", "seats", "nearest", "where", "requirements", "when", "provider",
    ),
}  # fmt: skip
_FILE = "place_questions.yml"


def matches(name: str, text: str) -> bool:
    """Tell whether a text has what a pattern of the file names."""
    return bool(_patterns()[name].search(text))


def aspect_of(kind: str, text: str) -> str | None:
    """Return what a text asks of things of a kind; None when nothing."""
    find = _patterns()
    return next((name for name in ASPECTS[kind] if find[name].search(text)), None)


def _patterns() -> dict[str, re.Pattern[str]]:
    return read_patterns(settings().data / "vocab" / _FILE)

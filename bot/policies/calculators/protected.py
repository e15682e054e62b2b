"""Times in which an employer may not end a contract for want of work or skill (劳动合同法 42)."""

from __future__ import annotations

from functools import lru_cache

from bot.settings import settings
from bot.text.pattern_file import Patterns, read_patterns


@lru_cache(maxsize=1)
def _times() -> Patterns:
    return read_patterns(settings().data / "vocab" / "protected_times.yml")


def protected_time(text: str) -> str | None:
    """Return the time that a normalised message tells of (孕期, 医疗期…); None when of none."""
    return next((time for time, words in _times().items() if words.search(text)), None)

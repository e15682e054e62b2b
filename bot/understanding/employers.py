"""Messages of employers: those who look for workers, and those who ask about their staff."""

from __future__ import annotations

from bot.caches import process_cache
from bot.settings import settings
from bot.text.normalise import normalise
from bot.text.pattern_file import Patterns, read_patterns


def recruits(text: str) -> bool:
    """Tell whether an employer looks for hands in a normalised text: 我想招俩缝纫工."""
    return bool(_patterns()["recruits"].search(text))


@process_cache(size=4096)
def asks_as_employer(text: str) -> bool:
    """Tell whether a text is an employer's: 我店里雇的大姐不想交社保."""
    plain = normalise(text).text
    return recruits(plain) or bool(_patterns()["employs"].search(plain))


def _patterns() -> Patterns:
    return read_patterns(settings().data_file("vocab", "employers.yml"))

"""Times in which an employer may not end a contract for want of work or skill (劳动合同法 42)."""

from __future__ import annotations

from bot.settings import settings
from bot.text.pattern_file import read_patterns

#: Patterns of the file that name no time: they speak against one.
_EXCLUSIONS = ("not_own", "resigns")


def protected_time(text: str) -> str | None:
    """Return the time that a normalised message tells of (孕期, 产期…); None when of none.

    None as well for another person's time (媳妇怀孕了我被开了), or the person resigns.
    """
    patterns = read_patterns(settings().data_file("vocab", "protected_times.yml"))
    if any(patterns[name].search(text) for name in _EXCLUSIONS):
        return None
    times = (name for name in patterns if name not in _EXCLUSIONS)
    return next((name for name in times if patterns[name].search(text)), None)

"""Working times that a person wants or rules out: 日结, 夜班, 只能上午, 不要夜班."""

from __future__ import annotations

from dataclasses import dataclass

from bot.text.negation import is_ruled_out
from bot.text.pattern_file import patterns
from bot.text.text_span import TextSpan

#: Names of the working times of the taxonomy in texts for people.
NAMES = {
    "gig": "日结零工",
    "part_time": "兼职",
    "shift_night": "夜班",
    "shift_day": "白班",
    "full_time": "全职",
}
_PATTERNS = patterns("work_time")


@dataclass(frozen=True)
class WorkTime:
    """A working time named in a message."""

    id: str
    """An id of the taxonomy."""
    negated: bool
    """True when it is ruled out (夜班不要)."""


def extract(text: str) -> list[TextSpan[WorkTime]]:
    """Return the working times of a normalised message."""
    mentions = [
        TextSpan(
            WorkTime(name, is_ruled_out(text, hit.start(), hit.end())),
            hit.start(),
            hit.end(),
            hit.group(),
        )
        for name in NAMES
        for hit in _PATTERNS[name].finditer(text)
    ]
    mentions += [
        TextSpan(WorkTime("shift_night", True), hit.start(), hit.end(), hit.group())
        for hit in _PATTERNS["rotating_shifts"].finditer(text)
        if is_ruled_out(text, hit.start(), hit.end()) or _PATTERNS["weary"].match(text, hit.end())
    ]
    return sorted(mentions, key=lambda mention: mention.start)


def from_posting_text(text: str) -> str | None:
    """Return the working time that a posting's words state, None when they state none."""
    if not _PATTERNS["any_work_time"].search(text):
        return None
    work_times = [mention.value for mention in extract(text) if not mention.value.negated]
    order = ("gig", "part_time", "shift_night", "shift_day", "full_time")
    return next((name for name in order if any(time.id == name for time in work_times)), None)

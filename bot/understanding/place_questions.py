"""Questions on stations, fairs and courses (data/vocab/place_questions.yml).

All texts are normalised ones.
"""

from __future__ import annotations

import re
from datetime import time

from bot.settings import settings
from bot.text.chinese_numbers import value
from bot.text.clauses import clauses
from bot.text.pattern_file import read_patterns

#: Aspects of each kind that may be asked for; of several the first counts.
ASPECTS: dict[str, tuple[str, ...]] = {
    "station": (
        "unreached", "wrong", "other", "open_now", "phone", "hours", "way", "facility", "bring",
        "functions", "nearest", "where",
    ),
    "fair": (
        "withdraw", "calendar", "remind", "enrol_for_me", "state", "phone", "openings", "fee",
        "sign_up", "where", "when", "who",
    ),
    "course": (
        "no_news", "news", "enrol_for_me", "certificate", "length", "after", "ages", "subsidy",
        "fee", "lodging", "phone", "sign_up", "seats", "nearest", "where", "requirements", "when",
        "provider",
    ),
}  # fmt: skip
#: Hours of the clock that are meant of the afternoon where nothing else is said.
_LAST_SMALL_HOUR = 6
_PARTS_OF_HOUR = {"半": 30, "一刻": 15, "三刻": 45}
_FILE = "place_questions.yml"
#: A place that was shared, as bot/channels/wechat/inbound.py writes it.
_SHARED = re.compile(r"我在[^(（]{0,20}[(（](\d{2}\.\d{3}),(\d{3}\.\d{3})[)）]")


def matches(name: str, text: str) -> bool:
    """Tell whether a text has what a pattern of the file names."""
    return bool(_patterns()[name].search(text))


def aspect_of(kind: str, text: str) -> str | None:
    """Return what a text asks of things of a kind; None when nothing."""
    find = _patterns()
    return next((name for name in ASPECTS[kind] if find[name].search(text)), None)


def aspects_of(kind: str, text: str) -> list[tuple[str, str]]:
    """Return what each clause of a text asks of things of a kind, once each: clause and aspect."""
    questions: dict[str, str] = {}
    for start, end in clauses(text):
        aspect = aspect_of(kind, text[start:end])
        if aspect is not None:
            questions.setdefault(aspect, text[start:end])
    return [(clause, aspect) for aspect, clause in questions.items()]


def facility(text: str) -> str | None:
    """Return what a text asks whether a place has: 坡道, 厕所; None when it asks for none."""
    hits = _patterns()["facility"].findall(text)
    return str(hits[-1]) if hits else None  # 我坐轮椅的 有坡道吗


def clock_time(text: str) -> time | None:
    """Return the time of day that a text names (晚上八点, 两点半, 中午); None without one.

    An hour from one to six without a half of the day is of the afternoon: offices are shut before.
    """
    hit = _patterns()["clock"].search(text)
    if hit is None:
        return None
    if hit["noon"] and not hit["hour"]:
        return time(12)
    hour = int(value(hit["hour"]) or 0)
    later = hit["half"] is not None and hit["half"][0] in "下傍晚夜"
    if (later and hour < 12) or (hit["half"] is None and 1 <= hour <= _LAST_SMALL_HOUR):
        hour += 12
    past = hit["past"] or ""
    minute = _PARTS_OF_HOUR.get(past) or (int(past) if past.isdigit() else 0)
    return time(hour, minute) if hour < 24 and minute < 60 else None


def learned_subject(text: str) -> str | None:
    """Return in words what a text asks to learn (电商 of 学电商的班); None when it names none."""
    hit = _patterns()["subject"].search(text)
    return (hit["learned"] or hit["taught"]) if hit else None


def shared_point(text: str) -> tuple[float, float] | None:
    """Return latitude and longitude (GCJ-02) of a place that was shared; None without one."""
    hit = _SHARED.search(text)
    return (float(hit[1]), float(hit[2])) if hit else None


def _patterns() -> dict[str, re.Pattern[str]]:
    return read_patterns(settings().data_file("vocab", _FILE))

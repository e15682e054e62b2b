"""Questions on stations, fairs and courses (data/vocab/place_questions.yml).

All texts are normalised ones.
"""

from __future__ import annotations

import re

from bot.settings import settings
from bot.text.pattern_file import read_patterns

#: Aspects of each kind that may be asked for; of several the first counts.
ASPECTS: dict[str, tuple[str, ...]] = {
    "station": ("open_now", "phone", "hours", "functions", "nearest", "where"),
    "fair": (
        "withdraw", "remind", "enrol_for_me", "state", "phone", "openings", "fee", "sign_up",
        "where", "when", "who",
    ),
    "course": (
        "no_news", "news", "enrol_for_me", "after", "certificate", "ages", "subsidy", "fee",
        "length", "lodging", "phone", "sign_up", "seats", "nearest", "where",
        "requirements", "when", "provider",
    ),
}  # fmt: skip
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

"""The figures of data/listings.yml: days of freshness, paces, how many are listed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bot.caches import process_cache
from bot.places.errors import FiguresError
from bot.settings import settings
from bot.yaml_files import read_yaml

#: The kinds of listings.
KINDS = ("station", "fair", "provider", "course", "directory", "rate")


@dataclass(frozen=True)
class Pace:
    """Speed of a way of travelling."""

    metres_per_minute: float
    detour: float
    """What the straight line is multiplied by."""
    waiting_minutes: float = 0.0


@dataclass(frozen=True)
class PlaceFigures:
    """The figures of the file."""

    fresh_days: Mapping[str, int]
    """By kind: after so many days a row counts as unconfirmed."""
    walking: Pace
    bus: Pace
    walked: int
    """Metres of the straight line up to which one walks."""
    circle_minutes: int
    listed: int
    remind_hour: int
    ahead_days: int
    course_days: int
    """Days for which the wish to hear of new courses is kept."""


def figures() -> PlaceFigures:
    """Return the figures. Raises FiguresError."""
    return _read(settings().data_file("listings.yml"))


@process_cache(size=4)
def _read(file: Path) -> PlaceFigures:
    content: Any = read_yaml(file, allow_empty=True)

    def number(*path: str) -> float:
        node = content
        for step in path:
            node = node.get(step) if isinstance(node, dict) else None
        if isinstance(node, bool) or not isinstance(node, (int, float)) or node <= 0:
            raise FiguresError(file, ".".join(path))
        return node

    walking = Pace(number("walking", "metres_per_minute"), number("walking", "detour"))
    bus = Pace(
        number("bus", "metres_per_minute"),
        number("bus", "detour"),
        number("bus", "waiting_minutes"),
    )
    return PlaceFigures(
        {kind: int(number("fresh_days", kind)) for kind in KINDS},
        walking,
        bus,
        int(number("walked")),
        int(number("circle_minutes")),
        int(number("listed")),
        int(number("remind", "hour")),
        int(number("ahead_days")),
        int(number("course_days")),
    )

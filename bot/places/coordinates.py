"""Points on the map: GCJ-02 and WGS-84, distances, minutes of way, points of regions."""

from __future__ import annotations

import csv
import math
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from bot.caches import process_cache
from bot.places.figures import Pace, figures
from bot.settings import settings
from bot.text.errors import VocabularyError

#: Mean radius of the earth in metres (IUGG).
RADIUS = 6_371_008.8
#: The ellipsoid that GCJ-02 is worked out with: semi-major axis in metres, squared eccentricity.
_AXIS, _ECCENTRICITY = 6_378_245.0, 0.00669342162296594323
#: Steps of the way back from GCJ-02: each makes the error a hundred times smaller.
_STEPS = 6


@dataclass(frozen=True)
class Point:
    """A point in WGS-84."""

    lat: float
    """Degrees north."""
    lon: float
    """Degrees east."""


def to_gcj(point: Point) -> tuple[float, float]:
    """Return latitude and longitude in GCJ-02, in which WeChat and Amap give and take places."""
    x, y = point.lon - 105.0, point.lat - 35.0
    root, pi = math.sqrt(abs(x)), math.pi
    both = (20 * math.sin(6 * x * pi) + 20 * math.sin(2 * x * pi)) * 2 / 3
    north = -100 + 2 * x + 3 * y + 0.2 * y * y + 0.1 * x * y + 0.2 * root + both
    north += (20 * math.sin(y * pi) + 40 * math.sin(y / 3 * pi)) * 2 / 3
    north += (160 * math.sin(y / 12 * pi) + 320 * math.sin(y * pi / 30)) * 2 / 3
    east = 300 + x + 2 * y + 0.1 * x * x + 0.1 * x * y + 0.1 * root + both
    east += (20 * math.sin(x * pi) + 40 * math.sin(x / 3 * pi)) * 2 / 3
    east += (150 * math.sin(x / 12 * pi) + 300 * math.sin(x / 30 * pi)) * 2 / 3
    angle = math.radians(point.lat)
    magic = 1 - _ECCENTRICITY * math.sin(angle) ** 2
    meridian = _AXIS * (1 - _ECCENTRICITY) / (magic * math.sqrt(magic))
    parallel = _AXIS / math.sqrt(magic) * math.cos(angle)
    return point.lat + math.degrees(north / meridian), point.lon + math.degrees(east / parallel)


def from_gcj(lat: float, lon: float) -> Point:
    """Return a point of GCJ-02 in WGS-84, to less than a centimetre."""
    point = Point(lat, lon)
    for _ in range(_STEPS):
        offset_point = to_gcj(point)
        point = Point(point.lat - (offset_point[0] - lat), point.lon - (offset_point[1] - lon))
    return point


def distance(origin: Point, destination: Point) -> float:
    """Return the metres of the straight line between two points (haversine)."""
    north = math.radians(destination.lat - origin.lat) / 2
    east = math.radians(destination.lon - origin.lon) / 2
    cosines = math.cos(math.radians(origin.lat)) * math.cos(math.radians(destination.lat))
    half = math.sin(north) ** 2 + cosines * math.sin(east) ** 2
    return 2 * RADIUS * math.asin(math.sqrt(min(1.0, half)))


@dataclass(frozen=True)
class Way:
    """Way to a place, estimated from the straight line."""

    mode: str
    """walk or bus."""
    minutes: int


def way(metres: float) -> Way:
    """Return the estimated way over so many metres of straight line (data/listings.yml)."""
    using = figures()
    mode, pace = ("walk", using.walking) if metres <= using.walked else ("bus", using.bus)
    return Way(mode, _minutes(metres, pace))


def circle() -> float:
    """Return the metres of straight line that are walked within the 15 minutes of the circle."""
    using = figures()
    return using.circle_minutes * using.walking.metres_per_minute / using.walking.detour


def _minutes(metres: float, pace: Pace) -> int:
    minutes = pace.waiting_minutes + metres * pace.detour / pace.metres_per_minute
    return max(1, math.ceil(minutes))


def region_points() -> Mapping[str, Point]:
    """Return a point within each city and district of the home province, by its code."""
    return _region_points(settings().data_file("vocab", "coordinates.csv"))


@process_cache(size=2)
def _region_points(file: Path) -> Mapping[str, Point]:
    points: dict[str, Point] = {}
    lines = file.read_text(encoding="utf-8").splitlines()
    for number, row in enumerate(csv.reader(lines), 1):
        if not row or row[0].startswith("#") or row[0] == "code":
            continue
        try:
            code, lat, lon = row
            points[code] = Point(float(lat), float(lon))
        except ValueError:
            raise VocabularyError(file, number, "lat", ",".join(row), "is no point") from None
    return points

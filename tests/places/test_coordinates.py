"""The datum converter, distances, and the nearest of many points."""

from __future__ import annotations

import csv
import random
from statistics import median
from time import perf_counter

import pytest

from bot.places.coordinates import Point, circle, distance, from_gcj, region_points, to_gcj, way
from bot.places.nearest import Nearest
from bot.settings import ROOT
from bot.vocabulary.vocabulary import vocabulary
from tests.profiles import size

POINTS = ROOT / "tests" / "data" / "gcj-points.csv"


def _points() -> list[tuple[float, ...]]:
    lines = [line for line in POINTS.read_text("utf-8").splitlines() if line[:1] != "#"]
    return [tuple(map(float, row)) for row in csv.reader(lines)]


def test_the_converter_agrees_with_an_independent_package_within_a_metre() -> None:
    for lat, lon, gcj_lat, gcj_lon in _points():
        there = Point(*to_gcj(Point(lat, lon)))
        assert distance(there, Point(gcj_lat, gcj_lon)) < 1
        assert distance(from_gcj(gcj_lat, gcj_lon), Point(lat, lon)) < 1
        assert distance(there, Point(lat, lon)) > 100  # a shift that matters


def test_distances_of_known_places() -> None:
    shenyang, dalian = Point(41.7996, 123.4312), Point(38.9137, 121.6147)
    assert distance(shenyang, dalian) == pytest.approx(356_500, rel=0.005)
    assert distance(shenyang, shenyang) == 0


@pytest.mark.parametrize(
    ("metres", "by", "minutes"),
    [
        (10, "walk", 1),
        (700, "walk", 13),
        (2000, "walk", 38),
        (2001, "bus", 21),
        (10_000, "bus", 62),
    ],
)
def test_minutes_follow_from_the_paces_of_the_file(metres: float, by: str, minutes: int) -> None:
    found = way(metres)
    assert (found.mode, found.minutes) == (by, minutes)


def test_the_circle_is_what_is_walked_in_its_minutes() -> None:
    assert way(circle()).minutes == 15
    assert way(circle() + 10).minutes == 16


def test_every_city_and_district_has_a_point_near_those_of_its_city() -> None:
    points, words = region_points(), vocabulary()
    home = [c for c, r in words.regions.items() if c.startswith("21") and r.level > 1]
    assert len(home) == 114
    assert sorted(set(home) - points.keys()) == []
    for code in home:
        city = words.city_of(code)
        assert city is not None
        assert distance(points[code], points[city]) < 160_000, words.full_name(code)


def _brute(points: list[tuple[int, Point]], at: Point, count: int) -> list[tuple[int, float]]:
    found = [(distance(at, point), number) for number, point in points]
    return [(number, metres) for metres, number in sorted(found)[:count]]


def test_the_nearest_three_of_five_thousand_are_those_of_a_loop_and_fast() -> None:
    draw = random.Random(5)

    def any_point() -> Point:
        return Point(draw.uniform(38.8, 43.4), draw.uniform(118.9, 125.7))

    points = [(n, any_point()) for n in range(5000)]
    points += [(5000 + n, point) for n, (_, point) in enumerate(points[:50])]  # two at one place
    nearest, spent = Nearest(points), []
    for _ in range(size(60, 10_000)):
        at = any_point() if draw.random() < 0.8 else draw.choice(points)[1]
        begun = perf_counter()
        found = nearest.find(at, 3)
        spent.append(perf_counter() - begun)
        expected = _brute(points, at, 3)
        assert [one.id for one in found] == [number for number, _ in expected]
        for one, (_, metres) in zip(found, expected, strict=True):
            assert one.metres == pytest.approx(metres, abs=0.001)
    assert median(spent) < 0.002


def test_the_nearest_of_few_or_none() -> None:
    assert Nearest([]).find(Point(41, 123), 3) == []
    assert [one.id for one in Nearest([(7, Point(41, 123))]).find(Point(42, 123), 3)] == [7]

"""The nearest of many points."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.places.coordinates import Point, distance
from bot.places.nearest import Nearest

POINTS = st.builds(Point, st.floats(38, 44), st.floats(118, 126))


@given(st.lists(POINTS, max_size=30), POINTS, st.integers(0, 10))
def test_it_is_what_measuring_each_gives(points: list[Point], here: Point, count: int) -> None:
    near = Nearest(list(enumerate(points))).find(here, count)
    ways = sorted(distance(point, here) for point in points)[:count]
    assert [one.metres for one in near] == pytest.approx(ways, abs=0.01)


def test_of_equally_near_ones_the_smaller_id_comes_first() -> None:
    point = Point(41.8, 123.4)
    near = Nearest([(9, point), (3, point), (5, point)]).find(point, 2)
    assert [one.id for one in near] == [3, 5]
    assert len(Nearest([])) == 0

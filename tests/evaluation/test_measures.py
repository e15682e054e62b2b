"""Shares with their intervals."""

from __future__ import annotations

import pytest

from bot.evaluation.measures import Share


def test_a_share_has_an_interval_that_holds_at_the_ends() -> None:
    whole = Share(10, 10)
    assert whole.value == 1
    assert whole.interval is not None
    low, high = whole.interval
    assert 0.7 < low < 0.75
    assert high == pytest.approx(1)
    assert Share().interval is None


def test_more_cases_make_the_interval_narrower() -> None:
    few, many = Share(9, 10).interval, Share(900, 1000).interval
    assert few is not None
    assert many is not None
    assert many[1] - many[0] < few[1] - few[0]

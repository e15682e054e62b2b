"""Cells of offices' sheets as values."""

from __future__ import annotations

from datetime import date, time

import pytest

from bot.places import cells
from bot.places.cells import CellError


@pytest.mark.parametrize(
    ("cell", "day"),
    [("2026-12-05", date(2026, 12, 5)), ("2026年12月5日（周六）", date(2026, 12, 5)),
     ("2026.12.5", date(2026, 12, 5)), ("２０２６－１２－０５", date(2026, 12, 5))],
)  # fmt: skip
def test_a_day(cell: str, day: date) -> None:
    assert cells.day(cell) == day


@pytest.mark.parametrize("cell", ["", "12月5日", "2026-02-30", "周六"])
def test_what_is_no_day_is_refused(cell: str) -> None:
    with pytest.raises(CellError):
        cells.day(cell)


def test_days_stand_once() -> None:
    assert cells.days("2026-12-05、2026-12-06、2026-12-05") == [
        date(2026, 12, 5),
        date(2026, 12, 6),
    ]


@pytest.mark.parametrize(
    ("cell", "span"),
    [("9:00-11:30", (time(9), time(11, 30))), ("上午9点-11点半", (time(9), time(11, 30))),
     ("下午1点-4点", (time(13), time(16))), ("9:00-4:00", (time(9), time(16)))],
)  # fmt: skip
def test_begin_and_end(cell: str, span: tuple[time, time]) -> None:
    assert cells.times(cell) == span


@pytest.mark.parametrize("cell", ["", "上午", "14:00-13:00", "25:00-26:00"])
def test_what_is_no_span_is_refused(cell: str) -> None:
    with pytest.raises(CellError):
        cells.times(cell)


@pytest.mark.parametrize(
    ("cell", "fee"),
    [("免费", 0), ("0元", 0), ("800元", 800), ("1,200元", 1200), ("800-1200元", None)],
)
def test_a_fee_is_plainly_one_sum(cell: str, fee: int | None) -> None:
    assert cells.fee(cell) == fee


@pytest.mark.parametrize(
    ("cell", "ages"),
    [
        ("18-55周岁", (18, 55)),
        ("18周岁以上", (18, None)),
        ("55周岁以下", (None, 55)),
        ("不限", (None, None)),
    ],
)
def test_ages(cell: str, ages: tuple[int | None, int | None]) -> None:
    assert cells.ages(cell) == ages


def test_numbers_and_quarters() -> None:
    assert cells.number("60余家") == 60
    assert cells.number("约1,200个") == 1200
    assert cells.quarter("2026年第四季度") == "2026Q4"
    for read in (cells.number, cells.quarter, cells.amount):
        with pytest.raises(CellError):
            read("若干")


def test_a_point_needs_its_datum_and_lies_in_the_province() -> None:
    row = {"lat": "41.8", "lon": "123.4", "datum": "WGS84"}
    assert cells.place(row).point is not None
    assert cells.place({}) == cells.StatedPoint(None)
    for wrong in ({"datum": ""}, {"lat": "31.8"}, {"lon": "东"}):
        place = cells.place({**row, **wrong})
        assert place.point is None
        assert place.note

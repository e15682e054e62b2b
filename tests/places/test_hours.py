"""Opening hours as offices write them, against a simulation minute by minute."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.clock import CHINA
from bot.places.errors import HoursError
from bot.places.hours import read_hours
from bot.workdays import day_of
from tests.profiles import size

WEEK = "一二三四五六日"


def _at(day: date, hour: int, minute: int = 0) -> datetime:
    return datetime.combine(day, time(hour, minute), CHINA)


@pytest.mark.parametrize(
    ("text", "moment", "is_open"),
    [
        ("周一至周五 8:30-11:30、13:00-17:00", datetime(2026, 11, 24, 11, 29), True),
        ("周一至周五 8:30-11:30、13:00-17:00", datetime(2026, 11, 24, 12, 0), False),
        ("周一至周五 8:30-11:30、13:00-17:00", datetime(2026, 11, 28, 9, 0), False),
        ("工作日上午8:30-11:30,下午1:00-5:00", datetime(2026, 11, 24, 16, 59), True),
        ("星期一到星期五 8点半-11点半 13点-16点半", datetime(2026, 11, 24, 16, 30), False),
        ("每天8:00-20:00，节假日不休", datetime(2026, 10, 1, 9, 0), True),
        ("每天8:00-20:00", datetime(2026, 10, 1, 9, 0), False),
        ("周一、周三、周五9:00—15:00", datetime(2026, 11, 25, 9, 0), True),
        ("周一、周三、周五9:00—15:00", datetime(2026, 11, 26, 9, 0), False),
        ("24小时", datetime(2026, 11, 29, 3, 0), True),
        ("周一至周五8:00-17:00；每月第一个周二下午不办公", datetime(2026, 12, 1, 14, 0), False),
        ("周一至周五8:00-17:00；每月第一个周二下午不办公", datetime(2026, 12, 1, 9, 0), True),
        ("周一至周五8:00-17:00；每月第一个周二下午不办公", datetime(2026, 12, 8, 14, 0), True),
        ("周一至周五8:00-17:00；2026年12月31日休息", datetime(2026, 12, 31, 9, 0), False),
        ("周一至周五8:00-17:00；2026-12-05 9:00-12:00", datetime(2026, 12, 5, 9, 0), True),
        ("5月1日至9月30日 周一至周五 13:30-17:30；10月1日至次年4月30日 周一至周五 13:00-17:00",
         datetime(2026, 11, 24, 13, 10), True),
        ("5月1日至9月30日 周一至周五 13:30-17:30；10月1日至次年4月30日 周一至周五 13:00-17:00",
         datetime(2026, 6, 23, 13, 10), False),
        # 2026-10-10 is a Saturday worked for the National Day (国务院办公厅 notice for 2026).
        ("周一至周五 8:30-17:00", datetime(2026, 10, 10, 9, 0), True),
        ("周一至周五 8:30-17:00；周六 9:00-12:00", datetime(2026, 10, 10, 16, 0), True),
    ],
)  # fmt: skip
def test_what_offices_write_is_read(text: str, moment: datetime, is_open: bool) -> None:
    assert read_hours(text).is_open(moment.replace(tzinfo=CHINA)) is is_open


@pytest.mark.parametrize(
    "text",
    [
        "电话咨询",
        "周一至周五",
        "8:30-17:00",
        "周一至周五 25:00-26:00",
        "周一至周五 9:00-12:00 VIP优先",
    ],
)
def test_what_cannot_be_read_is_refused_whole(text: str) -> None:
    with pytest.raises(HoursError):
        read_hours(text)


def test_next_opening_and_closing() -> None:
    hours = read_hours("周一至周五 8:30-11:30、13:00-17:00")
    assert hours.next_opening(_at(date(2026, 11, 24), 11, 30)) == _at(date(2026, 11, 24), 13)
    assert hours.next_opening(_at(date(2026, 11, 27), 17)) == _at(date(2026, 11, 30), 8, 30)
    assert hours.next_opening(_at(date(2026, 9, 30), 18)) == _at(date(2026, 10, 8), 8, 30)
    assert hours.closes(_at(date(2026, 11, 24), 10)) == time(11, 30)
    assert hours.closes(_at(date(2026, 11, 24), 12)) is None
    assert read_hours("2020-01-01 9:00-10:00").next_opening(_at(date(2026, 1, 1), 0)) is None


PERIODS = st.lists(st.integers(0, 23 * 60 + 59), min_size=2, max_size=6, unique=True).map(
    lambda found: sorted(found)[: len(found) // 2 * 2]
)


@st.composite
def plans(
    draw: st.DrawFn,
) -> tuple[set[int], list[int], list[int], int | None, date, list[int], bool]:
    days = draw(st.sets(st.integers(0, 6), min_size=1))
    return (
        days, draw(PERIODS), draw(PERIODS), draw(st.none() | st.integers(1, 4)),
        draw(st.dates(date(2025, 1, 1), date(2026, 12, 31))), draw(st.just([]) | PERIODS),
        draw(st.booleans()),
    )  # fmt: skip


def _written(periods: list[int]) -> str:
    pairs = zip(periods[::2], periods[1::2], strict=True)
    return "、".join(f"{a // 60}:{a % 60:02d}-{b // 60}:{b % 60:02d}" for a, b in pairs)


def _holds(periods: list[int], minute: int) -> bool:
    return any(a <= minute < b for a, b in zip(periods[::2], periods[1::2], strict=True))


@given(plans(), st.dates(date(2025, 1, 1), date(2026, 12, 31)), st.integers(0, 1439))
@settings(max_examples=size(150, 3000), deadline=None)
def test_open_now_is_what_a_simulation_says(plan, day: date, minute: int) -> None:  # type: ignore[no-untyped-def]
    weekly, usual, saturday, nth, single, special, through = plan
    text = f"{'、'.join('周' + WEEK[d] for d in sorted(weekly))} {_written(usual)}"
    text += f"；周六 {_written(saturday)}"
    if nth:
        text += f"；每月第{WEEK[nth - 1]}个周三下午不办公"
    text += f"；{single.isoformat()} {_written(special) if special else '休息'}"
    text += "；节假日不休" if through else ""
    # Told another way: day by day, minute by minute.
    kind = day_of(day)
    weekday = 0 if not kind.free and day.weekday() >= 5 and not through else day.weekday()
    expected = (weekday in weekly and _holds(usual, minute)) or (
        weekday == 5 and _holds(saturday, minute)
    )
    if nth and day.weekday() == 2 and (day.day - 1) // 7 == nth - 1 and minute >= 720:
        expected = False
    if kind.holiday and not through:
        expected = False
    if day == single:
        expected = _holds(special, minute)
    moment = _at(day, 0) + timedelta(minutes=minute)
    hours = read_hours(text)
    assert hours.is_open(moment) is expected, text
    opening = hours.next_opening(moment)
    if opening is not None:
        assert hours.is_open(opening)
        assert opening > moment

import os
import time
from collections.abc import Iterator
from datetime import date, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.clock import CHINA
from bot.delivery.quiet_hours import QuietHours, is_working_day, may_push, next_allowed

ZONES = st.timezones()
MOMENTS = st.datetimes(
    datetime(2004, 1, 2), datetime(2035, 1, 1), timezones=ZONES, allow_imaginary=False
)


@pytest.fixture
def _host_zone() -> Iterator[None]:
    before = os.environ.get("TZ")
    yield
    if before is None:
        os.environ.pop("TZ", None)
    else:
        os.environ["TZ"] = before
    time.tzset()


@given(moment=MOMENTS)
def test_nothing_may_be_pushed_at_night_in_china_wherever_the_clock_stands(
    moment: datetime,
) -> None:
    hour = (moment.astimezone(timezone.utc) + timedelta(hours=8)).hour
    if may_push(moment, QuietHours(21, 8)):
        assert 8 <= hour < 21


@given(moment=MOMENTS)
def test_the_next_allowed_moment_is_the_first_one_that_is_allowed(moment: datetime) -> None:
    hours = QuietHours(21, 8)
    found = next_allowed(moment, hours)
    assert may_push(found, hours)
    assert found >= moment
    if found > moment:
        assert not may_push(moment, hours)
        assert not may_push(found - timedelta(seconds=1), hours)


@pytest.mark.usefixtures("_host_zone")
@pytest.mark.parametrize(
    "zone", ["America/New_York", "Pacific/Kiritimati", "Europe/Berlin", "Asia/Shanghai"]
)
def test_the_time_zone_of_the_host_and_its_summer_time_do_not_matter(zone: str) -> None:
    os.environ["TZ"] = zone
    time.tzset()
    # The night in which clocks in Berlin and New York change, hour by hour in China's time.
    for start in (datetime(2026, 3, 27, tzinfo=CHINA), datetime(2026, 10, 23, tzinfo=CHINA)):
        allowed = [h for h in range(24) if may_push(start + timedelta(hours=h), QuietHours(21, 8))]
        assert allowed == list(range(8, 21))


@pytest.mark.parametrize(
    ("day", "works"),
    [
        (date(2026, 11, 24), True),
        (date(2026, 11, 28), False),  # a Saturday
        (date(2026, 10, 1), False),  # National Day, a Thursday
        (date(2026, 2, 14), True),  # a Saturday worked for the Spring Festival
        (date(2027, 1, 1), False),  # no notice yet: a Friday
        (date(2033, 10, 3), False),  # no notice yet: National Day by law, a Monday
        (date(2033, 10, 4), True),  # no notice yet: a Tuesday
        (date(2033, 10, 1), False),  # no notice yet: a Saturday
        (date(2027, 2, 5), False),  # New Year's Eve of the lunar calendar, a Friday
        (date(2027, 2, 9), True),  # the day after its third day: what is given off is not known
    ],
)
def test_holidays_are_those_of_the_state_council_or_of_the_law(day: date, works: bool) -> None:
    assert is_working_day(day) is works


def test_nothing_is_pushed_on_new_years_day_before_the_notice_is_known() -> None:
    found = next_allowed(datetime(2026, 12, 31, 22, tzinfo=CHINA), QuietHours(21, 8))
    assert found == datetime(2027, 1, 4, 8, tzinfo=CHINA)


def test_after_the_holidays_the_morning_of_the_first_working_day_is_next() -> None:
    found = next_allowed(datetime(2026, 9, 30, 22, tzinfo=CHINA), QuietHours(21, 8))
    assert found == datetime(2026, 10, 8, 8, tzinfo=CHINA)


def test_quiet_hours_may_also_lie_within_a_day() -> None:
    hours = QuietHours(0, 8)
    assert not hours.contain(datetime(2026, 11, 24, 23, tzinfo=CHINA))
    assert hours.contain(datetime(2026, 11, 24, 7, 59, tzinfo=CHINA))

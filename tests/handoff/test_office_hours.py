"""Office hours: days, lunch, holidays, time between two moments."""

from datetime import datetime, timedelta

from bot import clock
from bot.handoff.office_hours import OfficeHours, opening_text
from bot.setting_parsers import working_week


def _at(month: int, day: int, hour: int) -> datetime:
    return datetime(2026, month, day, hour, tzinfo=clock.CHINA)


def test_office_hours_know_weekends_and_the_national_holiday() -> None:
    hours = OfficeHours.from_week(working_week("1-5 8:30-17:00"))
    assert hours.are_open(_at(11, 25, 10))
    assert not hours.are_open(_at(11, 25, 18))
    assert not hours.are_open(_at(11, 28, 10))
    assert not hours.are_open(_at(10, 1, 10))
    assert hours.next_opening(_at(11, 27, 18)) == _at(11, 30, 8).replace(minute=30)
    assert opening_text(hours.next_opening(_at(11, 25, 18)), _at(11, 25, 18)) == "明天8:30"


def test_the_desk_opens_after_new_years_day_also_before_the_notice_is_known() -> None:
    opening = OfficeHours().next_opening(datetime(2026, 12, 31, 18, tzinfo=clock.CHINA))
    assert opening == datetime(2027, 1, 4, 8, 30, tzinfo=clock.CHINA)


def test_nobody_is_at_the_desk_at_lunch_and_the_afternoon_is_the_next_opening() -> None:
    hours = OfficeHours.from_week(working_week("1-5 8:30-11:30, 13:00-17:00"))
    assert hours.are_open(_at(11, 25, 11))
    assert not hours.are_open(_at(11, 25, 12))
    assert hours.are_open(_at(11, 25, 13))
    assert hours.next_opening(_at(11, 25, 12)) == _at(11, 25, 13)
    assert opening_text(hours.next_opening(_at(11, 25, 12)), _at(11, 25, 12)) == "今天13:00"
    assert hours.next_opening(_at(11, 25, 17)) == _at(11, 26, 8).replace(minute=30)
    assert hours.between(_at(11, 25, 0), _at(11, 26, 0)) == timedelta(hours=7)


def test_a_desk_staffed_day_and_night_is_open_in_the_last_minute_and_on_holidays() -> None:
    hours = OfficeHours.from_week(working_week("1-7 0:00-24:00 +holidays"))
    assert hours.are_open(datetime(2026, 11, 30, 23, 59, 59, tzinfo=clock.CHINA))
    assert hours.are_open(_at(10, 1, 0))
    assert not OfficeHours.from_week(working_week("1-7 0:00-24:00")).are_open(_at(10, 1, 0))


MONDAY = datetime(2026, 11, 23, 10, tzinfo=clock.CHINA)


def test_office_time_leaves_out_nights_and_free_days() -> None:
    hours = OfficeHours()
    assert hours.between(MONDAY, MONDAY + timedelta(hours=3)) == timedelta(hours=3)
    assert hours.between(MONDAY, MONDAY + timedelta(days=1)) == timedelta(hours=8.5)
    friday = MONDAY + timedelta(days=4, hours=6)
    assert hours.between(friday, friday + timedelta(days=3)) == timedelta(hours=8.5)
    assert hours.between(MONDAY, MONDAY - timedelta(hours=1)) == timedelta()

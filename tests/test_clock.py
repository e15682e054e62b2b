from datetime import date, datetime, timezone

from bot import clock


def test_today_is_the_day_in_china_not_in_utc() -> None:
    late_evening_utc = datetime(2026, 12, 31, 18, 0, tzinfo=timezone.utc)
    with clock.frozen(late_evening_utc):
        assert clock.today() == date(2027, 1, 1)


def test_a_frozen_clock_runs_again_afterwards() -> None:
    with clock.frozen(date(2020, 2, 2)):
        assert clock.today() == date(2020, 2, 2)
    assert clock.today() > date(2020, 2, 2)

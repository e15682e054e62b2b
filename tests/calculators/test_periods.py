"""Lengths of service from dates."""

from __future__ import annotations

from datetime import date

import pytest

from bot import clock
from bot.calculators.periods import Service, date_ranges, service_period
from bot.text.normalise import normalise
from bot.understanding.entity_extractor import message_reader


@pytest.mark.parametrize(
    ("began", "ended", "months"),
    [
        ("2020-03-01", "2026-02-28", 72),
        ("2020-03-01", "2026-03-01", 72.5),
        ("2020-03-15", "2020-04-14", 1),
        ("2020-03-15", "2020-04-13", 0.5),
        ("2020-03", "2026-03", 72),
        ("2020", "2026-03-01", 72),
    ],
)
def test_whole_months_and_half_a_month_for_days_beyond(
    began: str, ended: str, months: float
) -> None:
    assert Service(began, ended).months == months


def test_a_year_alone_wants_its_month() -> None:
    assert Service("2020", "2026-03").open_end == "began"
    assert Service("2020-01", "2026").open_end == "ended"
    assert Service("2020-01", "2026-03").open_end is None


@pytest.mark.parametrize(
    ("text", "service"),
    [
        ("2015年3月进厂，2026年10月让我走的", Service("2015-03", "2026-10")),
        ("2015年3月进厂", Service("2015-03", "2026-11-24")),
        ("2026年10月被辞退了", None),
        ("想找个保安的活", None),
    ],
)
def test_the_service_that_a_message_states(text: str, service: Service | None) -> None:
    read = normalise(text).text
    with clock.frozen(date(2026, 11, 24)):
        assert service_period(read, message_reader().read(read)) == service


def test_every_range_of_dates_is_returned() -> None:
    read = normalise("从2008年交到2013年，2015年到2020年又交了").text
    with clock.frozen(date(2026, 11, 24)):
        ranges = date_ranges(read, message_reader().read(read))
    assert [(one.began, one.ended) for one, *_ in ranges] == [("2008", "2013"), ("2015", "2020")]

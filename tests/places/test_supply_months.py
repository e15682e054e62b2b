"""The supply of a month is kept once and changes no more."""

from __future__ import annotations

from datetime import date

import pytest
from typer.testing import CliRunner

from bot.__main__ import app
from bot.db.session import session
from bot.places.supply import supply
from bot.places.supply_months import freeze_month, frozen_months, supply_of_month
from tests.factories import make_posting, saved

FIRST, LATER, NEXT = date(2026, 11, 2), date(2026, 11, 24), date(2026, 12, 1)
NOVEMBER = date(2026, 11, 1)


def _publish(url: str, count: int) -> None:
    with session(url) as db:
        for _ in range(count):
            saved(db, make_posting(published_on=date(2026, 10, 20), valid_until=None))


def test_a_month_counts_its_first_round_and_changes_no_more(committed: str) -> None:
    _publish(committed, 1)
    assert freeze_month(committed, FIRST) == 1
    _publish(committed, 1)
    assert freeze_month(committed, LATER) == 0
    assert freeze_month(committed, NEXT) == 1
    with session(committed) as db:
        assert frozen_months(db) == [NEXT, NOVEMBER]
        frozen_on, lines = supply_of_month(db, NOVEMBER, "210100")
        assert (frozen_on, [line.postings for line in lines]) == (FIRST, [1])
        assert supply_of_month(db, NEXT, "210100")[1] == supply(db, "210100", NEXT)
        assert supply_of_month(db, NOVEMBER, "210200") == (None, [])


def test_a_month_without_postings_is_frozen_when_there_are_some(committed: str) -> None:
    assert freeze_month(committed, FIRST) == 0
    _publish(committed, 1)
    assert freeze_month(committed, LATER) == 1


def test_the_command_lists_a_month_as_it_was(here: str) -> None:
    _publish(here, 1)
    freeze_month(here, FIRST)
    _publish(here, 4)
    listed = CliRunner().invoke(app, ["places", "supply", "--month", "2026-11"])
    assert "1 postings of 1 employers" in listed.output


@pytest.mark.parametrize("month", ["2026-10", "November"])
def test_a_month_that_is_not_kept_is_refused(here: str, month: str) -> None:
    refused = CliRunner().invoke(app, ["places", "supply", "--month", month])
    assert refused.exit_code == 2
    assert month in refused.output

"""A month worked out: levels, alerts opened and closed, new candidates as cases."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sqlalchemy.orm import Session

from bot import clock
from bot.db.tables import WarningCase
from bot.warning import alerts, cases
from bot.warning.alerts import AlertRound
from bot.warning.lists import current_form, frozen, month_list
from bot.warning.months import months_before


@dataclass(frozen=True)
class MonthRun:
    """What a run opened and closed."""

    alerts: AlertRound
    cases: tuple[WarningCase, ...]


def run_month(db: Session, region: str, month: date, staff: str = "") -> MonthRun:
    """Work out a month of a region; to run it twice changes nothing. Raises FreezeError."""
    return MonthRun(alerts.run(db, region, month), open_candidates(db, region, month, staff))


def open_candidates(
    db: Session, region: str, month: date, staff: str = ""
) -> tuple[WarningCase, ...]:
    """Make cases of the candidates of a month so far. Raises FreezeError without a rule."""
    previous = frozen(db, region, months_before(month, 1))
    form = current_form(region, month, previous.frozen_at if previous else None)
    result = month_list(db, region, month, form, clock.now())
    return tuple(cases.open_cases(db, result, staff))

"""Early warning by the clock: levels, alerts, candidates, tasks; once a month a report.

It begins at six in China, so that all lies there at eight. The table of runs keeps several
processes from doing a day twice.
"""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from bot import clock
from bot.casework.areas import area_of_region
from bot.casework.duty_store import figure
from bot.casework.warning_tasks import make_warning_tasks
from bot.db.session import session
from bot.db.tables import Publication, WarningBatch, WarningRun
from bot.monthly_reports.publish import REPORTS, prepare
from bot.settings import settings
from bot.warning.errors import WarningError
from bot.warning.month_run import open_candidates, run_month
from bot.warning.months import months_before
from bot.wording import wording

_SAY = wording("warning_report")

#: Hour of the day in China from which on a day's run is due.
FROM_HOUR = 6


def run_daily(url: str, now: datetime, folder: Path = REPORTS) -> WarningRun | None:
    """Do a day's run unless it is too early, done, or there are no data; return it.

    Raises WarningError when a file of data/warning is wrong: nothing is kept.
    """
    moment = now.astimezone(clock.CHINA)
    region, day = settings().home_region, moment.date()
    if moment.hour < FROM_HOUR:
        return None
    try:
        with session(url) as db:
            return _run(db, region, day, moment, folder) if _is_due(db, region, day) else None
    except IntegrityError:  # another process has done it meanwhile
        return None


def _is_due(db: Session, region: str, day: date) -> bool:
    done = select(WarningRun.id).where(WarningRun.region == region, WarningRun.day == day)
    return db.scalar(done) is None and db.scalar(select(WarningBatch.id).limit(1)) is not None


def _run(db: Session, region: str, day: date, moment: datetime, folder: Path) -> WarningRun:
    row = WarningRun(
        region=region, day=day, ended_at=moment, opened=0, closed=0, candidates=0, report_fault=""
    )
    db.add(row)
    db.flush()  # from here on another process waits, and then finds the day done
    this_month = day.replace(day=1)
    last_month = months_before(this_month, 1)
    done = run_month(db, region, last_month)
    # Of the month that runs, levels say nothing yet; firms do.
    fresh = open_candidates(db, region, this_month)
    make_warning_tasks(db)
    row.opened, row.closed = len(done.alerts.opened), len(done.alerts.closed)
    row.candidates = len(done.cases) + len(fresh)
    if _report_is_due(db, region, last_month, day):
        try:
            report = prepare(db, region, last_month, "inside", _SAY("prepared_by_clock"), folder)
            row.publication_id = report.publication.id
        except WarningError as wrong:
            row.report_fault = str(wrong)[:200]
    row.ended_at = clock.now()
    db.flush()
    return row


def _report_is_due(db: Session, region: str, month: date, day: date) -> bool:
    """Tell whether the day that is set for the report has come and there is none; 未设: never."""
    figure_set = figure(db, "warning_report_day", area_of_region(region), day)
    if figure_set is None or day.day < figure_set.number:
        return False
    query = select(Publication.id).where(
        Publication.region == region, Publication.month == month, Publication.audience == "inside"
    )
    return db.scalar(query) is None

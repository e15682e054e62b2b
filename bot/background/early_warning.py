"""Early warning by the clock: levels, alerts, candidates, tasks; once a month a report.

It begins at six in China, so that all lies there at eight. The table of runs keeps several
processes from doing a day twice.
"""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot import clock
from bot.casework.areas import area_of_region
from bot.casework.duty_store import figure
from bot.casework.warning_tasks import make_warning_tasks
from bot.db.one_import import WriterTurns, importing
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
    with session(url) as db:
        if not _is_due(db, region, day):
            return None
    with importing(url) as db:  # another process may have done it meanwhile
        return _run(db, region, day, folder) if _is_due(db, region, day) else None


def _is_due(db: Session, region: str, day: date) -> bool:
    done = select(WarningRun.id).where(WarningRun.region == region, WarningRun.day == day)
    return db.scalar(done) is None and db.scalar(select(WarningBatch.id).limit(1)) is not None


def _run(db: Session, region: str, day: date, folder: Path) -> WarningRun:
    """Do the run in steps that are as well done twice: SQLite's writer is given up between them."""
    turns = WriterTurns(db)
    this_month = day.replace(day=1)
    last_month = months_before(this_month, 1)
    done = run_month(db, region, last_month)
    turns.give_up()
    # Of the month that runs, levels say nothing yet; firms do.
    fresh = open_candidates(db, region, this_month)
    make_warning_tasks(db)
    turns.give_up()
    row = WarningRun(
        region=region, day=day, ended_at=clock.now(), opened=len(done.alerts.opened),
        closed=len(done.alerts.closed), candidates=len(done.cases) + len(fresh),
    )  # fmt: skip
    db.add(row)
    if _report_is_due(db, region, last_month, day):
        try:
            report = prepare(db, region, last_month, "inside", _SAY("prepared_by_clock"), folder)
            row.publication_id = report.publication.id
        except WarningError as wrong:
            row.report_fault = str(wrong)[:200]
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

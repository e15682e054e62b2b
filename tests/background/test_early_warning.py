"""The morning's run: once a day, not before six, with the report on the day that is set for it."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import func, select, update

from bot import clock
from bot.background.early_warning import run_daily
from bot.casework.duties import read_duties
from bot.casework.duty_store import known_regions, load
from bot.clock import CHINA
from bot.db.session import session
from bot.db.tables import (
    Alert,
    DutyFigureRow,
    Publication,
    Task,
    WarningCase,
    WarningMeasure,
    WarningRun,
)
from bot.monthly_reports import publish
from bot.settings import ROOT
from bot.warning.demo import make
from bot.warning.thresholds import load as load_lines
from bot.warning.thresholds import read_thresholds
from tests.warning.lines import written

#: A morning on which the data of May have come, in which a plant closes in parts.
MORNING = datetime(2026, 6, 5, 6, 1, tzinfo=CHINA)


@pytest.fixture
def delivered(here: str, tmp_path: Path) -> str:
    """Two invented years up to October, a line, and no day set for the report."""
    with session() as db:
        load(db, read_duties([ROOT / "data" / "duties"], known_regions(db)))
        make(date(2026, 10, 1), 1, 6).apply(db)
        (tmp_path / "lines").mkdir()
        load_lines(db, read_thresholds(written(tmp_path / "lines")), "王")
    return here


def _count(model: type) -> int:
    with session() as db:
        return db.scalar(select(func.count()).select_from(model)) or 0


def _run(url: str, moment: datetime, folder: Path) -> WarningRun | None:
    with clock.frozen(moment):
        return run_daily(url, moment, folder)


def test_a_day_is_done_once_and_not_in_the_night(delivered: str, tmp_path: Path) -> None:
    night = MORNING.replace(hour=5, minute=59)
    assert _run(delivered, night, tmp_path) is None
    # The clock of China counts, whatever the machine's zone.
    assert _run(delivered, night.astimezone(), tmp_path) is None
    done = _run(delivered, MORNING, tmp_path)
    assert done is not None
    assert (done.day, done.opened, done.candidates) == (
        date(2026, 6, 5), _count(Alert), _count(WarningCase),
    )  # fmt: skip
    assert done.candidates > 0
    assert _count(Task) == _count(WarningMeasure)
    assert _run(delivered, MORNING + timedelta(hours=9), tmp_path) is None
    before = _count(WarningCase)
    assert _run(delivered, MORNING + timedelta(days=1), tmp_path) is not None
    assert _count(WarningCase) == before
    assert _count(Publication) == 0  # 未设: no report by the clock


def test_the_report_lies_there_from_the_day_that_is_set(delivered: str, tmp_path: Path) -> None:
    with session() as db:
        db.add(
            DutyFigureRow(
                key="warning_report_day", region_code="210000", label="月报", value="5",
                unit="day_of_month", effective_from=date(2026, 1, 1), effective_to=None,
                citation="办公室", grade="B",
            )
        )  # fmt: skip
    early = _run(delivered, MORNING - timedelta(days=1), tmp_path)
    assert early is not None
    assert early.publication_id is None
    done = _run(delivered, MORNING, tmp_path)
    assert done is not None
    assert (done.publication_id, done.report_fault) == (1, "")
    with session() as db:
        report = db.scalars(select(Publication)).one()
        assert (report.month, report.prepared_by, report.approved_by) == (
            date(2026, 5, 1), "定时任务", None,
        )  # fmt: skip
        names = publish.file_names(report.region, report.month, "inside")
        publish.approve(db, report.id, "李", tuple(tmp_path / name for name in names))
        db.execute(update(WarningRun).values(report_fault=""))
    next_day = _run(delivered, MORNING + timedelta(days=1), tmp_path)
    assert next_day is not None
    assert next_day.publication_id is None


def test_nothing_is_done_before_any_data_have_come(here: str, tmp_path: Path) -> None:
    assert _run(here, MORNING, tmp_path) is None
    assert _count(WarningRun) == 0

from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from bot import clock
from bot.db.tables import Alert, WarningMeasure
from bot.warning import alerts
from bot.warning.errors import CaseStateError
from bot.warning.measures import close_measure, pending_measures, working_days_after
from bot.warning.months import months_before
from bot.warning.thresholds import load, read_thresholds
from tests.warning.lines import deliver, written

PLACE = "210106"
MONTHS = [months_before(date(2026, 12, 1), n) for n in range(5, -1, -1)]


@pytest.fixture
def lined(db: Session, tmp_path: Path) -> Session:
    load(db, read_thresholds(written(tmp_path)), "王")
    return db


def test_an_alert_opens_when_a_level_rises_and_closes_after_its_hold(lined: Session) -> None:
    figures = (1000, 1150, 1180, 1300, 1000, 1000)
    deliver(lined, {(PLACE, months_before(month, 12)): 1000 for month in MONTHS})
    deliver(lined, dict(zip(((PLACE, month) for month in MONTHS), figures, strict=True)))
    seen = []
    for month in MONTHS:
        with clock.frozen(months_before(month, -1)):
            first = alerts.run(lined, PLACE, month)
            again = alerts.run(lined, PLACE, month)
        assert (again.opened, again.closed) == ((), ())
        seen.append(([one.level for one in first.opened], [one.level for one in first.closed]))
    assert seen == [
        ([], []),
        (["yellow"], []),
        ([], []),
        (["red"], []),
        ([], []),
        ([], ["yellow", "red"]),
    ]
    evidence = lined.scalars(select(Alert.evidence).where(Alert.level == "red")).one()
    assert (
        evidence
        == "沈阳市铁西区2026年10月登记失业人数（月末）比1,000，为30.0%，线25，《测试用文件》（测发〔2025〕1号）：红色高危区"
    )


def test_a_month_without_figures_neither_opens_nor_closes(lined: Session) -> None:
    month = MONTHS[0]
    deliver(lined, {(PLACE, months_before(month, 12)): 1000, (PLACE, month): 1300})
    assert [one.level for one in alerts.run(lined, PLACE, month).opened] == ["red"]
    for later in MONTHS[1:]:
        assert alerts.run(lined, PLACE, later).closed == ()
    assert len(alerts.open_alerts(lined, "registered-unemployed", PLACE)) == 1


def test_measures_have_their_clock_in_working_days_and_read_unset_without(lined: Session) -> None:
    month = date(2026, 9, 1)
    deliver(lined, {(PLACE, months_before(month, 12)): 1000, (PLACE, month): 1300})
    with clock.frozen(date(2026, 9, 29)):
        alerts.run(lined, PLACE, month)
        listed = pending_measures(lined, "210100")
        # Two working days after 29 September: the holidays of October lie between.
        assert [(one.measure, one.due_on) for one in listed] == [
            ("分析原因", working_days_after(date(2026, 9, 29), 2)),
            ("专题会商", None),
        ]
        assert pending_measures(lined, "210200") == []
    with clock.frozen(date(2026, 10, 20)):
        assert [one.overdue for one in pending_measures(lined, PLACE)] == [True, False]
        close_measure(lined, listed[0].id, "done", "已分析")
        with pytest.raises(CaseStateError):
            close_measure(lined, listed[0].id, "done", "再办")
        with pytest.raises(CaseStateError, match="结果"):
            close_measure(lined, listed[1].id, "done", "")
    assert [
        one.state for one in lined.scalars(select(WarningMeasure).order_by(WarningMeasure.id))
    ] == ["done", "open"]


def test_working_days_leave_out_holidays() -> None:
    assert working_days_after(date(2026, 9, 30), 1) == date(2026, 10, 8)
    assert working_days_after(date(2026, 11, 27), 1) == date(2026, 11, 30)

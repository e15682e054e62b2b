"""The chain 预警—服务—处突—化解 of an alert or a firm: who did what and when, and what is due.

辽人社建〔2025〕21号 二(十). Nothing is kept for it: it is read from alerts, events and measures.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from bot import clock
from bot.db.tables import Alert, SupervisionOrder, WarningCase, WarningCaseEvent, WarningMeasure
from bot.vocabulary.vocabulary import vocabulary
from bot.warning.cases import REASONS, STATES
from bot.warning.indicators import indicators
from bot.warning.levels import NAMES

STAGES = ("预警", "服务", "处突", "化解")
#: The stage of the chain that a step of a firm's case belongs to.
_STAGE_OF = {
    "candidate": "预警", "verified": "预警", "rejected": "化解", "listed": "预警",
    "served": "服务", "worse": "处突", "resolved": "化解",
}  # fmt: skip


@dataclass(frozen=True)
class OrderLine:
    """An order to do what is overdue, with its answer."""

    id: int
    demand: str
    due_on: date
    ordered_by: str
    ordered_at: datetime
    answer: str
    answered_by: str
    answered_at: datetime | None
    overdue: bool


@dataclass(frozen=True)
class ChainStep:
    """A step of a chain."""

    stage: str
    action: str
    actor: str
    """Who did it; of what is still to be done the office."""
    done_at: datetime | None
    """When it was done; None where it is still to be done."""
    due_on: date | None
    overdue: bool
    result: str
    measure_id: int | None = None
    orders: tuple[OrderLine, ...] = ()


@dataclass(frozen=True)
class Chain:
    """The chain of an alert or a firm."""

    subject: str
    region: str
    place: str
    stage: str
    """The stage that it has reached."""
    steps: tuple[ChainStep, ...]
    case_id: int | None = None

    @property
    def overdue(self) -> int:
        """Return how many measures are overdue."""
        return sum(step.overdue for step in self.steps)


def chains_of_alerts(db: Session, condition: ColumnElement[bool], limit: int) -> list[Chain]:
    """Return the chains of alerts, the newest first."""
    query = select(Alert).where(condition).order_by(Alert.id.desc()).limit(limit)
    alerts = list(db.scalars(query))
    measures = _measures(db, WarningMeasure.alert_id.in_([alert.id for alert in alerts]))
    return [
        _alert_chain(db, alert, [row for row in measures if row.alert_id == alert.id])
        for alert in alerts
    ]


def chains_of_firms(db: Session, condition: ColumnElement[bool], limit: int) -> list[Chain]:
    """Return the chains of firms, the newest first."""
    query = select(WarningCase).where(condition).order_by(WarningCase.id.desc()).limit(limit)
    cases = list(db.scalars(query))
    measures = _measures(db, WarningMeasure.case_id.in_([case.id for case in cases]))
    return [
        _firm_chain(db, case, [row for row in measures if row.case_id == case.id]) for case in cases
    ]


def _alert_chain(db: Session, alert: Alert, measures: Sequence[WarningMeasure]) -> Chain:
    name = indicators().by_id[alert.indicator].name
    level = NAMES[alert.level]  # type: ignore[index]
    steps = [
        ChainStep("预警", f"{name}：{level}", "", alert.opened_at, None, False, alert.evidence)
    ]
    steps += [_measure(db, row, "服务") for row in measures]
    if alert.closed_at is not None:
        steps.append(
            ChainStep("化解", "级别降下来，满期解除", "", alert.closed_at, None, False, "")
        )
    return _chain(f"预警{alert.id} {name}", alert.region, steps)


def _firm_chain(db: Session, case: WarningCase, measures: Sequence[WarningMeasure]) -> Chain:
    query = select(WarningCaseEvent).where(WarningCaseEvent.case_id == case.id)
    events = list(db.scalars(query.order_by(WarningCaseEvent.id)))
    worse = [event.entered_at for event in events if event.state == "worse"]
    steps = [
        ChainStep(
            _STAGE_OF[event.state], STATES[event.state], event.staff, event.entered_at, None, False,
            REASONS.get(event.why, ""),
        )
        for event in events
    ]  # fmt: skip
    for row in measures:
        is_later = row.opened_at is not None and bool(worse) and row.opened_at >= worse[0]
        steps.append(_measure(db, row, "处突" if is_later else "服务"))
    return _chain(case.name, case.district, steps, case.id)


def _chain(
    subject: str, region: str, steps: Sequence[ChainStep], case_id: int | None = None
) -> Chain:
    ordered = tuple(sorted(steps, key=lambda step: STAGES.index(step.stage)))
    done = [step for step in steps if step.done_at is not None and step.measure_id is None]
    stage = max(done, key=lambda step: (step.done_at, STAGES.index(step.stage))).stage
    if stage == "预警" and any(step.stage == "服务" for step in steps):
        stage = "服务"
    place = vocabulary().full_name(region)
    return Chain(subject, region, place, stage, ordered, case_id)


def _measure(db: Session, row: WarningMeasure, stage: str) -> ChainStep:
    is_open = row.state == "open"
    overdue = is_open and row.due_on is not None and row.due_on < clock.today()
    result = f"不办：{row.result}" if row.state == "skipped" else row.result
    actor = row.office if is_open or not row.closed_by else f"{row.closed_by}（{row.office}）"
    orders = tuple(_orders(db, row.id))
    return ChainStep(
        stage, row.measure, actor, row.closed_at, row.due_on, overdue, result, row.id, orders
    )


def _measures(db: Session, condition: ColumnElement[bool]) -> list[WarningMeasure]:
    return list(db.scalars(select(WarningMeasure).where(condition).order_by(WarningMeasure.id)))


def _orders(db: Session, measure_id: int) -> list[OrderLine]:
    query = select(SupervisionOrder).where(SupervisionOrder.measure_id == measure_id)
    return [
        OrderLine(
            row.id, row.demand, row.due_on, row.ordered_by, row.ordered_at, row.answer,
            row.answered_by, row.answered_at,
            row.answered_at is None and row.due_on < clock.today(),
        )
        for row in db.scalars(query.order_by(SupervisionOrder.id))
    ]  # fmt: skip

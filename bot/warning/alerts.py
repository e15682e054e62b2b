"""Alerts of indicators: opened when a level rises, again only when it rises more, closed after."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot import clock
from bot.db.tables import Alert
from bot.vocabulary.vocabulary import vocabulary
from bot.warning.computed import computed_series
from bot.warning.indicators import Indicator, indicators
from bot.warning.levels import NAMES, RANK, LevelReading, Levels
from bot.warning.measures import open_measures
from bot.warning.rule_figures import region_prefix
from bot.warning.series import Series, read_series
from bot.warning.thresholds import Threshold, loaded


@dataclass(frozen=True)
class AlertRound:
    """Alerts opened and closed by a run, with all readings."""

    opened: tuple[Alert, ...]
    closed: tuple[Alert, ...]
    readings: tuple[tuple[Indicator, LevelReading], ...]


def run(db: Session, region: str, month: date) -> AlertRound:
    """Work out all levels of a region and what lies in it; open and close alerts.

    To run it twice changes nothing.
    """
    thresholds = loaded(db)
    opened: list[Alert] = []
    closed: list[Alert] = []
    readings: list[tuple[Indicator, LevelReading]] = []
    for indicator in indicators().by_id.values():
        if not indicator.has_lines:
            continue
        levels = levels_of(db, indicator, region, month, thresholds)
        for place in places(region):
            reading = levels.effective(place, month)
            readings.append((indicator, reading))
            newly_opened, newly_closed = _changed(db, indicator, reading)
            opened += newly_opened
            closed += newly_closed
    db.flush()
    return AlertRound(tuple(opened), tuple(closed), tuple(readings))


def levels_of(
    db: Session, indicator: Indicator, region: str, month: date, thresholds: Mapping[str, Threshold]
) -> Levels:
    """Return what works out the levels of an indicator."""
    threshold = thresholds.get(indicator.id)
    series, divisor = series_of(db, indicator, region, month), None
    shares = {item.share_of for item in threshold.lines if item.share_of} if threshold else set()
    for name in sorted(shares):
        divisor = read_series(db, name)
    return Levels(indicator, indicators(), threshold, series, divisor)


def series_of(db: Session, indicator: Indicator, region: str, month: date) -> Series:
    """Return the monthly figures of an indicator by district."""
    if indicator.measure:
        return read_series(db, indicator.measure)
    if indicator.computed and indicator.has_lines:
        return computed_series(db, indicator.computed, region, month)
    return Series({})


def places(region: str) -> Iterator[str]:
    """Yield a region and all cities and districts within it, the largest first."""
    prefix = region_prefix(region)
    inside = [item for item in vocabulary().regions.values() if item.code.startswith(prefix)]
    yield from (item.code for item in sorted(inside, key=lambda item: (item.level, item.code)))


def open_alerts(db: Session, indicator: str, region: str) -> list[Alert]:
    """Return the alerts of an indicator and region that are not closed."""
    query = select(Alert).where(
        Alert.indicator == indicator, Alert.region == region, Alert.closed_at.is_(None)
    )
    return list(db.scalars(query))


def _changed(
    db: Session, indicator: Indicator, reading: LevelReading
) -> tuple[list[Alert], list[Alert]]:
    """Open an alert when the level rose, close those above it; without a level nothing changes."""
    if reading.level not in RANK or reading.line is None:
        return [], []
    rank = RANK[reading.level]
    current_alerts = open_alerts(db, indicator.id, reading.region)
    over = [item for item in current_alerts if _rank(item) > rank]
    for item in over:
        item.closed_at = clock.now()
    if rank <= max((_rank(item) for item in current_alerts), default=0):
        return [], over
    name = vocabulary().full_name(reading.region)
    alert = Alert(
        indicator=indicator.id, region=reading.region, level=reading.level, month=reading.month,
        evidence=f"{name}{reading.month:%Y年%m月}{indicator.name}{reading.why}"
        f"：{NAMES[reading.level]}",
        opened_at=clock.now(),
    )  # fmt: skip
    db.add(alert)
    db.flush()
    open_measures(db, reading.line.responses.get(reading.level, ()), alert=alert)
    return [alert], over


def _rank(alert: Alert) -> int:
    return {"yellow": 1, "red": 2}[alert.level]

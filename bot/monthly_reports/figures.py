"""The people's figures of a month by district, city and region, as they may be printed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.db.tables import Publication, PublishedFigure
from bot.disclosure.audit import check
from bot.disclosure.cells import Cell, Figures, Mark, Printed
from bot.disclosure.rule import Audience, DisclosureRule
from bot.disclosure.suppress import suppress
from bot.vocabulary.vocabulary import vocabulary
from bot.warning.errors import DisclosureError
from bot.warning.months import months_before
from bot.warning.series import Series, districts, read_series

STOCK, INFLOW, OUTFLOW, REEMPLOYED = (
    "registered_unemployed", "inflow", "outflow", "reemployed",
)  # fmt: skip
MEASURES = (STOCK, INFLOW, OUTFLOW, REEMPLOYED)
#: Key of the stock of the month before, as it was published.
_BEFORE = "before"


@dataclass(frozen=True)
class MonthFigures:
    """The figures of a month and region with their marks."""

    region: str
    month: date
    printed: Printed
    regions: tuple[str, ...]
    """The region, then what lies directly in it, then the rest."""

    def text(self, measure: str, region: str) -> str:
        """Return what is printed; 缺数 where not all districts delivered."""
        if not self.is_there(measure, region):
            return "缺数"
        return self.printed.text((measure, region))

    def value(self, measure: str, region: str) -> int | None:
        """Return a figure that may be printed, else None."""
        if not self.is_there(measure, region):
            return None
        return self.printed.value((measure, region))

    def is_there(self, measure: str, region: str) -> bool:
        """Tell whether all districts of a region delivered a measure."""
        try:
            self.printed.figures.place((measure, region))
        except KeyError:
            return False
        return True


def month_figures(
    db: Session, region: str, month: date, rule: DisclosureRule, audience: Audience
) -> MonthFigures:
    """Return the figures of a month as they may be printed, audited. Raises DisclosureError."""
    series = {name: read_series(db, name) for name in MEASURES}
    previous = published(db, region, months_before(month, 1), audience)
    figures = Figures()
    for name in MEASURES:
        _add_tree(figures, name, series[name], region, month)
    _add_before(figures, previous, all_regions(region))
    return _printed(figures, region, month, rule)


def stock_figures(
    db: Session, region: str, month: date, rule: DisclosureRule, audience: Audience,
    measure: str = STOCK,
) -> MonthFigures | None:  # fmt: skip
    """Return the stock of a past month, or another measure: as published, or as it might have been.

    None where what was published and what is known now do not go together.
    """
    figures = Figures()
    marks = published(db, region, month, audience)
    _add_tree(figures, measure, read_series(db, measure), region, month, marks)
    try:
        return _printed(figures, region, month, rule)
    except DisclosureError:
        return None


def _printed(figures: Figures, region: str, month: date, rule: DisclosureRule) -> MonthFigures:
    printed = suppress(figures, rule)
    check(printed)
    return MonthFigures(region, month, printed, all_regions(region))


def all_regions(region: str) -> tuple[str, ...]:
    """Return a region, what lies directly in it, then all districts."""
    inside = vocabulary().children(region)
    return tuple(dict.fromkeys([region, *inside, *districts(region)]))


def _add_tree(
    figures: Figures,
    name: str,
    series: Series,
    region: str,
    month: date,
    marks: Mapping[tuple[str, str], PublishedFigure] | None = None,
) -> None:
    """Add the cells of a measure and their totals, as far as all parts were delivered."""

    def add(place: str) -> bool:
        parts = vocabulary().children(place)
        if not parts:
            value: float | None = series.values.get((place, month))
        else:
            delivered = [add(item) for item in parts]
            value = sum(_value(figures, (name, item)) for item in parts) if all(delivered) else None
        if value is None:
            return False
        was = (marks or {}).get((name, place))
        same = was is not None and was.value == int(value)
        figures.add(Cell((name, place), int(value), printed=_mark(was) if was and same else None))
        if parts:
            figures.add_sum((name, place), [(name, item) for item in parts])
        return True

    add(region)


def _value(figures: Figures, key: tuple[str, str]) -> int:
    return figures.cells[figures.place(key)].value


def _mark(was: PublishedFigure) -> Mark:
    return "shown" if was.mark == "shown" else "small" if was.mark == "small" else "hidden"


def _add_before(
    figures: Figures,
    previous: Mapping[tuple[str, str], PublishedFigure],
    regions: Sequence[str],
) -> None:
    """Add the stock of the month before as it was published, where this month follows from it."""
    for place in regions:
        was = previous.get((STOCK, place))
        keys = [(name, place) for name in (STOCK, INFLOW, OUTFLOW)]
        if was is None:
            continue
        try:
            stock, inflow, outflow = (_value(figures, key) for key in keys)
        except KeyError:
            continue
        if stock != was.value + inflow - outflow:
            continue
        figures.add(Cell((_BEFORE, place), was.value, printed=_mark(was)))
        figures.add_sum(keys[0], [(_BEFORE, place), keys[1]], less=[keys[2]])


def published(
    db: Session, region: str, month: date, audience: Audience
) -> dict[tuple[str, str], PublishedFigure]:
    """Return what an approved report of a month printed, by measure and place."""
    query = (
        select(PublishedFigure)
        .join(Publication, Publication.id == PublishedFigure.publication_id)
        .where(Publication.region == region, Publication.month == month)
        .where(Publication.audience == audience, Publication.approved_at.is_not(None))
    )
    return {(item.measure, item.district): item for item in db.scalars(query)}


def rows_to_publish(figures: MonthFigures, publication: int) -> list[dict[str, Any]]:
    """Return the figures of a report as rows of published_figures."""
    rows = []
    for cell, mark in zip(figures.printed.figures.cells, figures.printed.marks, strict=True):
        key: Any = cell.key
        measure, place = key
        if measure != _BEFORE:
            rows.append(
                {"publication_id": publication, "measure": measure, "district": place,
                 "value": cell.value, "mark": mark}
            )  # fmt: skip
    return rows

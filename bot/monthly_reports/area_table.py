"""Counts of people by area as they may be printed: suppressed, audited, with the whole last."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy.orm import Session

from bot.casework.areas import children, name_of, names_of, region_of_area
from bot.casework.roles import PEOPLE, Staff
from bot.disclosure.audit import check
from bot.disclosure.cells import Cell, Figures, Printed
from bot.disclosure.rule import DisclosureRule, disclosure_rule
from bot.disclosure.suppress import suppress

#: Key of the sum of all areas.
WHOLE = "all"
#: Nothing is small for who sees the persons themselves.
_ALL = DisclosureRule(0, 1, 0, 0, 100, 0)
#: Counts by area and column.
Counts = Mapping[tuple[str, str], int]


@dataclass(frozen=True)
class AreaTable:
    """A table by area, as texts."""

    names: Mapping[str, str]
    """Of the areas in order, the whole last; none where nothing was counted."""
    printed: Printed

    def rows(self, columns: Sequence[str]) -> tuple[tuple[str, tuple[str, ...]], ...]:
        """Return name and figures of each area, in the order of the columns."""
        return tuple(
            (name, tuple(self.printed.text((place, column)) for column in columns))
            for place, name in self.names.items()
        )

    def rates(self, part: str, denominator: str) -> tuple[str, ...]:
        """Return a rate of each area, — where either is hidden or the denominator too small."""
        rates = (self.printed.percent((p, part), (p, denominator)) for p in self.names)
        return tuple("—" if rate is None else f"{rate:.0f}%" for rate in rates)


def digits_below(db: Session, area: str) -> int:
    """Return how many digits the codes directly below an area have, or its own."""
    below = children(db, area)
    return len(below[0][0]) if below else len(area)


def area_table(
    db: Session, me: Staff, area: str, day: date, counts: Counts, columns: Sequence[str],
    sums: Sequence[tuple[str, Sequence[str]]] = (), sensitive: Sequence[str] = (),
) -> AreaTable:  # fmt: skip
    """Return counts by area as this member of staff may see them.

    `sums`: columns that are the sum of others. Raises DisclosureError when a hidden figure could be
    worked out.
    """
    places = sorted({place for place, _ in counts})
    figures = Figures()
    for column in columns if places else ():
        values = {place: counts.get((place, column), 0) for place in places}
        for place, value in (*values.items(), (WHOLE, sum(values.values()))):
            figures.add(Cell((place, column), value, sensitive=column in sensitive))
        figures.add_sum((WHOLE, column), [(place, column) for place in places])
    for place in (*places, WHOLE) if places else ():
        for total, parts in sums:
            figures.add_sum((place, total), [(place, part) for part in parts])
    exact = me.may(PEOPLE, area)
    rule = _ALL if exact else disclosure_rule("inside", region_of_area(area), day)
    printed = suppress(figures, rule)
    check(printed)
    if not places:
        return AreaTable({}, printed)
    own = names_of(db, set(places))
    names = {place: own[place] for place in places}
    return AreaTable({**names, WHOLE: f"{name_of(db, area, short=True)}合计"}, printed)

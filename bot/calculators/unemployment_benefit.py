"""Unemployment benefit: amount and length. Every figure of the rule is the policy base's."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from sqlalchemy.orm import Session

from bot.arithmetic import formulas
from bot.calculators.contributions import History
from bot.db.tables import PolicyCitation, PolicyFigure, PolicyVersion
from bot.messages import Citation, Figure
from bot.policies.answers import as_citation, as_figure
from bot.policies.versions import version_in_force

BENEFIT = "unemployment-benefit"
#: The policy whose versions for a place have a figure `month`.
MINIMUM_WAGE = "minimum-wage"


@dataclass(frozen=True)
class Calculation:
    """A result with its arithmetic, or what is missing for it."""

    entitled: bool
    """False when the rule's first condition (contributions) is not met by the figures given."""
    rate: Figure | None
    """Share of the minimum wage of the place."""
    length: Figure | None
    """Length in months; from a second-hand table, cited as such."""
    cap: Figure | None
    """The upper limit that the law sets to the length."""
    least_years: Figure
    """Contributions that are needed at least."""
    wage: Figure | None
    """The minimum wage of the place, where the base has it (second-hand, said so)."""
    monthly: Decimal | None
    """The benefit in yuan a month, where the minimum wage is known."""
    missing: tuple[str, ...]
    """Facts still needed for an amount in yuan: region, minimum_wage."""
    citations: tuple[Citation, ...]
    longest: Figure | None = None
    """The longest that the law allows where months of an earlier benefit are added."""
    carried: int = 0
    """Months of earlier benefits that were not drawn."""
    months: int | None = None
    """Months in all: by the table, with those carried over."""
    remaining: int | None = None
    """Months that are still to be drawn, where some of them were."""


def unemployment_benefit(
    db: Session, months_paid: int, region: str | None, day: date, history: History | None = None
) -> Calculation | None:
    """Work out the unemployment benefit for whole months of contributions.

    社会保险法 45 (least contributions), 46 (limits of length), 47 (amount below the minimum
    wage); the rate by 辽人社建〔2025〕21号; whole years count, the lower step is taken. Yuan
    are given where the base has the minimum wage of the place (second-hand, said so), and else only
    the formula. Months of an earlier benefit that were not drawn are added, 24 at most, and what
    was drawn of this one is taken off (46). None when no version is in force.
    """
    version = version_in_force(db, BENEFIT, region, day)
    if version is None:
        return None
    figures = {figure.name: figure for figure in version.figures}
    years = months_paid // 12
    min_years = int(figures["min_years"].value)
    if years < min_years:
        used = [figures["min_years"]]
        least_figure = as_figure(used[0])
        cited = _citations(version, used)
        return Calculation(False, None, None, None, least_figure, None, None, (), cited)
    rate = figures["rate_high" if years >= int(figures["years_high"].value) else "rate_low"]
    length = _table_months(figures, years)
    cap = _legal_limit(figures, years)
    used = [figures["min_years"], rate, cap, *([length] if length else [])]
    months, carried = _total_months(figures, length, history)
    wage, wage_cited = minimum_wage(db, region, day)
    return Calculation(
        True,
        as_figure(rate),
        as_figure(length) if length else None,
        as_figure(cap),
        as_figure(figures["min_years"]),
        wage,
        formulas.benefit(Decimal(wage.value), Decimal(rate.value)) if wage else None,
        () if wage else ("minimum_wage",) if region else ("region",),
        (*_citations(version, used), *wage_cited),
        as_figure(figures["cap_long"]),
        carried,
        months,
        max(months - history.drawn, 0)
        if months is not None and history and history.drawn
        else None,
    )


def minimum_wage(
    db: Session, region: str | None, day: date
) -> tuple[Figure | None, tuple[Citation, ...]]:
    """Return the monthly minimum wage of a place in yuan with its source, where the base has it."""
    version = version_in_force(db, MINIMUM_WAGE, region, day) if region else None
    figure = next((f for f in version.figures if f.name == "month"), None) if version else None
    if version is None or figure is None:
        return None, ()
    return as_figure(figure), _citations(version, [figure])


def _table_months(figures: Mapping[str, PolicyFigure], years: int) -> PolicyFigure | None:
    """Return the step of the table for whole years; the last step holds for all above it."""
    top = int(figures["years_high"].value)
    return figures.get(f"calc_months_{min(years, top)}")


def _total_months(
    figures: Mapping[str, PolicyFigure], length: PolicyFigure | None, history: History | None
) -> tuple[int | None, int]:
    """Return the months in all, and how many of them are left of earlier benefits."""
    if length is None:
        return None, 0
    carried = 0
    for paid, drawn in history.closed if history else ():
        earlier = _table_months(figures, paid // 12)
        if drawn is not None and earlier is not None:
            carried += max(int(earlier.value) - drawn, 0)
    return min(int(length.value) + carried, int(figures["cap_long"].value)), carried


def _legal_limit(figures: Mapping[str, PolicyFigure], years: int) -> PolicyFigure:
    """Return the law's upper limit (社会保险法 46)."""
    if years < int(figures["mid_years"].value):
        return figures["cap_short"]
    return figures["cap_mid" if years < int(figures["years_high"].value) else "cap_long"]


def _citations(version: PolicyVersion, used: list[PolicyFigure]) -> tuple[Citation, ...]:
    keys = {figure.source for figure in used}
    citations: list[PolicyCitation] = [c for c in version.citations if c.key in keys]
    return tuple(as_citation(citation) for citation in citations)

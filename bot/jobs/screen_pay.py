"""Screen the pay of postings: below the minimum wage, or far from that of the same trade.

Both look at all postings of an import at once, by queries: an import of a province's postings
asks the database once a city and once an occupation family, not once a row.
"""

from __future__ import annotations

import math
from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime
from statistics import quantiles

from sqlalchemy import or_, select, update
from sqlalchemy.orm import Session

from bot import clock
from bot.db.tables import Posting
from bot.jobs.screen import holds
from bot.policies.calculators.benefit import minimum_wage
from bot.text.money import salary_field

#: A family with fewer postings with pay says nothing about what is usual.
_ENOUGH = 40
#: Pay farther from the middle half than this many times its width (of the logarithm) is odd.
_FAR = 3.0
#: At least this many times above or below the quartile: in trades of nearly one pay.
_LEAST_FACTOR = 2.5
#: Postings whose pay makes up the quantiles of a family, newest first.
_LATEST = 5000
#: Looked at for the pay of whole months only: hours and pieces have other rules.
_PART = ("part_time", "gig")


def screen_pay(db: Session, since: datetime) -> int:
    """Screen the pay of the postings imported since a moment; return how many are held anew."""
    return _low_pay(db, since) + _odd_pay(db, since)


def _low_pay(db: Session, since: datetime) -> int:
    places = select(Posting.region_code).where(
        Posting.imported_at >= since, Posting.region_code.is_not(None)
    )
    held = 0
    for region in db.scalars(places.distinct()).all():
        figure, _ = minimum_wage(db, region, clock.today())
        if (
            figure is None
        ):  # which district has which of the province's tiers is not for us to guess
            continue
        below = select(Posting.id, Posting.salary_text).where(
            Posting.imported_at >= since,
            Posting.region_code == region,
            Posting.salary_max < float(figure.value),
            or_(Posting.work_time.is_(None), Posting.work_time.not_in(_PART)),
        )
        monthly = [at for at, said in db.execute(below) if _by_the_month(said)]
        held += _mark(db, monthly, "low_pay")
    return held


def _by_the_month(said: str) -> bool:
    pay = salary_field(said)
    return pay is not None and pay.period == "月"


@dataclass(frozen=True)
class Usual:
    """Between which ends the pay of a trade usually lies, yuan a month."""

    low: float
    high: float


def usual(pays: list[float]) -> Usual | None:
    """Return the ends beyond which pay is odd, by quartiles of its logarithm; None for too few.

    Quartiles do not move when some postings are absurd, as a mean would.
    """
    if len(pays) < _ENOUGH:
        return None
    first, _, third = quantiles(map(math.log, pays), n=4)
    away = max(_FAR * (third - first), math.log(_LEAST_FACTOR))
    return Usual(math.exp(first - away), math.exp(third + away))


def _odd_pay(db: Session, since: datetime) -> int:
    fresh: dict[str, list[tuple[int, float]]] = defaultdict(list)
    columns = (Posting.id, Posting.family_code, Posting.salary_min, Posting.salary_max)
    query = select(*columns).where(Posting.imported_at >= since, Posting.salary_min.is_not(None))
    for at, family, low, high in db.execute(query).tuples():
        if family and low:
            fresh[family].append((at, _middle(low, high)))
    held = 0
    for family, postings in fresh.items():
        ends = usual(_pays(db, family))
        if ends:
            odd = [at for at, pay in postings if not ends.low <= pay <= ends.high]
            held += _mark(db, odd, "odd_pay")
    return held


def _pays(db: Session, family: str) -> list[float]:
    query = (
        select(Posting.salary_min, Posting.salary_max)
        .where(Posting.family_code == family, Posting.salary_min > 0)
        .order_by(Posting.id.desc())
        .limit(_LATEST)
    )
    return [_middle(low, high) for low, high in db.execute(query).tuples() if low]


def _middle(low: int, high: int | None) -> float:
    return (low + (high or low)) / 2


def _mark(db: Session, ids: list[int], fault: str) -> int:
    """Add a fault to postings; those it holds wait from now on, unless it was let pass."""
    held = 0
    for at in range(0, len(ids), 500):
        some = Posting.id.in_(ids[at : at + 500])
        rows = db.execute(
            select(Posting.id, Posting.warnings, Posting.cleared, Posting.status).where(some)
        )
        for posting_id, warnings, cleared, status in rows.tuples().all():
            faults = [one for one in warnings.split(",") if one]
            if fault in faults:
                continue
            holding = holds(fault) and fault not in cleared.split(",") and status == "open"
            held += holding
            db.execute(
                update(Posting)
                .where(Posting.id == posting_id)
                .values(warnings=",".join([*faults, fault]), status="held" if holding else status)
            )
    return held

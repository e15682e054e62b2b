"""Screen the pay of postings: below the minimum wage, or far from that of the same trade.

Both look at all postings of an import at once, by queries: an import of a province's postings
asks the database once a city and once an occupation family, not once a row.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from statistics import quantiles

from sqlalchemy import ColumnElement, or_, select, update
from sqlalchemy.orm import Session

from bot import clock
from bot.calculators.unemployment_benefit import minimum_wage
from bot.db.tables import Posting
from bot.postings.screening.rules import holds
from bot.understanding.extractors.salary import salary_field

#: A family with fewer postings with pay says nothing about what is usual.
_MIN_POSTINGS = 40
#: Pay farther from the middle half than this many times its width (of the logarithm) is odd.
_ODD_PAY_FACTOR = 3.0
#: At least this many times above or below the quartile: in trades of nearly one pay.
_MIN_ODD_FACTOR = 2.5
#: Postings that the quantiles of a family are computed from, newest first.
_MAX_POSTINGS = 5000
#: Postings that are marked at once.
_BATCH_SIZE = 500
#: Looked at for the pay of whole months only: hours and pieces have other rules.
_PART_TIMES = ("part_time", "gig")


def screen_pay(db: Session, since: datetime) -> int:
    """Screen the pay of the postings imported since a moment; return how many are newly held."""
    held_count = LowPay(db).hold(Posting.imported_at >= since)
    for ids in odd_pay(db, since):
        mark_odd_pay(db, ids)
    return held_count


class LowPay:
    """Holds postings below the minimum wage; asks once for that of each place."""

    def __init__(self, db: Session) -> None:
        self._db = db
        self._least: dict[str, float | None] = {}

    def hold(self, condition: ColumnElement[bool]) -> int:
        """Hold those of some postings that pay less; return how many."""
        db, held_count = self._db, 0
        places = select(Posting.region_code).where(condition, Posting.region_code.is_not(None))
        for region in filter(None, db.scalars(places.distinct()).all()):
            minimum = self._of_place(region)
            # Which district has which of the province's tiers is not for us to guess.
            if minimum is None:
                continue
            below = select(Posting.id, Posting.salary_text).where(
                condition,
                Posting.region_code == region,
                Posting.salary_max < minimum,
                or_(Posting.work_time.is_(None), Posting.work_time.not_in(_PART_TIMES)),
            )
            monthly = [
                posting_id
                for posting_id, salary_text in db.execute(below)
                if _is_monthly(salary_text)
            ]
            held_count += _add_fault(db, monthly, "low_pay")
        return held_count

    def _of_place(self, region: str) -> float | None:
        if region not in self._least:
            figure, _ = minimum_wage(self._db, region, clock.today())
            self._least[region] = float(figure.value) if figure else None
        return self._least[region]


def _is_monthly(salary_text: str) -> bool:
    pay = salary_field(salary_text)
    return pay is not None and pay.period == "月"


@dataclass(frozen=True)
class PayRange:
    """The usual range of a trade's pay, yuan a month."""

    low: float
    high: float


def usual_range(pays: list[float]) -> PayRange | None:
    """Return the ends beyond which pay is odd, by quartiles of its logarithm; None for too few.

    Quartiles do not move when some postings are absurd, as a mean would.
    """
    if len(pays) < _MIN_POSTINGS:
        return None
    first, _, third = quantiles(map(math.log, pays), n=4)
    margin = max(_ODD_PAY_FACTOR * (third - first), math.log(_MIN_ODD_FACTOR))
    return PayRange(math.exp(first - margin), math.exp(third + margin))


def odd_pay(db: Session, since: datetime) -> Iterator[list[int]]:
    """Yield the postings with odd pay imported since a moment, some hundred at once."""
    fresh: dict[str, list[tuple[int, float]]] = defaultdict(list)
    columns = (Posting.id, Posting.family_code, Posting.salary_min, Posting.salary_max)
    query = select(*columns).where(Posting.imported_at >= since, Posting.salary_min.is_not(None))
    for posting_id, family, low, high in db.execute(query).tuples():
        if family and low:
            fresh[family].append((posting_id, _middle(low, high)))
    for family, postings in fresh.items():
        ends = usual_range(_pays(db, family))
        odd = [
            posting_id for posting_id, pay in postings if ends and not ends.low <= pay <= ends.high
        ]
        for begin in range(0, len(odd), _BATCH_SIZE):
            yield odd[begin : begin + _BATCH_SIZE]


def mark_odd_pay(db: Session, ids: list[int]) -> None:
    """Note of postings that their pay is odd; none is held for that."""
    _add_fault(db, ids, "odd_pay")


def _pays(db: Session, family: str) -> list[float]:
    query = (
        select(Posting.salary_min, Posting.salary_max)
        .where(Posting.family_code == family, Posting.salary_min > 0)
        .order_by(Posting.id.desc())
        .limit(_MAX_POSTINGS)
    )
    return [_middle(low, high) for low, high in db.execute(query).tuples() if low]


def _middle(low: int, high: int | None) -> float:
    return (low + (high or low)) / 2


def _add_fault(db: Session, ids: list[int], fault: str) -> int:
    """Add a fault to postings; those it holds wait from now on, unless it was let pass."""
    held_count = 0
    for start in range(0, len(ids), 500):
        in_batch = Posting.id.in_(ids[start : start + 500])
        rows = db.execute(
            select(Posting.id, Posting.warnings, Posting.cleared, Posting.status).where(in_batch)
        )
        for posting_id, warnings, cleared, status in rows.tuples().all():
            faults = [fault_id for fault_id in warnings.split(",") if fault_id]
            if fault in faults:
                continue
            holding = holds(fault) and fault not in cleared.split(",") and status == "open"
            held_count += holding
            db.execute(
                update(Posting)
                .where(Posting.id == posting_id)
                .values(warnings=",".join([*faults, fault]), status="held" if holding else status)
            )
    return held_count

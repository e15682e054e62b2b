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
#: Postings that are marked at once.
_AT_ONCE = 500
#: Looked at for the pay of whole months only: hours and pieces have other rules.
_PART = ("part_time", "gig")


def screen_pay(db: Session, since: datetime) -> int:
    """Screen the pay of the postings imported since a moment; return how many are held anew."""
    held = LowPay(db).hold(Posting.imported_at >= since)
    for ids in odd_pay(db, since):
        mark_odd_pay(db, ids)
    return held


class LowPay:
    """Holds postings below the minimum wage; asks once for that of each place."""

    def __init__(self, db: Session) -> None:
        self._db = db
        self._least: dict[str, float | None] = {}

    def hold(self, among: ColumnElement[bool]) -> int:
        """Hold those of some postings that pay less; return how many."""
        db, held = self._db, 0
        places = select(Posting.region_code).where(among, Posting.region_code.is_not(None))
        for region in filter(None, db.scalars(places.distinct()).all()):
            least = self._of_place(region)
            # Which district has which of the province's tiers is not for us to guess.
            if least is None:
                continue
            below = select(Posting.id, Posting.salary_text).where(
                among,
                Posting.region_code == region,
                Posting.salary_max < least,
                or_(Posting.work_time.is_(None), Posting.work_time.not_in(_PART)),
            )
            monthly = [at for at, said in db.execute(below) if _by_the_month(said)]
            held += _mark(db, monthly, "low_pay")
        return held

    def _of_place(self, region: str) -> float | None:
        if region not in self._least:
            figure, _ = minimum_wage(self._db, region, clock.today())
            self._least[region] = float(figure.value) if figure else None
        return self._least[region]


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


def odd_pay(db: Session, since: datetime) -> Iterator[list[int]]:
    """Yield the postings imported since a moment whose pay is odd, some hundred at once at most."""
    fresh: dict[str, list[tuple[int, float]]] = defaultdict(list)
    columns = (Posting.id, Posting.family_code, Posting.salary_min, Posting.salary_max)
    query = select(*columns).where(Posting.imported_at >= since, Posting.salary_min.is_not(None))
    for at, family, low, high in db.execute(query).tuples():
        if family and low:
            fresh[family].append((at, _middle(low, high)))
    for family, postings in fresh.items():
        ends = usual(_pays(db, family))
        odd = [at for at, pay in postings if ends and not ends.low <= pay <= ends.high]
        for begin in range(0, len(odd), _AT_ONCE):
            yield odd[begin : begin + _AT_ONCE]


def mark_odd_pay(db: Session, ids: list[int]) -> None:
    """Note of postings that their pay is odd; none is held for that."""
    _mark(db, ids, "odd_pay")


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

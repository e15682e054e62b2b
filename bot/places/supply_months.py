"""The supply of each month as it was frozen, so that months can be compared."""

from __future__ import annotations

from datetime import date

from sqlalchemy import insert, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from bot.db.session import session
from bot.db.tables import SupplyMonth
from bot.places.find import within
from bot.places.supply import Supply, supply


def freeze_month(url: str, today: date) -> int:
    """Keep the supply of the running month, unless it is kept; return the number of lines.

    The lines count what is open on the day on which the first round of the month runs. Two
    rounds at once keep one of them.
    """
    month = today.replace(day=1)
    with session(url) as db:
        if db.scalar(select(SupplyMonth.id).where(SupplyMonth.month == month).limit(1)):
            return 0
        rows = [
            {**line.to_dict(), "month": month, "frozen_on": today}
            for line in supply(db, None, today)
        ]
    if not rows:
        return 0
    try:
        with session(url) as db:
            db.execute(insert(SupplyMonth), rows)
    except IntegrityError:  # frozen beside us
        return 0
    return len(rows)


def frozen_months(db: Session) -> list[date]:
    """Return the months that are kept (their first days), newest first."""
    months = select(SupplyMonth.month).distinct().order_by(SupplyMonth.month.desc())
    return list(db.scalars(months))


def supply_of_month(db: Session, month: date, region: str) -> tuple[date | None, list[Supply]]:
    """Return the day whose postings a month counts and its lines in a region, most postings first;
    (None, []) where nothing is kept.
    """
    query = select(SupplyMonth).where(SupplyMonth.month == month, within(SupplyMonth, region))
    rows = db.scalars(query).all()
    lines = [
        Supply(
            row.family, row.region_code, row.postings, row.employers, row.pay, row.paid,
            row.days_open, row.wishes,
        )
        for row in rows
    ]  # fmt: skip
    frozen_on = rows[0].frozen_on if rows else None
    return frozen_on, sorted(lines, key=lambda x: (-x.postings, x.family, x.region_code))

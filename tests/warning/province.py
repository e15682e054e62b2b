"""Counts of all 100 districts of Liaoning over two years, as tests of reports need them."""

from __future__ import annotations

from datetime import date, datetime

import numpy as np
from sqlalchemy.orm import Session

from bot.clock import CHINA
from bot.monthly_reports.figures import INFLOW, OUTFLOW, REEMPLOYED, STOCK
from bot.warning import batches
from bot.warning.delivered import Delivered, Values
from bot.warning.months import months_before
from bot.warning.series import districts

REGION, MONTH = "210000", date(2026, 10, 1)


def deliver_province(
    db: Session,
    months: int = 26,
    region: str = REGION,
    leave_out: tuple[str, ...] = (),
    mean: float = 12,
) -> None:
    """Apply stocks with their flows; districts are of very different sizes, some have few people."""
    rng = np.random.default_rng(3)
    stock = {place: int(rng.lognormal(5, 1.2)) for place in districts(region)}
    rows: list[Values] = []
    for n in range(months - 1, -1, -1):
        month = months_before(MONTH, n)
        for place in stock:
            inflow, outflow = int(rng.poisson(mean)), int(min(rng.poisson(mean), stock[place]))
            stock[place] += inflow - outflow
            if place in leave_out and n == 0:
                continue
            figures = {
                STOCK: stock[place],
                INFLOW: inflow,
                OUTFLOW: outflow,
                REEMPLOYED: outflow // 2,
            }
            rows += [
                {
                    "row": len(rows),
                    "month": month,
                    "district": place,
                    "measure": name,
                    "value": value,
                }
                for name, value in figures.items()
            ]
    covered = {(row["district"], row["month"]) for row in rows}
    numbered = [{**row, "row": at} for at, row in enumerate(rows, 1)]
    moment = datetime(2026, 11, 3, 9, tzinfo=CHINA)
    batches.apply(
        db, Delivered("counts", "月报", "月报", numbered, covered=covered), "王", as_of=moment
    )

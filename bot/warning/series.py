"""Monthly figures by district, added up over regions where enough districts have delivered."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.db.tables import MonthlyCount, WarningBatch
from bot.vocabulary.vocabulary import vocabulary
from bot.warning.batches import live
from bot.warning.months import months_before
from bot.warning.rule_figures import region_prefix


@dataclass(frozen=True)
class Series:
    """Figures of one measure by district and month."""

    values: Mapping[tuple[str, date], float]

    def delivered(self, region: str, month: date) -> list[str]:
        """Return the districts of a region that delivered a month."""
        return [item for item in districts(region) if (item, month) in self.values]

    def total(self, places: Sequence[str], month: date) -> float:
        """Return the sum over districts that all delivered."""
        return sum(self.values[item, month] for item in places)

    def completeness(self, region: str, month: date) -> float:
        """Return the share of a region's districts that delivered a month."""
        return len(self.delivered(region, month)) / max(1, len(districts(region)))

    def months(self) -> list[date]:
        """Return the months with any figure, in order."""
        return sorted({month for _, month in self.values})


def districts(region: str) -> list[str]:
    """Return the districts and counties of a region; of a district itself."""
    prefix = region_prefix(region)
    regions = vocabulary().regions.values()
    return sorted(item.code for item in regions if item.level == 3 and item.code.startswith(prefix))


def read_series(db: Session, measure: str, as_of: datetime | None = None) -> Series:
    """Return a measure as it was known at a moment; the latest batch counts."""
    query = (
        select(MonthlyCount.district, MonthlyCount.month, MonthlyCount.value)
        .join(WarningBatch, WarningBatch.id == MonthlyCount.batch_id)
        .where(MonthlyCount.measure == measure, live(as_of))
        .order_by(MonthlyCount.batch_id, MonthlyCount.row)
    )
    return Series({(place, month): float(value) for place, month, value in db.execute(query)})


def stock_gaps(
    stock: Series, inflow: Series, outflow: Series, month: date
) -> dict[str, tuple[float, float]]:
    """Return districts with a stock other than that of the month before plus inflow less outflow.

    Of each the stock that was delivered and the one that follows.
    """
    last_month = months_before(month, 1)
    gaps = {}
    for place, row_month in stock.values:
        keys = ((stock, last_month), (inflow, month), (outflow, month))
        if row_month != month or any((place, m) not in item.values for item, m in keys):
            continue
        last, entered, exited = (item.values[place, m] for item, m in keys)
        if stock.values[place, month] != last + entered - exited:
            gaps[place] = (stock.values[place, month], last + entered - exited)
    return gaps

"""Content of the report of a month: movements, reasons, lists and measures by office."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot import clock
from bot.db.tables import Alert, WarningCase
from bot.disclosure.rule import Audience, DisclosureRule, disclosure_rule
from bot.monthly_reports.charts import Points
from bot.monthly_reports.figures import (
    INFLOW,
    MEASURES,
    REEMPLOYED,
    STOCK,
    MonthFigures,
    month_figures,
    stock_figures,
)
from bot.vocabulary.vocabulary import vocabulary
from bot.warning.alerts import levels_of
from bot.warning.cases import GRADES, STATES
from bot.warning.computed import figure
from bot.warning.indicators import Indicator, indicators
from bot.warning.levels import NAMES, Levels
from bot.warning.measures import OpenMeasure, pending_measures
from bot.warning.months import last_day, months_before
from bot.warning.rule_figures import region_prefix
from bot.warning.series import Series, districts, read_series, stock_gaps
from bot.warning.thresholds import loaded
from bot.warning.unusual import back_test, history, is_unusual
from bot.wording import wording

_SAY = wording("warning_report")

#: Months of a chart.
CHART_MONTHS = 25
#: States of a firm that is on the list.
_ON_LIST = ("listed", "served", "worse")
_KEY = "registered-unemployed"
#: Indicators by which unusual months are looked for.
_WATCHED = {INFLOW: "unemployed-inflow", STOCK: _KEY}


@dataclass(frozen=True)
class RegionRow:
    """A line of the main table, as it is printed."""

    name: str
    region: str
    figures: Mapping[str, str]
    change: str
    """Of the stock against the same month of last year."""
    level: str
    chart: Points


@dataclass(frozen=True)
class FirmRow:
    """A firm as it is printed: never its leavers or its base."""

    name: str
    district: str
    grade: str
    day: date
    state: str


@dataclass(frozen=True)
class IndicatorRow:
    """An indicator with its figure or the state of its data."""

    indicator: Indicator
    value: str
    state: str


@dataclass(frozen=True)
class RankRow:
    """A region among those beside it by the re-employed of the year so far."""

    rank: str
    name: str
    month: str
    year: str


@dataclass(frozen=True)
class MonthReport:
    """The report of a month for readers inside or outside the office."""

    region: str
    name: str
    month: date
    audience: Audience
    figures: MonthFigures
    headline: str
    moved: tuple[str, ...]
    rows: tuple[RegionRow, ...]
    firms: tuple[FirmRow, ...]
    firm_counts: str
    indicators: tuple[IndicatorRow, ...]
    measures: tuple[OpenMeasure, ...]
    data_notes: tuple[str, ...]
    rule: DisclosureRule
    levels: Mapping[str, str]
    """The level of every region by its code, as it may be printed: — where it is hidden."""
    rank: tuple[RankRow, ...]


def month_report(db: Session, region: str, month: date, audience: Audience) -> MonthReport:
    """Return the report of a month. Raises DisclosureError when it could give a figure away."""
    rule = disclosure_rule(audience, region, last_day(month))
    figures = month_figures(db, region, month, rule, audience)
    writer = _ReportWriter(db, region, month, audience, rule, figures)
    rows = tuple(writer.rows())
    return MonthReport(
        region, vocabulary().full_name(region), month, audience, figures, writer.headline(rows[0]),
        tuple(writer.moved(rows)), rows, tuple(writer.firms()), writer.firm_counts(),
        tuple(writer.indicator_rows()), tuple(pending_measures(db, region)),
        tuple(writer.data_notes()), rule, writer.levels(), tuple(writer.rank()),
    )  # fmt: skip


class _ReportWriter:
    """Writes the parts of a report."""

    def __init__(
        self, db: Session, region: str, month: date, audience: Audience, rule: DisclosureRule,
        figures: MonthFigures,
    ) -> None:  # fmt: skip
        self._db, self._region, self._month = db, region, month
        self._audience, self._rule, self._figures = audience, rule, figures
        self._prefix = region_prefix(region)
        self._past = {
            months_before(month, n): stock_figures(
                db, region, months_before(month, n), rule, audience
            )
            for n in range(1, CHART_MONTHS)
        }
        thresholds = loaded(db)
        self._thresholds = thresholds
        key = indicators().by_id[_KEY]
        self._levels: Levels = levels_of(db, key, region, month, thresholds)

    def rows(self) -> Iterator[RegionRow]:
        """Yield the region itself and what lies directly in it."""
        for place in (self._region, *vocabulary().children(self._region)):
            printed = {name: self._figures.text(name, place) for name in MEASURES}
            yield RegionRow(
                vocabulary().full_name(place), place, printed, self._change(place),
                self._level(place), self._chart(place),
            )  # fmt: skip

    def _chart(self, place: str) -> Points:
        past = [self._stock(m, place) for m in sorted(self._past)]
        return [*past, self._figures.value(STOCK, place)]

    def _stock(self, month: date, place: str) -> int | None:
        """Return the stock of a past month where it may be printed."""
        figures = self._past[month]
        return figures.value(STOCK, place) if figures else None

    def _change(self, place: str) -> str:
        """Return the change in a year where both figures may be printed."""
        now = self._figures.value(STOCK, place)
        then = self._stock(months_before(self._month, 12), place)
        if now is None or then is None or then < self._rule.denominator:
            return "—"
        return f"{100 * (now - then) / then:+.1f}%"

    def _level(self, place: str) -> str:
        """Return the level; of a figure that is hidden it would say too much."""
        reading = self._levels.effective(place, self._month)
        is_hidden = self._figures.is_there(STOCK, place) and (
            self._figures.value(STOCK, place) is None
        )
        ranked = reading.level in ("blue", "yellow", "red")
        return "—" if is_hidden and ranked else NAMES[reading.level]

    def levels(self) -> dict[str, str]:
        """Return the level of every region as it may be printed."""
        return {place: self._level(place) for place in self._figures.regions}

    def rank(self) -> Iterator[RankRow]:
        """Yield what lies directly in the region by the re-employed of the year; hidden ones last.

        Only months that may be printed are added up: where one may not, neither may the sum.
        """
        past = [
            stock_figures(self._db, self._region, date(self._month.year, number, 1), self._rule,
                          self._audience, REEMPLOYED)
            for number in range(1, self._month.month)
        ]  # fmt: skip
        sums = {}
        for place in vocabulary().children(self._region):
            months = [figures.value(REEMPLOYED, place) if figures else None for figures in past]
            printed = [*months, self._figures.value(REEMPLOYED, place)]
            whole = [item for item in printed if item is not None]
            sums[place] = sum(whole) if len(whole) == len(printed) else None
        for place in sorted(sums, key=lambda item: (-(sums[item] or 0), item)):
            total = sums[place]
            above = sum((item or 0) > (total or 0) for item in sums.values())
            yield RankRow(
                "—" if total is None else str(above + 1), vocabulary().full_name(place),
                self._figures.text(REEMPLOYED, place), "—" if total is None else f"{total:,}",
            )  # fmt: skip

    def headline(self, row: RegionRow) -> str:
        """Return the first sentence."""
        month = f"{self._month:%Y年%-m月}"
        if not self._figures.is_there(STOCK, self._region):
            share = self._levels.series.completeness(self._region, self._month)
            return _SAY(
                "headline_without_stock", region=row.name, month=month, percent=f"{100 * share:.0f}"
            )
        year = "" if row.change == "—" else _SAY("change_clause", change=row.change)
        flows = _SAY("flows", inflow=row.figures[INFLOW], reemployed=row.figures[REEMPLOYED])
        stock = _SAY("stock", month=month, stock=row.figures[STOCK], change=year, level=row.level)
        return _SAY("headline", region=row.name, stock=stock, flows=flows)

    def moved(self, rows: tuple[RegionRow, ...]) -> Iterator[str]:
        """Yield what moved: alerts of the month, unusual figures, the largest changes."""
        begin, end = self._month, months_before(self._month, -1)
        for alert in self._alerts():
            name = vocabulary().full_name(alert.region)
            indicator = indicators().by_id[alert.indicator]
            if begin <= alert.month < end:
                level = NAMES[alert.level]  # type: ignore[index]
                text = _SAY("alert_opened", region=name, indicator=indicator.name, level=level)
                yield alert.evidence if self._may_show(alert, indicator) else text
        yield from self._unusual()
        changed = [row for row in rows[1:] if row.change != "—"]
        for row in sorted(changed, key=lambda item: -abs(float(item.change[:-1])))[:3]:
            yield _SAY(
                "region_change", region=row.name, stock=row.figures[STOCK], change=row.change
            )

    def _alerts(self) -> list[Alert]:
        query = select(Alert).where(Alert.closed_at.is_(None)).order_by(Alert.id)
        return [item for item in self._db.scalars(query) if item.region.startswith(self._prefix)]

    def _may_show(self, alert: Alert, indicator: Indicator) -> bool:
        """Tell whether the evidence of an alert names nothing that is hidden."""
        if not indicator.counts_people:
            return True
        then = self._stock(months_before(self._month, 12), alert.region)
        now = self._figures.value(indicator.measure, alert.region)
        return indicator.measure == STOCK and None not in (now, then)

    def _unusual(self) -> Iterator[str]:
        """Yield figures that are unusual for place and season, each with its back-test."""
        deviations = indicators().unusual_deviations
        for measure, name in _WATCHED.items():
            series, indicator = read_series(self._db, measure), indicators().by_id[name]
            for place in (self._region, *vocabulary().children(self._region)):
                values = history(series, place, 1.0)
                if self._figures.value(measure, place) is None:
                    continue
                if is_unusual(values, self._month, deviations, indicator.falls):
                    tested = back_test(values, self._month, deviations, indicator.falls)
                    display_name = vocabulary().full_name(place)
                    yield _SAY(
                        "unusual_figure",
                        region=display_name,
                        indicator=indicator.name,
                        back_test=tested,
                    )

    def firms(self) -> Iterator[FirmRow]:
        """Yield the firms on the list."""
        query = (
            select(WarningCase)
            .where(WarningCase.state.in_(_ON_LIST), WarningCase.base >= self._rule.firm_base)
            .order_by(WarningCase.district, WarningCase.day)
        )
        for item in self._db.scalars(query):
            if item.district.startswith(self._prefix):
                place = vocabulary().full_name(item.district)
                yield FirmRow(item.name, place, GRADES[item.grade], item.day, STATES[item.state])

    def firm_counts(self) -> str:
        """Return how many firms are in which state; outside only of those on the list."""
        counts: dict[str, int] = {}
        for state, place in self._db.execute(select(WarningCase.state, WarningCase.district)):
            if place.startswith(self._prefix):
                counts[state] = counts.get(state, 0) + 1
        states = [s for s in STATES if self._audience == "inside" or s in (*_ON_LIST, "resolved")]
        return "，".join(f"{STATES[item]}{counts.get(item, 0)}家" for item in states)

    def indicator_rows(self) -> Iterator[IndicatorRow]:
        """Yield every indicator with its figure, level or the reason why there is none."""
        for item in indicators().by_id.values():
            if item.unavailable:
                yield IndicatorRow(item, "缺数", item.unavailable)
            elif item.measure in MEASURES:
                text = self._figures.text(item.measure, self._region)
                is_printed = self._figures.value(item.measure, self._region) is not None
                levels = self._levels_of(item)
                yield IndicatorRow(item, text, self._state(levels) if is_printed else "")
            elif item.has_lines or item.measure:
                yield self._from_series(item)
            else:
                computed = figure(self._db, item.computed, self._region, self._month)
                is_small = item.counts_people and (computed.value or 0) < self._rule.people
                hidden = f"<{self._rule.people}" if is_small else None
                below = computed.denominator
                if below is not None and below < self._rule.denominator:
                    hidden = "—"
                text = "缺数" if computed.value is None else hidden or f"{computed.value:,.1f}"
                yield IndicatorRow(item, text.removesuffix(".0"), computed.note)

    def _from_series(self, item: Indicator) -> IndicatorRow:
        levels = self._levels_of(item)
        series = levels.series
        if series.completeness(self._region, self._month) < 1:
            return IndicatorRow(item, "缺数", _completeness(series, self._region, self._month))
        total = series.total(series.delivered(self._region, self._month), self._month)
        if item.counts_people and total < self._rule.people:
            return IndicatorRow(item, f"<{self._rule.people}", "")
        return IndicatorRow(item, f"{total:,.0f}", self._state(levels))

    def _levels_of(self, item: Indicator) -> Levels:
        return levels_of(self._db, item, self._region, self._month, self._thresholds)

    def _state(self, levels: Levels) -> str:
        if not levels.indicator.has_lines:
            return ""
        return NAMES[levels.effective(self._region, self._month).level]

    def data_notes(self) -> Iterator[str]:
        """Yield what is missing or does not add up."""
        stock, inflow, outflow = (read_series(self._db, name) for name in MEASURES[:3])
        delivered = set(stock.delivered(self._region, self._month))
        missing = [item for item in districts(self._region) if item not in delivered]
        if missing:
            names = "、".join(vocabulary().full_name(item) for item in missing[:12])
            others = _SAY("other_districts", count=len(missing)) if len(missing) > 12 else ""
            yield _SAY("reports_missing", districts=names, others=others)
        gaps = stock_gaps(stock, inflow, outflow, self._month)
        inside = [item for item in gaps if item.startswith(self._prefix)]
        if inside:
            names = "、".join(vocabulary().full_name(item) for item in sorted(inside)[:12])
            yield _SAY("stock_does_not_add_up", districts=names)
        yield _SAY("data_until", moment=f"{clock.now():%Y-%m-%d %H:%M}")


def _completeness(series: Series, region: str, month: date) -> str:
    return _SAY("districts_delivered", percent=f"{100 * series.completeness(region, month):.0f}")

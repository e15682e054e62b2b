"""The level of an indicator in a region and month: blue, yellow or red, or why there is none."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Literal

from bot.vocabulary.vocabulary import vocabulary
from bot.warning.indicators import Indicator, Indicators
from bot.warning.months import last_day, months_before
from bot.warning.rule_figures import region_prefix
from bot.warning.series import Series
from bot.warning.thresholds import LEVELS, Break, Threshold, ThresholdLine
from bot.wording import wording
from bot.workdays import first_day

_SAY = wording("warning")

Level = Literal["blue", "yellow", "red", "missing", "unset", "break"]
NAMES: Mapping[Level, str] = {
    "blue": "蓝色安全区", "yellow": "黄色风险区", "red": "红色高危区",
    "missing": "缺数", "unset": "未设线", "break": "不可比",
}  # fmt: skip
RANK: Mapping[Level, int] = {"blue": 0, "yellow": 1, "red": 2}


@dataclass(frozen=True)
class LevelReading:
    """The level of a region and month with what it rests on."""

    region: str
    month: date
    level: Level
    figure: float | None
    """The figure itself; None where too few districts delivered."""
    compared: float | None
    """Change or share in per cent, or the figure with an absolute line."""
    why: str
    """What it rests on, in plain Chinese."""
    line: ThresholdLine | None = None


@dataclass(frozen=True)
class Levels:
    """Works out levels of one indicator."""

    indicator: Indicator
    all_indicators: Indicators
    threshold: Threshold | None
    series: Series
    divisor: Series | None = None
    """The measure by which a share is made."""

    def effective(self, region: str, month: date) -> LevelReading:
        """Return the level that holds: a level falls only after so many months below its line."""
        now = self.reading(region, month)
        if now.line is None or now.level not in RANK:
            return now
        readings = [self.reading(region, months_before(month, n)) for n in range(1, now.line.hold)]
        ranked = [item for item in (now, *readings) if item.level in RANK]
        worst = max(ranked, key=lambda item: RANK[item.level])
        if worst.level == now.level:
            return now
        return replace(
            now,
            level=worst.level,
            why=_SAY("level_held", why=now.why, month=f"{worst.month:%Y年%m月}"),
        )

    def reading(self, region: str, month: date) -> LevelReading:
        """Return the level of a month by itself."""
        line = self._line(region, month)
        if line is None:
            return LevelReading(region, month, "unset", self._figure(region, month), None, "未设线")
        complete = self.series.completeness(region, month)
        if complete < line.complete or not self.series.delivered(region, month):
            why = _SAY(
                "too_few_delivered",
                delivered=f"{100 * complete:.0f}",
                minimum=f"{100 * line.complete:.0f}",
            )
            return LevelReading(region, month, "missing", None, None, why, line)
        return self._compared(region, month, line)

    def _line(self, region: str, month: date) -> ThresholdLine | None:
        if self.threshold is None:
            return None
        day = last_day(month)
        fitting = [
            (len(region_prefix(code)), item.effective_from, index)
            for index, item in enumerate(self.threshold.lines)
            if item.effective_from <= day
            and (item.effective_to is None or day <= item.effective_to)
            for code in item.regions
            if region.startswith(region_prefix(code))
        ]
        return self.threshold.lines[max(fitting)[2]] if fitting else None

    def _figure(self, region: str, month: date) -> float | None:
        places = self.series.delivered(region, month)
        return self.series.total(places, month) if places else None

    def _compared(self, region: str, month: date, line: ThresholdLine) -> LevelReading:
        """Compare with what the line asks for, on the districts that delivered both."""
        figure = self._figure(region, month)
        if line.compare == "absolute":
            return self._judged(region, month, line, figure, figure, "")
        if line.compare == "share_of":
            return self._share(region, month, line, figure)
        months = self._months(month, line)
        if months is None:
            return LevelReading(region, month, "break", figure, None, _SAY("same_month_only"), line)
        crossed = self._break_between(min(months), month)
        if crossed:
            why = _SAY("series_break", day=crossed.day, reason=crossed.reason)
            return LevelReading(region, month, "break", figure, None, why, line)
        places = [
            item
            for item in self.series.delivered(region, month)
            if all((item, other) in self.series.values for other in months)
        ]
        if len(places) < line.complete * len(self.series.delivered(region, month)) or not places:
            return LevelReading(
                region, month, "missing", figure, None, _SAY("compared_months_missing"), line
            )
        then = sum(self.series.total(places, item) for item in months) / len(months)
        now = self.series.total(places, month)
        if then < line.minimum:
            return self._above(region, month, line, then)
        change = 100 * (now - then) / then if then else 0.0
        return self._judged(region, month, line, figure, change, f"比{then:,.0f}")

    def _share(
        self, region: str, month: date, line: ThresholdLine, figure: float | None
    ) -> LevelReading:
        places = self.series.delivered(region, month)
        divisor = self.divisor.values if self.divisor else {}
        if not all((item, month) in divisor for item in places):
            return LevelReading(
                region, month, "missing", figure, None, f"{line.share_of}缺数", line
            )
        total = sum(divisor[item, month] for item in places)
        if total < line.minimum or not total:
            return self._above(region, month, line, total)
        share = 100 * (figure or 0.0) / total
        return self._judged(region, month, line, figure, share, f"除以{total:,.0f}")

    def _above(self, region: str, month: date, line: ThresholdLine, base: float) -> LevelReading:
        """Return the level of the city, or province, above a region with a small base."""
        parent = vocabulary().regions[region].parent
        why = _SAY("base_too_small", base=f"{base:,.0f}", minimum=f"{line.minimum:,.0f}")
        figure = self._figure(region, month)
        if parent is None:
            return LevelReading(region, month, "missing", figure, None, why, line)
        above = self.reading(parent, month)
        display_name = vocabulary().full_name(parent)
        return LevelReading(
            region, month, above.level, figure, None, f"{why}，看{display_name}", line
        )

    def _months(self, month: date, line: ThresholdLine) -> Sequence[date] | None:
        """Return the months to compare with; None where last month is no comparison."""
        if line.compare == "same_month_last_year":
            return [months_before(month, 12)]
        if line.compare == "mean_3_years":
            return [months_before(month, 12 * n) for n in (1, 2, 3)]
        last_month = months_before(month, 1)
        if any(self._same_month_only(item) for item in (month, last_month)):
            return None
        return [last_month]

    def _same_month_only(self, month: date) -> bool:
        if month.month in self.all_indicators.same_month_only:
            return True
        day = first_day({self.all_indicators.same_month_holiday}, month.year)
        return day is not None and day.month == month.month

    def _break_between(self, first: date, last: date) -> Break | None:
        breaks = self.threshold.breaks if self.threshold else ()
        return next((item for item in breaks if first < item.day <= last_day(last)), None)

    def _judged(
        self, region: str, month: date, line: ThresholdLine, figure: float | None,
        value: float | None, basis: str,
    ) -> LevelReading:  # fmt: skip
        level: Level = "blue"
        value_text = f"{value:,.1f}{'' if line.compare == 'absolute' else '%'}"
        why = f"{basis}，为{value_text}" if basis else f"为{value_text}"
        for name in LEVELS:
            limit = line.levels[name]
            reached = (value or 0.0) <= limit if self.indicator.falls else (value or 0.0) >= limit
            if reached:
                level = "red" if name == "red" else "yellow"
                why = f"{basis}，为{value_text}，线{limit:g}，{line.cited[name]}".lstrip("，")
        return LevelReading(region, month, level, figure, value, why, line)

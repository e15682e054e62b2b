"""Indicators: definition, source and dimension of each, from data/warning/indicators.yml."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from bot.caches import process_cache
from bot.warning.rule_figures import folder
from bot.warning.yaml_file import YamlEntry, check, read_file

DIMENSIONS = ("数量", "质量", "环境", "创业", "景气度")
_SOURCES = ("measure", "computed", "unavailable")
_FLAGS = ("stock", "people", "lines", "down")
_FIELDS = (
    "number", "name", "dimension", "unit", "definition", "from", *_SOURCES, *_FLAGS,
)  # fmt: skip


@dataclass(frozen=True)
class Indicator:
    """Definition of a figure and its source."""

    id: str
    number: int
    """1 to 13 in docs/warning.md; several indicators may share one."""
    name: str
    dimension: str
    unit: str
    definition: str
    source: str
    measure: str
    """The column of offices' sheets; empty for none."""
    computed: str
    """The function of bot.warning.computed; empty for none."""
    unavailable: str
    """Why there is no source yet; empty where there is one."""
    is_stock: bool
    """Whether months are not added up over time."""
    counts_people: bool
    """Whether few of them are hidden."""
    has_lines: bool
    falls: bool
    """Whether less is worse."""


@dataclass(frozen=True)
class Indicators:
    """All of them, and the months in which only the same month is a comparison."""

    by_id: Mapping[str, Indicator]
    same_month_only: tuple[int, ...]
    same_month_holiday: str
    unusual_deviations: float
    """Robust deviations from which on a figure is unusual for its place and season."""


def indicators() -> Indicators:
    """Return the indicators of this installation. Raises WarningFileErrors."""
    return read_indicators(folder() / "indicators.yml")


@process_cache(size=2)
def read_indicators(path: Path) -> Indicators:
    """Read a file of indicators. Raises WarningFileErrors."""
    file = read_file(path)
    file.only("indicators", "same_month_only", "same_month_holiday", "unusual_deviations")
    by_id = {name: _indicator(name, item) for name, item in file.each("indicators")}
    months = tuple(int(item) for item in file.texts("same_month_only") if item.isdigit())
    holiday = file.text("same_month_holiday")
    deviations = file.number("unusual_deviations") or 0.0
    check(file)
    return Indicators(by_id, months, holiday, deviations)


def _indicator(name: str, item: YamlEntry) -> Indicator:
    item.only(*_FIELDS)
    sources = [key for key in _SOURCES if item.values.get(key)]
    if len(sources) != 1:
        item.fault("measure", f"needs one of {', '.join(_SOURCES)}")
    number = item.number("number")
    if number is not None and not 1 <= number <= 13:
        item.fault("number", f"{number:g} is none of 1 to 13")
    measure, computed, unavailable = (item.text(key, required=False) for key in _SOURCES)
    stock, people, lines, down = (item.values.get(key) is True for key in _FLAGS)
    return Indicator(
        name, int(number or 0), item.text("name"), item.choice("dimension", DIMENSIONS),
        item.text("unit"), item.text("definition"), item.text("from"), measure, computed,
        unavailable,
        stock, people, lines, down,
    )  # fmt: skip

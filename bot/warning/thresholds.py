"""Lines of indicators: dated, regional and cited; checked, compared and loaded from files.

None is shipped, since the founding text gives no value: a region without a line reads 未设线. The
form is in docs/warning.md.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from pathlib import Path
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot import clock
from bot.db.tables import ThresholdVersion
from bot.vocabulary.vocabulary import vocabulary
from bot.warning.errors import WarningFault, WarningFileErrors
from bot.warning.indicators import indicators
from bot.warning.rule_figures import Response, folder, read_responses
from bot.warning.sheet_rows import measures
from bot.warning.yaml_file import FigureSource, YamlEntry, check, read_file
from bot.wording import wording

_SAY = wording("warning")

COMPARISONS = ("same_month_last_year", "last_month", "mean_3_years", "absolute", "share_of")
LEVELS = ("yellow", "red")
_FIELDS = (
    "effective_from", "effective_to", "regions", "sources", "compare", "share_of", "complete",
    "hold", "minimum", "responses", *LEVELS,
)  # fmt: skip


@dataclass(frozen=True)
class ThresholdLine:
    """The lines of an indicator as they hold from a day on in some regions."""

    effective_from: date
    effective_to: date | None
    regions: tuple[str, ...]
    compare: str
    share_of: str
    """The measure by which it is divided; empty unless `compare` is share_of."""
    levels: Mapping[str, float]
    """Per cent of change or share, or the figure itself with `absolute`."""
    cited: Mapping[str, str]
    """The document of each level."""
    complete: float
    """Share of districts that must have delivered; below it there is no level: 缺数."""
    hold: int
    """Months below the line before a level falls."""
    minimum: float
    """Figure to compare with below which the level of the region above counts."""
    responses: Mapping[str, tuple[Response, ...]]


@dataclass(frozen=True)
class Break:
    """A day on which the definition of an indicator changed: nothing is compared across it."""

    day: date
    reason: str


@dataclass(frozen=True)
class Threshold:
    """The lines and breaks of an indicator."""

    indicator: str
    lines: tuple[ThresholdLine, ...]
    breaks: tuple[Break, ...]

    def as_json(self) -> str:
        """Return it as canonical JSON."""
        return json.dumps(asdict(self), ensure_ascii=False, sort_keys=True, default=str)


def read_thresholds(place: Path | None = None) -> dict[str, Threshold]:
    """Read all files of a folder. Raises WarningFileErrors with every fault of all of them."""
    faults: list[WarningFault] = []
    read: dict[str, Threshold] = {}
    for path in sorted((place or folder() / "thresholds").glob("*.yml")):
        try:
            item = _threshold(path)
        except WarningFileErrors as wrong:
            faults += wrong.faults
            continue
        if item.indicator in read:
            faults.append(WarningFault(path.name, 1, "id", f"{item.indicator} stands in two files"))
        read[item.indicator] = item
    if faults:
        raise WarningFileErrors(faults)
    return read


def _threshold(path: Path) -> Threshold:
    file = read_file(path)
    file.only("id", "versions", "breaks")
    name = file.text("id")
    indicator = indicators().by_id.get(name)
    if name and indicator is None:
        file.fault("id", f"{name} is no indicator of indicators.yml")
    elif indicator and not indicator.has_lines:
        file.fault("id", f"no line can be set for {name}")
    lines = [_line(item) for item in file.items("versions")]
    breaks = []
    for item in file.items("breaks", required=False):
        item.only("on", "reason")
        day = item.day("on")
        if day:
            breaks.append(Break(day, item.text("reason")))
    falls = bool(indicator and indicator.falls)
    for item, line in zip(file.items("versions"), lines, strict=True):
        _in_order(item, line, falls)
    check(file)
    return Threshold(name, tuple(line for line in lines if line), tuple(breaks))


def _line(item: YamlEntry) -> ThresholdLine | None:
    item.only(*_FIELDS)
    starts, ends = item.day("effective_from"), item.day("effective_to", required=False)
    regions, sources = item.texts("regions"), item.sources()
    for code in regions:
        if code not in vocabulary().regions:
            item.fault("regions", f"{code} is no region")
    compare = item.choice("compare", COMPARISONS)
    share_of = item.text("share_of", required=compare == "share_of")
    if share_of and share_of not in measures():
        item.fault("share_of", f"{share_of} is no measure of headers.yml")
    levels = {name: _level(item.entry(name), sources) for name in LEVELS}
    complete, hold = item.number("complete"), item.number("hold")
    if complete is not None and not 0 < complete <= 1:
        item.fault("complete", f"{complete:g} is no share from 0 to 1")
    minimum = item.number("minimum")
    group = item.entry("responses", required=False)
    responses = {name: read_responses(group, name) if group else () for name in LEVELS}
    if starts is None or None in (complete, hold, minimum):
        return None
    return ThresholdLine(
        starts, ends, regions, compare, share_of, {n: value for n, (value, _) in levels.items()},
        {n: cited for n, (_, cited) in levels.items()}, complete or 0.0, int(hold or 0),
        minimum or 0.0, responses,
    )  # fmt: skip


def _level(item: YamlEntry | None, sources: Mapping[str, FigureSource]) -> tuple[float, str]:
    if item is None:
        return 0.0, ""
    item.only("at_least", "source")
    source = sources.get(item.text("source"))
    if source is None:
        item.fault("source", "is no source of this version: a line without a document is no line")
    return item.number("at_least") or 0.0, str(source or "")


def _in_order(item: YamlEntry, line: ThresholdLine | None, falls: bool) -> None:
    """Note a fault when red is reached before yellow."""
    if line is None or not all(line.cited.values()):
        return
    yellow, red = (line.levels[name] for name in LEVELS)
    if (red > yellow) if falls else (red < yellow):
        item.fault("red", f"{red:g} is reached before yellow's {yellow:g}")


def load(db: Session, thresholds: Mapping[str, Threshold], staff: str) -> list[str]:
    """Load lines: what changed becomes a version, what is gone ends. Returns the changes."""
    changes = diff(db, thresholds)
    now = clock.now()
    current = {item.indicator: item for item in _current(db)}
    for name in {change.split("：")[0] for change in changes}:
        if name in current:
            current[name].ended_at = now
        item = thresholds.get(name)
        if item is not None:
            content = item.as_json()
            db.add(
                ThresholdVersion(
                    indicator=name, content=content, content_hash=_hash(content),
                    loaded_at=now, loaded_by=staff,
                )
            )  # fmt: skip
    db.flush()
    return changes


def diff(db: Session, thresholds: Mapping[str, Threshold]) -> list[str]:
    """Return what loading would change, one line an indicator, in Chinese."""
    current = {item.indicator: item for item in _current(db)}
    changes = []
    for name in sorted(current.keys() | thresholds.keys()):
        new, old = thresholds.get(name), current.get(name)
        if new is None:
            changes.append(_SAY("threshold_removed", indicator=name))
        elif old is None:
            changes.append(_SAY("threshold_added", indicator=name, versions=len(new.lines)))
        elif old.content_hash != _hash(new.as_json()):
            changes.append(_SAY("threshold_changed", indicator=name, versions=len(new.lines)))
    return changes


def loaded(db: Session) -> dict[str, Threshold]:
    """Return the lines that are loaded."""
    return {item.indicator: _of_json(item.content) for item in _current(db)}


def _current(db: Session) -> Sequence[ThresholdVersion]:
    return db.scalars(select(ThresholdVersion).where(ThresholdVersion.ended_at.is_(None))).all()


def _hash(content: str) -> str:
    return hashlib.sha256(content.encode()).hexdigest()


def _of_json(content: str) -> Threshold:
    values = json.loads(content)
    return Threshold(
        values["indicator"],
        tuple(_line_of(item) for item in values["lines"]),
        tuple(Break(date.fromisoformat(item["day"]), item["reason"]) for item in values["breaks"]),
    )


def _line_of(values: dict[str, Any]) -> ThresholdLine:
    ends = values["effective_to"]
    return ThresholdLine(
        **{
            **values,
            "effective_from": date.fromisoformat(values["effective_from"]),
            "effective_to": date.fromisoformat(ends) if ends else None,
            "regions": tuple(values["regions"]),
            "responses": {
                level: tuple(Response(**item) for item in listed)
                for level, listed in values["responses"].items()
            },
        }
    )

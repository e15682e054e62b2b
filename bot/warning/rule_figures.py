"""Figures of the 10 % rule and the reasons for which an employment ends, from data/warning."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, fields
from datetime import date
from pathlib import Path
from typing import Any, Protocol, TypeVar

from bot.settings import settings
from bot.warning.yaml_file import FigureSource, YamlEntry, check, read_file


class Dated(Protocol):
    """A version of a file: from when and where it holds."""

    @property
    def effective_from(self) -> date:
        """Return the first day on which it holds."""

    @property
    def regions(self) -> tuple[str, ...]:
        """Return the codes of the regions for which it holds."""


Version = TypeVar("Version", bound=Dated)


@dataclass(frozen=True)
class LeaverRule:
    """Figures of the 10 % rule; shares in whole percent, periods in days, counts in persons."""

    share_percent: int
    window_days: int
    look_ahead_days: int
    filings_share_percent: int
    base_age_days: int
    no_base_leavers: int
    small_base: int
    strong_leavers: int
    strong_permille: int
    usual_base: int
    usual_years: int
    transfer_percent: int
    transfer_days: int
    again_leavers: int
    again_percent: int
    late_months: int


@dataclass(frozen=True)
class Response:
    """A measure and the office that carries it out."""

    measure: str
    office: str
    days: int | None
    """Working days; None where the office set none: 未设."""


@dataclass(frozen=True)
class RuleVersion:
    """The rule as it holds from a day on in some regions."""

    effective_from: date
    regions: tuple[str, ...]
    rule: LeaverRule
    sources: Mapping[str, FigureSource]
    source_of: Mapping[str, str]
    """The key of each figure's source."""
    texts: Mapping[str, str]
    dispatch_industries: tuple[str, ...]
    services: tuple[Response, ...]
    """What is done for a firm on the list."""
    emergencies: tuple[Response, ...]
    """What is done besides when it gets worse."""


@dataclass(frozen=True)
class Reason:
    """A reason for which an employment ends."""

    code: str
    text: str
    names: tuple[str, ...]
    article: str
    counts: bool
    by_employer: bool


@dataclass(frozen=True)
class ReasonVersion:
    """The reasons as they hold from a day on in some regions."""

    effective_from: date
    regions: tuple[str, ...]
    reasons: Mapping[str, Reason]
    sources: Mapping[str, FigureSource]


def folder() -> Path:
    """Return the folder of early warning's data files."""
    return settings().data_file("warning")


def region_prefix(region: str) -> str:
    """Return the digits that all codes within a region begin with: 210000 → 21, 210100 → 2101."""
    return region[:2] if region.endswith("0000") else region[:4] if region[4:] == "00" else region


def in_force(versions: Sequence[Version], region: str, day: date) -> Version | None:
    """Return the version for a region on a day: of the narrowest region named, the newest."""
    fitting = [
        (len(region_prefix(code)), item.effective_from, index)
        for index, item in enumerate(versions)
        if item.effective_from <= day
        for code in item.regions
        if region.startswith(region_prefix(code))
    ]
    return versions[max(fitting)[2]] if fitting else None


def figures(
    version: YamlEntry, names: Sequence[str], sources: Mapping[str, FigureSource]
) -> dict[str, tuple[int, str, str]]:
    """Return value, source key and text of each figure of a version; each must be there."""
    group = version.entry("figures")
    read = {}
    for name in names if group else ():
        item = group.entry(name) if group else None
        if item is None:
            continue
        value, source = item.number("value"), item.text("source")
        if value is not None and (value < 1 or value != int(value)):
            item.fault("value", f"{value} is no whole number from 1 on")
        if source and source not in sources:
            item.fault("source", f"{source} is no source of this version")
        item.text("unit")
        read[name] = (int(value or 0), source, item.text("text"))
    if group:
        group.only(*names)
    return read


def read_responses(entry: YamlEntry, key: str) -> tuple[Response, ...]:
    """Return the measures of a list: [what, who, working days], the last may be missing."""
    read = []
    for row in entry.values.get(key) or ():
        days = row[2] if isinstance(row, list) and len(row) == 3 else None
        if not isinstance(row, list) or len(row) not in (2, 3) or not (days is None or _days(days)):
            entry.fault(key, f"{row!r} is not [what, who, working days]")
            continue
        read.append(Response(str(row[0]), str(row[1]), days))
    return tuple(read)


def _days(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and value > 0


def read_rule(path: Path | None = None) -> tuple[RuleVersion, ...]:
    """Read the rule. Raises WarningFileErrors."""
    file = read_file(path or folder() / "rule.yml")
    names = [item.name for item in fields(LeaverRule)]
    versions = []
    for version in file.items("versions"):
        sources = version.sources()
        read = figures(version, names, sources)
        starts, regions = version.day("effective_from"), version.texts("regions")
        industries = version.texts("dispatch_industries")
        services = read_responses(version, "services")
        emergencies = read_responses(version, "emergencies")
        if starts and len(read) == len(names):
            rule = LeaverRule(**{name: value for name, (value, _, _) in read.items()})
            source_of = {name: source for name, (_, source, _) in read.items()}
            texts = {name: text for name, (_, _, text) in read.items()}
            versions.append(
                RuleVersion(
                    starts,
                    regions,
                    rule,
                    sources,
                    source_of,
                    texts,
                    industries,
                    services,
                    emergencies,
                )
            )
    check(file)
    return tuple(versions)


def read_reasons(path: Path | None = None) -> tuple[ReasonVersion, ...]:
    """Read the reasons. Raises WarningFileErrors."""
    file = read_file(path or folder() / "reasons.yml")
    versions = []
    for version in file.items("versions"):
        sources = version.sources()
        reasons = {code: _reason(code, item, sources) for code, item in version.each("reasons")}
        starts, regions = version.day("effective_from"), version.texts("regions")
        if starts:
            versions.append(ReasonVersion(starts, regions, reasons, sources))
    check(file)
    return tuple(versions)


def _reason(code: str, item: YamlEntry, sources: Mapping[str, FigureSource]) -> Reason:
    if item.text("source") not in sources:
        item.fault("source", "is no source of this version")
    flags = {name: item.values.get(name) for name in ("counts", "by_employer")}
    for name, value in flags.items():
        if not isinstance(value, bool):
            item.fault(name, "must be true or false")
    return Reason(
        code, item.text("text"), item.texts("names"), item.text("article"),
        flags["counts"] is True, flags["by_employer"] is True,
    )  # fmt: skip


def frozen_form(rule: RuleVersion, reasons: ReasonVersion) -> dict[str, Any]:
    """Return rule and reasons as JSON values, to be kept with a frozen list."""
    return {
        "rule": asdict(rule.rule),
        "dispatch_industries": list(rule.dispatch_industries),
        "reasons": {r.code: [r.counts, r.by_employer] for r in reasons.reasons.values()},
    }

"""Duty files (data/duties/*.yml): deadlines, limits and lists as dated, regional, cited entries."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any

from bot.casework.errors import DutyErrors, DutyFault
from bot.settings import Settings
from bot.yaml_files import YamlFileError, line_of, line_of_item, read_yaml_with_lines

#: Kinds of values; `choice` has its own list, the others are whole numbers from 0.
UNITS = ("times", "day", "day_of_month", "month", "hour", "minute", "count", "choice")
#: Grades of sources: founding text, law, official text in a second copy, second-hand, not seen.
GRADES = ("A", "B1", "B2", "C", "D")
#: Never reasons to end a registration (辽人社建〔2025〕21号 二(一)); the schema refuses them too.
FORBIDDEN_REASONS = ("refused_3", "unreachable_6m")


@dataclass(frozen=True)
class DutySource:
    """A document that an entry is cited from."""

    document: str
    issuer: str
    grade: str
    number: str = ""
    article: str = ""

    def cited(self) -> str:
        """Return the citation as a page shows it: document, number, article."""
        document = self.document if self.document.startswith("对") else f"《{self.document}》"
        number = f"（{self.number}）" if self.number else ""
        return f"{document}{number}{self.article}"


@dataclass(frozen=True)
class DutyVersion:
    """A value with the regions and days for which it holds."""

    value: str
    regions: tuple[str, ...]
    """GB/T 2260 codes of six digits."""
    effective_from: date
    effective_to: date | None
    """The last day; None while it holds."""
    source: DutySource


@dataclass(frozen=True)
class DutyFigure:
    """A figure of a duty; without versions it is set by no paper."""

    key: str
    label: str
    unit: str
    versions: tuple[DutyVersion, ...]
    choices: tuple[str, ...] = ()


@dataclass(frozen=True)
class DutyItem:
    """One entry of a list, such as a reason of exit."""

    list: str
    code: str
    label: str
    version: DutyVersion


@dataclass(frozen=True)
class Duties:
    """All duty files together."""

    figures: tuple[DutyFigure, ...]
    items: tuple[DutyItem, ...]

    def unset(self) -> list[DutyFigure]:
        """Return the figures that no paper sets."""
        return [figure for figure in self.figures if not figure.versions]


def duty_folders(using: Settings, demo: bool = False) -> list[Path]:
    """Return the folders of an installation: ours, the demo's, those that the office has set."""
    return [
        using.data / "duties",
        *([using.data / "demo" / "duties"] if demo else []),
        *using.duties,
    ]


def read_duties(folders: Iterable[Path], regions: set[str]) -> Duties:
    """Read all files of some folders; `regions` are the codes that exist.

    A later folder adds versions to figures of an earlier one. Raises DutyErrors with every fault.
    """
    figures: dict[str, DutyFigure] = {}
    items: list[DutyItem] = []
    faults: list[DutyFault] = []
    for file in (file for folder in folders for file in sorted(folder.glob("*.yml"))):
        reader = _DutyReader(file, regions, figures)
        items += reader.items()
        for figure in reader.figures():
            earlier = figures.get(figure.key)
            versions = (*(earlier.versions if earlier else ()), *figure.versions)
            label = figure.label or (earlier.label if earlier else "")
            figures[figure.key] = DutyFigure(
                figure.key, label, figure.unit, versions, figure.choices
            )
        faults += reader.faults
    if faults:
        raise DutyErrors(sorted(faults, key=lambda fault: (fault.file, fault.line)))
    return Duties(tuple(figures.values()), tuple(items))


class _DutyReader:
    """Reads one file and collects its faults."""

    def __init__(
        self, file: Path, regions: set[str], earlier_figures: Mapping[str, DutyFigure]
    ) -> None:
        self.faults: list[DutyFault] = []
        self._file, self._regions, self._earlier = file, regions, earlier_figures
        self._content = self._load()
        self._sources = {
            str(key): source
            for key, entry in self._mapping(self._content, "sources").items()
            if (source := self._source(str(key), entry)) is not None
        }

    def figures(self) -> list[DutyFigure]:
        entries = self._mapping(self._content, "figures")
        return [
            self._figure(str(key), entry, line_of(entries, key)) for key, entry in entries.items()
        ]

    def items(self) -> list[DutyItem]:
        duty_items = []
        for name, entry in self._mapping(self._content, "lists").items():
            items = self._mapping(entry, "items")
            for code, item in items.items():
                line = line_of(items, code)
                path = f"lists.{name}.items.{code}"
                if name == "exit_reasons" and str(code) in FORBIDDEN_REASONS:
                    self._fault(line, path, "may never be a reason (辽人社建〔2025〕21号 二(一))")
                version = self._version(item, line, path, value="")
                if version is not None:
                    label = self._text(item, "label", line, path)
                    duty_items.append(DutyItem(str(name), str(code), label, version))
        return duty_items

    def _load(self) -> Any:
        try:
            content = read_yaml_with_lines(self._file, allow_empty=True)
        except YamlFileError as wrong:
            self._fault(wrong.line, "file", "is no YAML")
            return {}
        if isinstance(content, Mapping):
            return content
        self._fault(1, "file", "must have sources and figures or lists")
        return {}

    def _source(self, key: str, entry: Any) -> DutySource | None:
        line, path = line_of(self._content.get("sources"), key), f"sources.{key}"
        if not isinstance(entry, Mapping):
            self._fault(line, path, "must have named fields")
            return None
        grade = self._text(entry, "grade", line, path)
        if grade and grade not in GRADES:
            self._fault(line, f"{path}.grade", f"is none of {', '.join(GRADES)}")
        document, issuer = (self._text(entry, name, line, path) for name in ("document", "issuer"))
        number, article = str(entry.get("number") or ""), str(entry.get("article") or "")
        return DutySource(document, issuer, grade, number, article)

    def _figure(self, key: str, entry: Any, line: int) -> DutyFigure:
        path = f"figures.{key}"
        if not isinstance(entry, Mapping):
            self._fault(line, path, "must have named fields")
            return DutyFigure(key, "", "count", ())
        earlier = self._earlier.get(key)
        unit = str(entry.get("unit") or (earlier.unit if earlier else ""))
        if unit not in UNITS:
            self._fault(line, f"{path}.unit", f"{unit!r} is none of {', '.join(UNITS)}")
        choices = tuple(map(str, entry.get("choices") or (earlier.choices if earlier else ())))
        if unit == "choice" and not choices:
            self._fault(line, f"{path}.choices", "is missing")
        label = str(entry.get("label") or "")
        if not label and earlier is None:
            self._fault(line, f"{path}.label", "is missing")
        if "versions" not in entry:
            self._fault(line, f"{path}.versions", "is missing; [] says that no paper sets it")
        versions = []
        for number, version_entry in enumerate(entry.get("versions") or ()):
            version_line = line_of_item(entry["versions"], number, line)
            value = (
                str(version_entry.get("value", "")) if isinstance(version_entry, Mapping) else ""
            )
            self._check_value(value, unit, choices, version_line, path)
            version = self._version(version_entry, version_line, path, value)
            if version is not None:
                versions.append(version)
        return DutyFigure(key, label, unit, tuple(versions), choices)

    def _check_value(
        self, value: str, unit: str, choices: tuple[str, ...], line: int, path: str
    ) -> None:
        if unit == "choice":
            if value not in choices:
                self._fault(line, f"{path}.value", f"{value!r} is none of {', '.join(choices)}")
            return
        try:
            number = Decimal(value)
        except InvalidOperation:
            self._fault(line, f"{path}.value", f"{value!r} is no number")
            return
        if number < 0 or number != number.to_integral_value():
            self._fault(line, f"{path}.value", f"{value!r} is no whole number from 0")
        elif unit == "day_of_month" and not 1 <= number <= 28:
            self._fault(line, f"{path}.value", "is no day that every month has (1 to 28)")

    def _version(self, entry: Any, line: int, path: str, value: str) -> DutyVersion | None:
        if not isinstance(entry, Mapping):
            self._fault(line, path, "must have named fields")
            return None
        regions = tuple(map(str, entry.get("regions") or ()))
        if not regions:
            self._fault(line, f"{path}.regions", "is missing")
        for unknown in sorted(set(regions) - self._regions):
            self._fault(line, f"{path}.regions", f"{unknown!r} is no code of a region")
        starts, ends = (self._day(entry, name, line, path) for name in _DAYS)
        if starts is None:
            self._fault(line, f"{path}.effective_from", "is missing")
        elif ends is not None and ends < starts:
            self._fault(line, f"{path}.effective_to", "is before effective_from")
        source = self._sources.get(str(entry.get("source")))
        if source is None:
            self._fault(
                line, f"{path}.source", f"{entry.get('source')!r} is no source of this file"
            )
        if starts is None or source is None:
            return None
        return DutyVersion(value, regions, starts, ends, source)

    def _day(self, entry: Any, name: str, line: int, path: str) -> date | None:
        value = entry.get(name)
        if value is None or isinstance(value, date):
            return value
        self._fault(line, f"{path}.{name}", f"{value!r} is no date (2025-05-16)")
        return None

    def _text(self, entry: Any, name: str, line: int, path: str) -> str:
        value = str(entry.get(name) or "").strip()
        if not value:
            self._fault(line, f"{path}.{name}", "is missing")
        return value

    def _mapping(self, entry: Any, name: str) -> Any:
        value = entry.get(name) if isinstance(entry, Mapping) else None
        if value is None or isinstance(value, Mapping):
            return value or {}
        self._fault(line_of(entry, name), name, "must have named entries")
        return {}

    def _fault(self, line: int, field: str, reason: str) -> None:
        self.faults.append(DutyFault(self._file.name, line, field, reason))


_DAYS = ("effective_from", "effective_to")

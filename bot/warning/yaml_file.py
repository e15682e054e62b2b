"""YAML files of data/warning with the line of every entry, and the faults met while reading."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

from bot.warning.errors import WarningFault, WarningFileErrors
from bot.yaml_files import YamlFileError, line_of, line_of_item, read_yaml_with_lines


@dataclass(frozen=True)
class FigureSource:
    """A document that a figure rests on."""

    document: str
    number: str = ""
    article: str = ""
    dated: date | None = None

    def __str__(self) -> str:
        display_name = self.document if self.document.startswith("《") else f"《{self.document}》"
        number_text = f"（{self.number}）" if self.number else ""
        return f"{display_name}{number_text}{self.article}"


@dataclass
class YamlEntry:
    """A mapping of a file with its place; reading a field of it may add a fault."""

    file: str
    values: Mapping[str, Any]
    line: int
    path: str
    faults: list[WarningFault] = field(repr=False)

    def fault(self, key: str, reason: str) -> None:
        """Note a fault at a field of this entry, or at the entry for a missing one."""
        self.faults.append(
            WarningFault(self.file, self.line_of(key), f"{self.path}{key}".rstrip("."), reason)
        )

    def line_of(self, key: str) -> int:
        """Return the line of a field, counted from 1."""
        return line_of(self.values, key, self.line)

    def only(self, *allowed: str) -> None:
        """Note a fault for each field that is not allowed here."""
        for key in self.values:
            if key not in allowed:
                self.fault(str(key), "is not known here")

    def text(self, key: str, required: bool = True) -> str:
        """Return a text, empty where there is none."""
        value = self.values.get(key)
        if value in (None, ""):
            if required:
                self.fault(key, "is missing")
            return ""
        return str(value).strip()

    def day(self, key: str, required: bool = True) -> date | None:
        """Return a date."""
        value = self.values.get(key)
        if value is None and not required:
            return None
        if not isinstance(value, date):
            self.fault(key, "is missing" if value is None else f"{value!r} is no date")
            return None
        return value

    def number(self, key: str, required: bool = True) -> float | None:
        """Return a number; text and truth values are none."""
        value = self.values.get(key)
        if value is None and not required:
            return None
        if isinstance(value, bool) or not isinstance(value, int | float):
            self.fault(key, "is missing" if value is None else f"{value!r} is no number")
            return None
        return float(value)

    def choice(self, key: str, allowed: tuple[str, ...], default: str | None = None) -> str:
        """Return one of the allowed words."""
        value = self.values.get(key, default)
        if value not in allowed:
            self.fault(key, f"{value!r} is none of {', '.join(allowed)}")
            return allowed[0]
        return str(value)

    def texts(self, key: str) -> tuple[str, ...]:
        """Return a list of texts; missing is a fault."""
        value = self.values.get(key)
        if not isinstance(value, list) or not value:
            self.fault(key, "is missing" if value is None else "must be a list")
            return ()
        return tuple(str(item) for item in value)

    def entry(self, key: str, required: bool = True) -> YamlEntry | None:
        """Return an inner mapping."""
        value = self.values.get(key)
        if not isinstance(value, Mapping):
            if required or value is not None:
                self.fault(key, "is missing" if value is None else "must have named fields")
            return None
        return YamlEntry(self.file, value, self.line_of(key), f"{self.path}{key}.", self.faults)

    def each(self, key: str, required: bool = True) -> Iterator[tuple[str, YamlEntry]]:
        """Yield the inner mappings of a mapping by their names."""
        inner = self.entry(key, required)
        for name in inner.values if inner else ():
            item = inner.entry(str(name)) if inner else None
            if item:
                yield str(name), item

    def items(self, key: str, required: bool = True) -> Iterator[YamlEntry]:
        """Yield the mappings of a list."""
        value = self.values.get(key)
        if not isinstance(value, list) or not value:
            if required or value:
                self.fault(key, "is missing" if not value else "must be a list")
            return
        for index, item in enumerate(value):
            line = line_of_item(value, index, self.line_of(key))
            if isinstance(item, Mapping):
                yield YamlEntry(self.file, item, line, f"{self.path}{key}.", self.faults)
            else:
                self.faults.append(WarningFault(self.file, line, key, "must have named fields"))

    def sources(self) -> dict[str, FigureSource]:
        """Return the sources of a version; without one it is a fault."""
        return {
            name: FigureSource(
                item.text("document"),
                item.text("number", required=False),
                item.text("article", required=False),
                item.day("dated", required=False),
            )
            for name, item in self.each("sources")
        }


def read_file(path: Path) -> YamlEntry:
    """Read a file. Raises WarningFileErrors when it is missing or no mapping in YAML."""
    try:
        content = read_yaml_with_lines(path, allow_empty=True)
    except YamlFileError as wrong:
        raise _file_fault(path, wrong.line, wrong.reason) from wrong
    if not isinstance(content, Mapping):
        raise _file_fault(path, 1, "must have named fields")
    return YamlEntry(path.name, content, 1, "", [])


def check(entry: YamlEntry) -> None:
    """Raise WarningFileErrors when faults were met below an entry."""
    if entry.faults:
        raise WarningFileErrors(sorted(entry.faults, key=lambda item: item.line))


def _file_fault(path: Path, line: int, reason: str) -> WarningFileErrors:
    return WarningFileErrors([WarningFault(path.name, line, "file", reason)])

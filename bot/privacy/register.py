"""The register of personal data (data/privacy/register.yml): read, and checked against the tables.

个人信息保护法 第十七条 and 第十九条: what is kept for which purpose, and for how long.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any, Literal, get_args

from bot.caches import process_cache
from bot.db.tables import Base
from bot.privacy.errors import RegisterErrors, RegisterFault
from bot.settings import settings
from bot.yaml_files import YamlFileError, line_of, line_of_item, read_yaml_with_lines

#: Whom it is about; a person is one of the office's record, kept by a duty of law; unnamed: people
#: of whom nothing in the row tells who they are.
Subject = Literal["seeker", "person", "counsellor", "employer", "employee", "unnamed"]
#: How a person's rows are found: by the seeker's number, by an address, by a key that an address
#: is a part of, or through the rows of another table.
KeyKind = Literal["seeker", "address", "within", "through"]
_PERIOD = re.compile(r"P(\d{1,3})([DY])")
_DAYS = {"D": 1, "Y": 365}
_UNITS = {"D": "天", "Y": "年"}
#: 个人信息保护法 第十三条 has one paragraph of grounds, in seven items.
_GROUND = re.compile(r"第十三条第一款第[一二三四五六七]项")
_TEXT_KEYS = ("purpose", "ground")


@dataclass(frozen=True)
class Lookup:
    """One way by which the rows of a person are found."""

    key_kind: KeyKind
    column: str
    channel: str = ""
    """The column that holds the address's channel; `=web`: all rows are of that channel."""
    table: str = ""
    """Of `through`: the table whose rows they hang on, …"""
    to: str = ""
    """… and its column."""


@dataclass(frozen=True)
class End:
    """The end of rows: when it comes, and what happens then."""

    line: int
    period: timedelta = timedelta()
    period_text: str = ""
    """The period in Chinese: 30天."""
    moment: str = ""
    """The column from which the period runs."""
    since: str = ""
    """The moment in plain Chinese: 最后一句话."""
    other_table: str = ""
    """The table of that column when it is another one: the newest row of the same key counts."""
    join_columns: tuple[tuple[str, str], ...] = ()
    """Our column and its column, where `other_table` is set."""
    filters: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """Only rows whose columns hold one of these."""
    unless_in: tuple[str, ...] = ()
    """Not while one of these tables keeps something of the same seeker."""
    along: str = ""
    """They go with the rows of this table that they point to."""
    blank: Mapping[str, Any] = field(default_factory=dict)
    """What columns hold from then on; empty: the row is deleted."""

    @property
    def deletes(self) -> bool:
        """Tell whether the row goes, and not some columns alone."""
        return not self.blank


@dataclass(frozen=True)
class RegisterEntry:
    """A table that holds personal data."""

    name: str
    line: int
    subject: Subject
    description: str
    """What it is, as it is told to the person; tables that say the same are told as one."""
    purpose: str
    ground: str
    readers: tuple[str, ...]
    columns: Mapping[str, str]
    """The kind of each column."""
    found_by: tuple[Lookup, ...]
    ends: tuple[End, ...]
    oldest: str = ""
    """The column that tells how old a row is."""
    erased: Mapping[str, Any] = field(default_factory=dict)
    """What columns hold once the person is erased; empty: the row is deleted."""


@dataclass(frozen=True)
class Register:
    """All of it."""

    entries: Mapping[str, RegisterEntry]
    kinds: Mapping[str, str]
    readers: Mapping[str, str]
    without: Mapping[str, frozenset[str]]
    """Columns that hold nothing personal, by table."""

    def of_seekers(self) -> Iterator[RegisterEntry]:
        """Yield the tables that keep something of seekers."""
        return (entry for entry in self.entries.values() if entry.subject == "seeker")


def register() -> Register:
    """Return the register of this installation. Raises RegisterErrors."""
    return read_register(settings().data_file("privacy", "register.yml"))


@process_cache(size=4)
def read_register(file: Path) -> Register:
    """Read a register. Raises RegisterErrors with every fault that is found."""
    try:
        content: Any = read_yaml_with_lines(file, allow_empty=True)
    except YamlFileError as wrong:
        raise RegisterErrors([RegisterFault(file.name, wrong.line, "", wrong.reason)]) from wrong
    reader = _RegisterReader(file.name)
    read = reader.register(content)
    if reader.faults:
        raise RegisterErrors(sorted(reader.faults, key=lambda one: one.line))
    return read


class _RegisterReader:
    """Reads the file, collecting faults instead of stopping at the first."""

    def __init__(self, file: str) -> None:
        self._file = file
        self.faults: list[RegisterFault] = []
        self._kinds: Mapping[str, str] = {}
        self._readers: Mapping[str, str] = {}
        self._names: frozenset[str] = frozenset()

    def register(self, content: Any) -> Register:
        content = content if isinstance(content, Mapping) else {}
        self._check_keys(content, "", {"kinds", "readers", "tables", "without"}, 1)
        self._kinds, self._readers = self._words(content, "kinds"), self._words(content, "readers")
        tables = self._mapping(content, "tables")
        self._names = frozenset(tables)
        entries = {
            name: self._entry(name, definition, line_of(tables, name))
            for name, definition in tables.items()
        }
        without = self._mapping(content, "without")
        plain = {
            name: self._plain(name, definition, without) for name, definition in without.items()
        }
        return Register(entries, self._kinds, self._readers, plain)

    def fault(self, line: int, name: str, reason: str) -> None:
        self.faults.append(RegisterFault(self._file, line, name, reason))

    def _entry(self, name: str, content: Any, line: int) -> RegisterEntry:
        key_path = f"tables.{name}"
        content = content if isinstance(content, Mapping) else {}
        self._check_table(name, line, key_path)
        allowed = {"of", "says", "readers", "columns", "found_by", "ends", "oldest", "erased"}
        self._check_keys(content, key_path, allowed | set(_TEXT_KEYS), line)
        subject = content.get("of", "seeker")
        if subject not in get_args(Subject):
            self.fault(
                line_of(content, "of", line), f"{key_path}.of", f"is none of {get_args(Subject)}"
            )
        ground = self._text(content, "ground", key_path, line)
        if ground and not _GROUND.fullmatch(ground):
            reason = f"{ground!r} is no item of 第十三条第一款 of the 个人信息保护法"
            self.fault(line_of(content, "ground", line), f"{key_path}.ground", reason)
        readers = tuple(map(str, content.get("readers") or ()))
        if not readers:
            self.fault(line, f"{key_path}.readers", "is missing")
        for unknown in set(readers) - set(self._readers):
            self.fault(
                line_of(content, "readers", line),
                f"{key_path}.readers",
                f"{unknown} is not known",
            )
        columns = self._columns(name, content, key_path, line)
        found_by = tuple(
            self._read_lookup(
                name,
                definition,
                f"{key_path}.found_by",
                line_of_item(content["found_by"], number, line),
            )
            for number, definition in enumerate(content.get("found_by") or ())
        )
        if subject == "seeker" and not found_by:
            self.fault(line, f"{key_path}.found_by", "is missing: nobody could see or delete it")
        ends = tuple(
            self._end(
                name, definition, f"{key_path}.ends", line_of_item(content["ends"], number, line)
            )
            for number, definition in enumerate(content.get("ends") or ())
        )
        if not ends:
            self.fault(line, f"{key_path}.ends", "is missing: nothing is kept without an end")
        oldest = str(content.get("oldest") or "")
        if oldest:
            self._check_column(name, oldest, line_of(content, "oldest", line), f"{key_path}.oldest")
        return RegisterEntry(
            name, line, subject, self._text(content, "says", key_path, line),
            self._text(content, "purpose", key_path, line), ground, readers, columns,
            found_by, ends, oldest, self._values(name, content, "erased", key_path, line),
        )  # fmt: skip

    def _columns(self, name: str, content: Any, key_path: str, line: int) -> dict[str, str]:
        columns = {
            str(key): str(kind) for key, kind in self._mapping(content, "columns", key_path).items()
        }
        if not columns:
            self.fault(line, f"{key_path}.columns", "is missing")
        for column, kind in columns.items():
            column_line = line_of(content.get("columns"), column, line)
            self._check_column(name, column, column_line, f"{key_path}.columns")
            if kind not in self._kinds:
                self.fault(column_line, f"{key_path}.columns.{column}", f"{kind!r} is no kind")
        return columns

    def _read_lookup(self, name: str, content: Any, key_path: str, line: int) -> Lookup:
        content = content if isinstance(content, Mapping) else {}
        self._check_keys(content, key_path, {*get_args(KeyKind), "channel", "by", "to"}, line)
        ways = [way for way in get_args(KeyKind) if way in content]
        if len(ways) != 1:
            self.fault(line, key_path, f"needs one of {', '.join(get_args(KeyKind))}")
            return Lookup("seeker", "")
        way: KeyKind = ways[0]
        channel, to = str(content.get("channel") or ""), str(content.get("to") or "")
        if way != "through":
            self._check_column(name, str(content[way]), line, key_path)
            if channel and not channel.startswith("="):
                self._check_column(name, channel, line, key_path)
            return Lookup(way, str(content[way]), channel)
        table, column = str(content[way]), str(content.get("by") or "")
        self._check_column(name, column, line, key_path)
        self._check_registered(table, line, key_path)
        self._check_column(table, to, line, key_path)
        return Lookup(way, column, table=table, to=to)

    def _end(self, name: str, content: Any, key_path: str, line: int) -> End:
        content = content if isinstance(content, Mapping) else {}
        allowed = {"after", "from", "since", "of", "on", "where", "unless_in", "with", "blank"}
        self._check_keys(content, key_path, allowed, line)
        if "with" in content:
            along = str(content["with"])
            self._check_registered(along, line, key_path)
            if along in Base.metadata.tables and not points_to(name, along):
                self.fault(line, f"{key_path}.with", f"{name} does not point to {along}")
            return End(line, along=along)
        period = _PERIOD.fullmatch(str(content.get("after") or ""))
        if period is None:
            self.fault(
                line, f"{key_path}.after", f"{content.get('after')!r} is no period (P30D, P3Y)"
            )
        other_table, moment = str(content.get("of") or ""), str(content.get("from") or "")
        since = self._text(content, "since", key_path, line)
        if other_table:
            self._check_table(other_table, line, f"{key_path}.of")
        self._check_column(other_table or name, moment, line, f"{key_path}.from")
        join_columns = tuple(
            (str(a), str(b)) for a, b in self._mapping(content, "on", key_path).items()
        )
        if bool(other_table) != bool(join_columns):
            self.fault(line, f"{key_path}.on", "goes together with `of`")
        for own_column, other_column in join_columns:
            self._check_column(name, own_column, line, f"{key_path}.on")
            self._check_column(other_table, other_column, line, f"{key_path}.on")
        filters = {
            str(column): tuple(map(str, values if isinstance(values, list) else [values]))
            for column, values in self._mapping(content, "where", key_path).items()
        }
        for column in filters:
            self._check_column(name, column, line, f"{key_path}.where")
        unless_in = tuple(map(str, content.get("unless_in") or ()))
        for table in unless_in:
            self._check_registered(table, line, f"{key_path}.unless_in")
        number, unit = period.groups() if period else ("0", "D")
        return End(
            line, timedelta(days=int(number) * _DAYS[unit]), f"{int(number)}{_UNITS[unit]}", moment,
            since, other_table, join_columns, filters, unless_in,
            blank=self._values(name, content, "blank", key_path, line),
        )  # fmt: skip

    def _plain(self, name: str, content: Any, section: Any) -> frozenset[str]:
        line = line_of(section, name)
        self._check_table(name, line, "without")
        columns = frozenset(map(str, content or ()))
        for column in sorted(columns):
            self._check_column(name, column, line, f"without.{name}")
        return columns

    def _values(
        self, name: str, content: Any, key: str, key_path: str, line: int
    ) -> dict[str, Any]:
        values = {
            str(column): value for column, value in self._mapping(content, key, key_path).items()
        }
        for column in values:
            self._check_column(name, column, line_of(content, key, line), f"{key_path}.{key}")
        return values

    def _words(self, content: Any, key: str) -> dict[str, str]:
        words = {
            str(name): str(description) for name, description in self._mapping(content, key).items()
        }
        if not words:
            self.fault(line_of(content, key), key, "is missing")
        return words

    def _mapping(self, content: Any, key: str, key_path: str = "") -> Any:
        value = content.get(key)
        if value is None or isinstance(value, Mapping):
            return value or {}
        self.fault(
            line_of(content, key), f"{key_path}.{key}".lstrip("."), "must have named entries"
        )
        return {}

    def _text(self, content: Any, key: str, key_path: str, line: int) -> str:
        value = str(content.get(key) or "").strip()
        if not value:
            self.fault(line_of(content, key, line), f"{key_path}.{key}", "is missing")
        return value

    def _check_keys(self, content: Any, key_path: str, allowed: set[str], line: int) -> None:
        for key in content:
            if key not in allowed:
                name = f"{key_path}.{key}".lstrip(".")
                self.fault(line_of(content, key, line), name, "is not known here")

    def _check_table(self, name: str, line: int, key_path: str) -> None:
        if name not in Base.metadata.tables:
            self.fault(line, key_path, f"there is no table {name}")

    def _check_registered(self, name: str, line: int, key_path: str) -> None:
        if name not in self._names:
            self.fault(line, key_path, f"{name} is no table of the register")

    def _check_column(self, table: str, column: str, line: int, key_path: str) -> None:
        table_object = Base.metadata.tables.get(table)
        if table_object is not None and column not in table_object.columns:
            self.fault(line, key_path, f"{table} has no column {column or '(none is named)'}")


def points_to(child: str, parent: str) -> tuple[str, str] | None:
    """Return the column of one table that points to another, and the column it points to."""
    for key in Base.metadata.tables[child].foreign_keys:
        if key.column.table.name == parent:
            return key.parent.name, key.column.name
    return None

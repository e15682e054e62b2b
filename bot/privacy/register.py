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

from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, YAMLError

from bot.caches import process_cache
from bot.db.tables import Base
from bot.privacy.errors import RegisterErrors, RegisterFault
from bot.settings import settings

#: Whom it is about; a person is one of the office's record, kept by a duty of law.
Subject = Literal["seeker", "person", "counsellor", "employer", "employee"]
#: How a person's rows are found: by the seeker's number, by an address, by a key that an address
#: is a part of, or through the rows of another table.
By = Literal["seeker", "address", "within", "through"]
_PERIOD = re.compile(r"P(\d{1,3})([DY])")
_DAYS = {"D": 1, "Y": 365}
_UNITS = {"D": "天", "Y": "年"}
#: 个人信息保护法 第十三条 has one paragraph of grounds, in seven items.
_GROUND = re.compile(r"第十三条第一款第[一二三四五六七]项")
_TEXT_KEYS = ("purpose", "ground")


@dataclass(frozen=True)
class Found:
    """One way by which the rows of a person are found."""

    by: By
    column: str
    channel: str = ""
    """The column that holds the address's channel; `=web`: all rows are of that channel."""
    table: str = ""
    """Of `through`: the table whose rows they hang on, …"""
    to: str = ""
    """… and its column."""


@dataclass(frozen=True)
class End:
    """When rows come to their end, and what happens then."""

    line: int
    period: timedelta = timedelta()
    said: str = ""
    """The period in Chinese: 30天."""
    moment: str = ""
    """The column from which the period runs."""
    since: str = ""
    """The moment in plain Chinese: 最后一句话."""
    of: str = ""
    """The table of that column when it is another one: the newest row of the same key counts."""
    on: tuple[tuple[str, str], ...] = ()
    """Our column and its column, where `of` is another table."""
    where: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """Only rows whose columns hold one of these."""
    unless_in: tuple[str, ...] = ()
    """Not while one of these tables keeps something of the same seeker."""
    along: str = ""
    """They go with the rows of this table that they point to."""
    blank: Mapping[str, Any] = field(default_factory=dict)
    """What columns hold from then on; empty: the row is deleted."""

    @property
    def deletes(self) -> bool:
        """Whether the row goes, and not some columns alone."""
        return not self.blank


@dataclass(frozen=True)
class Entry:
    """A table that holds personal data."""

    name: str
    line: int
    of: Subject
    says: str
    """What it is, as it is told to the person; tables that say the same are told as one."""
    purpose: str
    ground: str
    readers: tuple[str, ...]
    columns: Mapping[str, str]
    """The kind of each column."""
    found_by: tuple[Found, ...]
    ends: tuple[End, ...]
    oldest: str = ""
    """The column that tells how old a row is."""
    erased: Mapping[str, Any] = field(default_factory=dict)
    """What columns hold once the person is erased; empty: the row is deleted."""


@dataclass(frozen=True)
class Register:
    """All of it."""

    entries: Mapping[str, Entry]
    kinds: Mapping[str, str]
    readers: Mapping[str, str]
    without: Mapping[str, frozenset[str]]
    """Columns that hold nothing personal, by table."""

    def of_seekers(self) -> Iterator[Entry]:
        """Yield the tables that keep something of seekers."""
        return (one for one in self.entries.values() if one.of == "seeker")


def register() -> Register:
    """Return the register of this installation. Raises RegisterErrors."""
    return read_register(settings().data / "privacy" / "register.yml")


@process_cache(size=4)
def read_register(file: Path) -> Register:
    """Read a register. Raises RegisterErrors with every fault that is found."""
    try:
        given: Any = YAML().load(file.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise RegisterErrors([RegisterFault(file.name, 1, "", "there is no such file")]) from None
    except MarkedYAMLError as wrong:
        line = wrong.problem_mark.line + 1 if wrong.problem_mark else 1
        reason = wrong.problem or "is no YAML"
        raise RegisterErrors([RegisterFault(file.name, line, "", reason)]) from wrong
    except (YAMLError, UnicodeDecodeError) as wrong:
        raise RegisterErrors([RegisterFault(file.name, 1, "", "is no YAML")]) from wrong
    reader = _Reader(file.name)
    read = reader.register(given)
    if reader.faults:
        raise RegisterErrors(sorted(reader.faults, key=lambda one: one.line))
    return read


class _Reader:
    """Reads the file, collecting faults instead of stopping at the first."""

    def __init__(self, file: str) -> None:
        self._file = file
        self.faults: list[RegisterFault] = []
        self._kinds: Mapping[str, str] = {}
        self._readers: Mapping[str, str] = {}
        self._names: frozenset[str] = frozenset()

    def register(self, given: Any) -> Register:
        given = given if isinstance(given, Mapping) else {}
        self._known(given, "", {"kinds", "readers", "tables", "without"}, 1)
        self._kinds, self._readers = self._words(given, "kinds"), self._words(given, "readers")
        tables = self._mapping(given, "tables")
        self._names = frozenset(tables)
        entries = {name: self._entry(name, of, _line(tables, name)) for name, of in tables.items()}
        without = self._mapping(given, "without")
        plain = {name: self._plain(name, of, without) for name, of in without.items()}
        return Register(entries, self._kinds, self._readers, plain)

    def fault(self, line: int, name: str, reason: str) -> None:
        self.faults.append(RegisterFault(self._file, line, name, reason))

    def _entry(self, name: str, given: Any, line: int) -> Entry:
        at = f"tables.{name}"
        given = given if isinstance(given, Mapping) else {}
        self._table(name, line, at)
        allowed = {"of", "says", "readers", "columns", "found_by", "ends", "oldest", "erased"}
        self._known(given, at, allowed | set(_TEXT_KEYS), line)
        of = given.get("of", "seeker")
        if of not in get_args(Subject):
            self.fault(_line(given, "of", line), f"{at}.of", f"is none of {get_args(Subject)}")
        ground = self._text(given, "ground", at, line)
        if ground and not _GROUND.fullmatch(ground):
            reason = f"{ground!r} is no item of 第十三条第一款 of the 个人信息保护法"
            self.fault(_line(given, "ground", line), f"{at}.ground", reason)
        readers = tuple(map(str, given.get("readers") or ()))
        if not readers:
            self.fault(line, f"{at}.readers", "is missing")
        for unknown in set(readers) - set(self._readers):
            self.fault(_line(given, "readers", line), f"{at}.readers", f"{unknown} is not known")
        columns = self._columns(name, given, at, line)
        found_by = tuple(
            self._found(name, one, f"{at}.found_by", _item(given, "found_by", number, line))
            for number, one in enumerate(given.get("found_by") or ())
        )
        if of == "seeker" and not found_by:
            self.fault(line, f"{at}.found_by", "is missing: nobody could see or delete it")
        ends = tuple(
            self._end(name, one, f"{at}.ends", _item(given, "ends", number, line))
            for number, one in enumerate(given.get("ends") or ())
        )
        if not ends:
            self.fault(line, f"{at}.ends", "is missing: nothing is kept without an end")
        oldest = str(given.get("oldest") or "")
        if oldest:
            self._column(name, oldest, _line(given, "oldest", line), f"{at}.oldest")
        return Entry(
            name, line, of, self._text(given, "says", at, line),
            self._text(given, "purpose", at, line), ground, readers, columns, found_by, ends,
            oldest, self._values(name, given, "erased", at, line),
        )  # fmt: skip

    def _columns(self, name: str, given: Any, at: str, line: int) -> dict[str, str]:
        columns = {str(key): str(kind) for key, kind in self._mapping(given, "columns", at).items()}
        if not columns:
            self.fault(line, f"{at}.columns", "is missing")
        for column, kind in columns.items():
            there = _line(given.get("columns"), column, line)
            self._column(name, column, there, f"{at}.columns")
            if kind not in self._kinds:
                self.fault(there, f"{at}.columns.{column}", f"{kind!r} is no kind")
        return columns

    def _found(self, name: str, given: Any, at: str, line: int) -> Found:
        given = given if isinstance(given, Mapping) else {}
        self._known(given, at, {*get_args(By), "channel", "by", "to"}, line)
        ways = [way for way in get_args(By) if way in given]
        if len(ways) != 1:
            self.fault(line, at, f"needs one of {', '.join(get_args(By))}")
            return Found("seeker", "")
        way: By = ways[0]
        channel, to = str(given.get("channel") or ""), str(given.get("to") or "")
        if way != "through":
            self._column(name, str(given[way]), line, at)
            if channel and not channel.startswith("="):
                self._column(name, channel, line, at)
            return Found(way, str(given[way]), channel)
        table, column = str(given[way]), str(given.get("by") or "")
        self._column(name, column, line, at)
        self._personal(table, line, at)
        self._column(table, to, line, at)
        return Found(way, column, table=table, to=to)

    def _end(self, name: str, given: Any, at: str, line: int) -> End:
        given = given if isinstance(given, Mapping) else {}
        allowed = {"after", "from", "since", "of", "on", "where", "unless_in", "with", "blank"}
        self._known(given, at, allowed, line)
        if "with" in given:
            along = str(given["with"])
            self._personal(along, line, at)
            if along in Base.metadata.tables and not points_to(name, along):
                self.fault(line, f"{at}.with", f"{name} does not point to {along}")
            return End(line, along=along)
        period = _PERIOD.fullmatch(str(given.get("after") or ""))
        if period is None:
            self.fault(line, f"{at}.after", f"{given.get('after')!r} is no period (P30D, P3Y)")
        of, moment = str(given.get("of") or ""), str(given.get("from") or "")
        since = self._text(given, "since", at, line)
        if of:
            self._table(of, line, f"{at}.of")
        self._column(of or name, moment, line, f"{at}.from")
        on = tuple((str(a), str(b)) for a, b in self._mapping(given, "on", at).items())
        if bool(of) != bool(on):
            self.fault(line, f"{at}.on", "goes together with `of`")
        for ours, theirs in on:
            self._column(name, ours, line, f"{at}.on")
            self._column(of, theirs, line, f"{at}.on")
        where = {
            str(column): tuple(map(str, values if isinstance(values, list) else [values]))
            for column, values in self._mapping(given, "where", at).items()
        }
        for column in where:
            self._column(name, column, line, f"{at}.where")
        unless_in = tuple(map(str, given.get("unless_in") or ()))
        for table in unless_in:
            self._personal(table, line, f"{at}.unless_in")
        number, unit = period.groups() if period else ("0", "D")
        return End(
            line, timedelta(days=int(number) * _DAYS[unit]), f"{int(number)}{_UNITS[unit]}", moment,
            since, of, on, where, unless_in, blank=self._values(name, given, "blank", at, line),
        )  # fmt: skip

    def _plain(self, name: str, given: Any, of: Any) -> frozenset[str]:
        line = _line(of, name)
        self._table(name, line, "without")
        columns = frozenset(map(str, given or ()))
        for column in sorted(columns):
            self._column(name, column, line, f"without.{name}")
        return columns

    def _values(self, name: str, given: Any, key: str, at: str, line: int) -> dict[str, Any]:
        values = {str(column): value for column, value in self._mapping(given, key, at).items()}
        for column in values:
            self._column(name, column, _line(given, key, line), f"{at}.{key}")
        return values

    def _words(self, given: Any, key: str) -> dict[str, str]:
        words = {str(name): str(says) for name, says in self._mapping(given, key).items()}
        if not words:
            self.fault(_line(given, key), key, "is missing")
        return words

    def _mapping(self, given: Any, key: str, at: str = "") -> Any:
        value = given.get(key)
        if value is None or isinstance(value, Mapping):
            return value or {}
        self.fault(_line(given, key), f"{at}.{key}".lstrip("."), "must have named entries")
        return {}

    def _text(self, given: Any, key: str, at: str, line: int) -> str:
        value = str(given.get(key) or "").strip()
        if not value:
            self.fault(_line(given, key, line), f"{at}.{key}", "is missing")
        return value

    def _known(self, given: Any, at: str, allowed: set[str], line: int) -> None:
        for key in given:
            if key not in allowed:
                name = f"{at}.{key}".lstrip(".")
                self.fault(_line(given, key, line), name, "is not known here")

    def _table(self, name: str, line: int, at: str) -> None:
        if name not in Base.metadata.tables:
            self.fault(line, at, f"there is no table {name}")

    def _personal(self, name: str, line: int, at: str) -> None:
        if name not in self._names:
            self.fault(line, at, f"{name} is no table of the register")

    def _column(self, table: str, column: str, line: int, at: str) -> None:
        known = Base.metadata.tables.get(table)
        if known is not None and column not in known.columns:
            self.fault(line, at, f"{table} has no column {column or '(none is named)'}")


def points_to(child: str, parent: str) -> tuple[str, str] | None:
    """Return the column of one table that points to another, and the column it points to."""
    for key in Base.metadata.tables[child].foreign_keys:
        if key.column.table.name == parent:
            return key.parent.name, key.column.name
    return None


def _line(of: Any, key: Any, otherwise: int = 1) -> int:
    """Return the line of a key, counted from 1."""
    try:
        return int(of.lc.key(key)[0]) + 1
    except (AttributeError, KeyError, TypeError):
        return otherwise


def _item(of: Any, key: str, number: int, otherwise: int) -> int:
    """Return the line of an item of a list."""
    try:
        return int(of[key].lc.item(number)[0]) + 1
    except (AttributeError, KeyError, TypeError):
        return otherwise

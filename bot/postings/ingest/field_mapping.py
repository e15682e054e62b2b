"""Fields of a row by its headers: a common list of headers and a source's own."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from bot.caches import process_cache
from bot.postings.ingest import schema_org
from bot.postings.ingest.headers import (
    Paths,
    Unit,
    alternatives,
    headers,
    paths,
    unit_of,
    with_unit,
)
from bot.postings.ingest.plain_text import one_line, strip_markup
from bot.text.pattern_file import patterns

_PATTERNS = patterns("posting_pay")

__all__ = ["FieldReader", "headers"]

#: Values that state nothing.
_EMPTY_VALUES = frozenset(
    {"无", "-", "--", "/", "—", "——", "nan", "none", "null", "n/a", "暂无", "全国",
        "远程办公", "在家办公", "异地招聘"}
)  # fmt: skip
_MAX_EMPTY_LENGTH = max(map(len, _EMPTY_VALUES))
#: Longer cells are not cached.
_MAX_CACHED_LENGTH = 40
#: Fields whose columns count together, and what stands between them.
_JOINED_FIELDS = {"description": "\n", "tags": ",", "phone": " ", "apply": "；"}
_MULTILINE_FIELDS = frozenset(("description", "tags"))
_NO_UNIT = Unit()
#: Lists are joined and objects looked into so deep; what is nested deeper is no text.
_MAX_DEPTH = 5
#: Fields that two columns state, each one end.
_RANGE_END_FIELDS = frozenset(("salary_min", "salary_max", "age_min", "age_max"))
_UNIT_BEHIND = re.compile(r"[^\d\s]{0,10}$")
#: A spreadsheet marks text that looks like a formula with this; so do we (bot.postings.export).
_MARKED_STARTS = frozenset(("'=", "'+", "'-", "'@", "'＝", "'＋", "'－", "'＠"))


@dataclass(frozen=True)
class _Plan:
    """The fields of rows that have the same keys."""

    fields: tuple[tuple[str, str | None, tuple[tuple[str, tuple[str, ...], Unit], ...]], ...]
    """Each field, what joins its columns (None: the first counts), and where it may stand: key,
    steps into its value, unit of the column."""
    unread: tuple[str, ...]
    """Keys that mean no field."""


class FieldReader:
    """Reads the fields of rows; which header counts is worked out once for rows with like keys."""

    #: As bot.postings.ingest.sheets.HeaderReader has it.
    essential = "title"
    #: Fields that a line above the header may state for all rows.
    for_all: tuple[str, ...] = ("employer", "contact_name", "phone", "published", "valid_until")

    def __init__(self, own: Mapping[str, str | Sequence[str]] | None = None) -> None:
        """With a source's own map of fields to headers, which counts before the common list."""
        mapped = paths(own or {})
        self._paths: Paths = {
            name: mapped.get(name, []) + common_paths for name, common_paths in headers().items()
        }
        self._known = {way[0] for ways in self._paths.values() for way in ways}
        self._plans: dict[tuple[str, ...], _Plan] = {}

    def field_of(self, header: str) -> str | None:
        """Return the field that a column's header means, None for one that is not known."""
        name = self._name(header)
        if name is None:
            return None
        return next(field for field, ways in self._paths.items() if any(w[0] == name for w in ways))

    def fields(self, row: Mapping[str, Any]) -> dict[str, str]:
        """Return the fields that a row states, as plain text."""
        values: dict[str, str] = {}
        for name, separator, ways in self._plan(row).fields:
            for key, steps, unit in ways:
                value = _nested_value(row[key], steps) if steps else row[key]
                if value is None or value == "":
                    continue
                if type(value) is str and len(value) <= _MAX_CACHED_LENGTH and not steps:
                    text = _short_field_text(name, value)
                else:
                    text = _field_text(name, value, steps)
                if not text:
                    continue
                if separator is None:
                    values[name] = text if unit is _NO_UNIT else with_unit(text, unit)
                    break
                if name not in values:
                    values[name] = text
                elif text not in values[name]:
                    values[name] += separator + text
        if _RANGE_END_FIELDS & values.keys():
            _join_ends(values)
        return values

    def unread(self, row: Mapping[str, Any]) -> list[str]:
        """Return the columns of a row that state something and mean no field."""
        unread = self._plan(row).unread
        return [key for key in unread if row[key] not in (None, "", [], {})] if unread else []

    def _plan(self, row: Mapping[str, Any]) -> _Plan:
        keys = tuple(row)
        plan = self._plans.get(keys)
        if plan is None:
            if len(self._plans) > 1000:
                self._plans.clear()
            plan = self._plans[keys] = self._planned(keys)
        return plan

    def _planned(self, keys: tuple[str, ...]) -> _Plan:
        columns: dict[str, list[str]] = {}
        unread = []
        for key in keys:
            name = self._name(key)
            if name is not None:
                columns.setdefault(name, []).append(key)
            elif not key.startswith(("@", "#")):
                unread.append(key)
        planned = []
        for field, ways in self._paths.items():
            places = tuple(
                (key, way[1:], _unit(field, key)) for way in ways for key in columns.get(way[0], ())
            )
            if places:
                planned.append((field, _JOINED_FIELDS.get(field), places))
        return _Plan(tuple(planned), tuple(unread))

    def _name(self, key: str) -> str | None:
        """Return the header of the lists that a key is, as written there."""
        return next((name for name in alternatives(key) if name in self._known), None)


def _unit(field: str, header: str) -> Unit:
    unit = unit_of(header) if field.startswith("salary") else _NO_UNIT
    return _NO_UNIT if unit == _NO_UNIT else unit


def _field_text(name: str, value: Any, steps: tuple[str, ...]) -> str:
    """Return a value of a field as text, empty when it says nothing."""
    if steps and steps[-1] == "monthsOfExperience":
        return schema_org.months(value)
    if type(value) is str:
        text = strip_markup(value)
        if text[:2] in _MARKED_STARTS:
            text = text[1:]
    elif name == "id" and isinstance(value, (dict, list)):
        return ""
    else:
        text = (schema_org.pay(value) if name == "salary" else "") or _text(value)
    if len(text) <= _MAX_EMPTY_LENGTH and text.lower() in _EMPTY_VALUES:
        return ""
    if text[:1] == "0" and name == "salary" and _PATTERNS["no_pay"].fullmatch(text):
        return ""
    if name in _MULTILINE_FIELDS:
        return text
    if name == "education":
        return schema_org.schooling(text)
    if name == "work_time":
        return schema_org.employment(text)
    return one_line(text)


@process_cache(size=50_000)
def _short_field_text(name: str, value: str) -> str:
    """Return a short cell of a field as text: sources repeat most of them."""
    return _field_text(name, value, ())


def _join_ends(values: dict[str, str]) -> None:
    """Make one field of two columns: 最低薪资 and 最高薪资, 年龄下限 and 年龄上限."""
    for name, unit in (("salary", ""), ("age", "岁")):
        low, high = values.pop(f"{name}_min", ""), values.pop(f"{name}_max", "")
        if values.get(name) or not (low or high):
            continue
        if low and high:
            same = _UNIT_BEHIND.search(high)
            alike = same is not None and low.endswith(same.group())
            values[name] = (
                f"{low.removesuffix(same.group()) if alike and same else low}-{high}{unit}"
            )
        else:
            values[name] = f"{low}{unit}以上" if low else f"{high}{unit}以下"


def _nested_value(value: Any, steps: tuple[str, ...]) -> Any:
    for step in steps:
        if isinstance(value, list):
            value = value[0] if value else None
        value = value.get(step) if isinstance(value, dict) else None
    return value


def _text(value: Any, depth: int = 0) -> str:
    """Return a cell as plain text; lists are joined, of an object its name counts."""
    if isinstance(value, str):
        return strip_markup(value)
    if value is None or depth > _MAX_DEPTH:
        return ""
    if isinstance(value, list):
        return ",".join(filter(None, (_part(part, depth + 1) for part in value)))
    if isinstance(value, dict):
        name_value = next(
            (value[key] for key in ("name", "legalName", "#text", "@value") if value.get(key)), None
        )
        return _text(name_value, depth + 1)
    if isinstance(value, datetime):
        return value.isoformat()[:10] if not value.tzinfo else value.isoformat()
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        return str(int(value))
    return _numeral(value)


def _part(value: Any, depth: int) -> str:
    """Return a part of a list as plain text; sources have the same few thousand tags."""
    if type(value) is str and len(value) <= _MAX_CACHED_LENGTH:
        return _plain_part(value)
    return _text(value, depth)


_plain_part = process_cache(size=20_000)(strip_markup)


def _numeral(value: Any) -> str:
    """Write a number out; one of thousands of digits is none that a cell can mean."""
    if isinstance(value, int) and not isinstance(value, bool) and value.bit_length() > 200:
        return ""
    return str(value).strip()

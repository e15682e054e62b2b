"""The fields of a row, whatever its headers are called: by a common list or a source's own."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from functools import lru_cache
from typing import Any

from ruamel.yaml import YAML

from bot.settings import settings

#: What a field says when it says nothing.
_NOTHING = frozenset(
    {"无", "-", "--", "nan", "none", "null", "全国", "远程办公", "在家办公", "异地招聘"}
)
#: Where a field may stand: the steps into nested objects, one of several.
Paths = dict[str, list[tuple[str, ...]]]


@lru_cache(maxsize=1)
def headers() -> Paths:
    """Return the headers that data/vocab/posting_headers.yml knows, as paths by field."""
    file = settings().data / "vocab" / "posting_headers.yml"
    return paths(YAML(typ="safe").load(file.read_text("utf-8")))


def paths(given: Mapping[str, str | Sequence[str]]) -> Paths:
    """Return dotted headers (hiringOrganization.name), one or several a field, as paths."""
    return {
        name: [tuple(one.split(".")) for one in ([of] if isinstance(of, str) else of)]
        for name, of in given.items()
    }


class FieldReader:
    """Reads the fields of rows; which header counts is worked out once for rows with like keys."""

    def __init__(self, own: Mapping[str, str | Sequence[str]] | None = None) -> None:
        """With a source's own map of fields to headers, which counts before the common list."""
        mapped = paths(own or {})
        self._paths = {name: mapped.get(name, []) + known for name, known in headers().items()}
        self._of_keys: dict[tuple[str, ...], Paths] = {}

    def fields(self, row: Mapping[str, Any]) -> dict[str, str]:
        """Return the fields that a row states, as text."""
        keys = tuple(row)
        if keys not in self._of_keys:
            if len(self._of_keys) > 1000:
                self._of_keys.clear()
            self._of_keys[keys] = {
                name: there
                for name, ways in self._paths.items()
                if (there := [way for way in ways if way[0] in row])
            }
        found: dict[str, str] = {}
        for name, ways in self._of_keys[keys].items():
            for way in ways:
                text = _text(_at(row, way))
                if text and text.lower() not in _NOTHING:
                    found[name] = text
                    break
        return found


def _at(row: Mapping[str, Any], way: tuple[str, ...]) -> Any:
    value: Any = row
    for step in way:
        if isinstance(value, list):
            value = value[0] if value else None
        value = value.get(step) if isinstance(value, dict) else None
    return value


def _text(value: Any) -> str:
    """Return a cell as text; lists are joined, a schema.org salary is written out."""
    if isinstance(value, str):
        return value.strip().replace("\x00", "")
    if value is None:
        return ""
    if isinstance(value, list):
        return ",".join(_text(part) for part in value)
    if isinstance(value, dict):
        return _amount(value) if "value" in value else _text(value.get("name"))
    if isinstance(value, (datetime, date)):
        return value.isoformat()[:10]
    return str(value).strip()


def _amount(salary: Mapping[str, Any]) -> str:
    """Write out schema.org's MonetaryAmount: 4000-6000元/月."""
    value = salary["value"]
    if not isinstance(value, dict):
        return f"{value}元/月"
    unit = {"YEAR": "年", "DAY": "天", "HOUR": "时", "WEEK": "周"}.get(
        str(value.get("unitText")), "月"
    )
    ends = [str(value[key]) for key in ("minValue", "maxValue", "value") if value.get(key)]
    return f"{'-'.join(ends[:2])}元/{unit}" if ends else ""

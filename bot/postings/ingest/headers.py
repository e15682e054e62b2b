"""Headers of tables and feeds: field and unit of each."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from bot.caches import process_cache
from bot.settings import settings
from bot.text.pattern_file import patterns
from bot.yaml_files import read_yaml

_PATTERNS = patterns("posting_headers")

#: Where a field may stand: the steps into nested objects, one of several.
Paths = dict[str, list[tuple[str, ...]]]

_BRACKETS = re.compile(r"[(\[【〔{<《][^()\[\]【】〔〕{}<>《》]{0,60}[)\]】〕}>》]")
_NUMBERING = re.compile(r"^[（(]?\d{1,2}[.、)）]")
_MARKS = re.compile(r"[\s*＊:：#※★●▲·.,，。;；?？!！\"'“”_\-—()（）【】]+")
_PERIOD_NAMES = {
    "日薪": "天", "日工资": "天", "日结": "天", "时薪": "小时", "小时工资": "小时", "年薪": "年",
    "年收入": "年", "周薪": "周",
}  # fmt: skip


_LATIN_UNITS = {"k": "千元", "w": "万元"}


@dataclass(frozen=True)
class Unit:
    """The unit that the header of a pay column states for all its cells."""

    amount: str = ""
    """元, 千元 or 万元; empty when it says none."""
    period: str = ""
    """月, 年, 天, 小时 or 周; empty when it says none."""


@process_cache(size=1)
def headers() -> Paths:
    """Return the headers that data/vocab/posting_headers.yml knows, as paths by field."""
    file = settings().data_file("vocab", "posting_headers.yml")
    return paths(read_yaml(file))


def paths(headers_by_field: Mapping[str, str | Sequence[str]]) -> Paths:
    """Return dotted headers (hiringOrganization.name), one or several a field, as paths."""
    return {
        name: [
            tuple(path.split(".")) if path != "no." else (path,)
            for path in ([names] if isinstance(names, str) else names)
        ]
        for name, names in headers_by_field.items()
    }


@process_cache(size=20_000)
def plain_header(header: str) -> str:
    """Return a header without width, case, spaces, marks, numbering and brackets."""
    text = unicodedata.normalize("NFKC", header).lower()
    text = _NUMBERING.sub("", re.sub(r"\s+", "", text).lstrip("*"))
    return _MARKS.sub("", _BRACKETS.sub("", text)) or _MARKS.sub("", text)


def alternatives(header: str) -> list[str]:
    """Return what a header can be looked up as, best first: whole, then each part of 岗位/工种."""
    text = _BRACKETS.sub("", unicodedata.normalize("NFKC", header)) or header
    parts = [plain_header(part) for part in _PATTERNS["alternative_separator"].split(text)]
    plain_name = plain_header(header)
    without_unit_text = _PATTERNS["trailing_unit"].sub("", text)
    without_unit = [plain_header(without_unit_text)] if without_unit_text != text else []
    # 联系电话1, 联系电话2 are two columns of one field.
    numbered = [hit[1]] if (hit := _PATTERNS["numbered_header"].fullmatch(plain_name)) else []
    return list(
        dict.fromkeys(
            [header, plain_name, *numbered, *without_unit, *(part for part in parts if part)]
        )
    )


def unit_of(header: str) -> Unit:
    """Return the unit that a header of pay states: 薪资（千元/月）, 日薪（元）."""
    text = re.sub(r"\s+", "", unicodedata.normalize("NFKC", header))
    period = next((unit for name, unit in _PERIOD_NAMES.items() if name in text), "")
    for inside in _BRACKETS.findall(text):
        hit = _PATTERNS["unit"].search(inside[1:-1])
        unit_stated = _PATTERNS["stated_unit"].search(inside)
        if hit and unit_stated:
            unit = _PATTERNS["yuan"].search(inside)
            period_match = _PATTERNS["period"].search(inside)
            return Unit(
                unit.group() if unit else "", period_match.group() if period_match else period
            )
    trailing = _PATTERNS["trailing_unit"].search(text)
    if trailing:
        amount = trailing["amount"].lower()
        return Unit(_LATIN_UNITS.get(amount, amount), trailing["period"] or period)
    return Unit("", period)


def with_unit(cell: str, unit: Unit) -> str:
    """Append a column's unit to the sum of a cell that does not state its own."""
    hit = _PATTERNS["first_sum"].search(cell)
    if not hit:
        return cell
    amount = "" if _PATTERNS["own_unit"].search(cell) else unit.amount
    period = "" if _PATTERNS["own_period"].search(cell) or not unit.period else f"/{unit.period}"
    rest = cell[hit.end() :]
    if not amount and rest[:1] in ("元", "块"):
        return f"{cell[: hit.end() + 1]}{period}{rest[1:]}"
    return f"{cell[: hit.end()]}{amount}{period}{rest}"

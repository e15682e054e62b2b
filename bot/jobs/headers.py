"""Headers of tables and feeds: field and unit of each."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from ruamel.yaml import YAML

from bot.caches import process_cache
from bot.settings import settings

#: Where a field may stand: the steps into nested objects, one of several.
Paths = dict[str, list[tuple[str, ...]]]

_BRACKETS = re.compile(r"[(\[【〔{<《][^()\[\]【】〔〕{}<>《》]{0,60}[)\]】〕}>》]")
_NUMBERING = re.compile(r"^[（(]?\d{1,2}[.、)）]")
_NUMBERED = re.compile(r"([\u4e00-\u9fff]{2,20})[1-9一二三]")
_MARKS = re.compile(r"[\s*＊:：#※★●▲·.,，。;；?？!！\"'“”_\-—()（）【】]+")
_ALTERNATIVE_SEPARATOR = re.compile(r"[/／、|｜\\]|和|及|与|或")
_AMOUNT = re.compile(
    r"(?P<unit>[千万百]?元|k|w)?\s?(?:/|每|一)?\s?人?\s?/?(?P<period>月|年|天|日|小时|时|周)?"
)
_PERIOD_NAMES = {
    "日薪": "天", "日工资": "天", "日结": "天", "时薪": "小时", "小时工资": "小时", "年薪": "年",
    "年收入": "年", "周薪": "周",
}  # fmt: skip


#: A unit that follows the name without brackets: 月薪：K, 工资 元/月, 薪资(元).
_UNIT_BEHIND = re.compile(
    r"(?<=[\u4e00-\u9fff])[\s:：,，/]{0,3}(?:单位[:：]?)?(?:人民币)?(?P<amount>[千万百]?元|[kw])"
    r"(?:[/每一]?人?/?(?P<period>月|年|天|日|小时|时|周))?$",
    re.I,
)
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
    file = settings().data / "vocab" / "posting_headers.yml"
    return paths(YAML(typ="safe").load(file.read_text("utf-8")))


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
    parts = [plain_header(part) for part in _ALTERNATIVE_SEPARATOR.split(text)]
    plain_name = plain_header(header)
    without_unit_text = _UNIT_BEHIND.sub("", text)
    without_unit = [plain_header(without_unit_text)] if without_unit_text != text else []
    # 联系电话1, 联系电话2 are two columns of one field.
    numbered = [hit[1]] if (hit := _NUMBERED.fullmatch(plain_name)) else []
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
        hit = _AMOUNT.search(inside[1:-1])
        unit_stated = re.search(r"[千万百]?元|[/每](?:月|年|天|日|小时|时|周)", inside)
        if hit and unit_stated:
            unit = re.search(r"[千万百]?元", inside)
            period_match = re.search(r"月|年|天|日|小时|时|周", inside)
            return Unit(
                unit.group() if unit else "", period_match.group() if period_match else period
            )
    trailing = _UNIT_BEHIND.search(text)
    if trailing:
        amount = trailing["amount"].lower()
        return Unit(_LATIN_UNITS.get(amount, amount), trailing["period"] or period)
    return Unit("", period)


_OWN_UNIT = re.compile(r"[元块千万kw]|美|usd|\$", re.I)
_OWN_PERIOD = re.compile(r"[月年天日时周]|/|薪")
_FIRST_SUM = re.compile(r"\d[\d.,]{0,20}(?:\s{0,9}[-~－–—～至到]{1,9}\s{0,9}\d[\d.,]{0,20})?")


def with_unit(cell: str, unit: Unit) -> str:
    """Append a column's unit to the sum of a cell that does not state its own."""
    hit = _FIRST_SUM.search(cell)
    if not hit:
        return cell
    amount = "" if _OWN_UNIT.search(cell) else unit.amount
    period = "" if _OWN_PERIOD.search(cell) or not unit.period else f"/{unit.period}"
    rest = cell[hit.end() :]
    if not amount and rest[:1] in ("元", "块"):
        return f"{cell[: hit.end() + 1]}{period}{rest[1:]}"
    return f"{cell[: hit.end()]}{amount}{period}{rest}"

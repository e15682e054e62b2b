"""Rows of offices' sheets by their headers: dates, months, districts and counts of each cell."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any, Literal

from bot.caches import process_cache
from bot.postings.ingest.field_mapping import FieldReader
from bot.postings.ingest.files import rows
from bot.postings.ingest.headers import paths
from bot.text.pattern_file import patterns
from bot.vocabulary.vocabulary import vocabulary
from bot.warning.rule_figures import folder
from bot.warning.yaml_file import check, read_file
from bot.wording import wording

_SAY = wording("warning_sheets")

Kind = Literal["employers", "filings", "headcounts", "counts"]
KINDS: tuple[Kind, ...] = ("employers", "filings", "headcounts", "counts")
#: The field without which a row of headers is none.
_NEEDED: Mapping[Kind, str] = {
    "employers": "name", "filings": "filing_no", "headcounts": "insured", "counts": "month",
}  # fmt: skip
_PATTERNS = patterns("warning_sheets")
_WHOLE = re.compile(r"\d{1,9}(?:\.0+)?")
_AMOUNT = re.compile(r"\d{1,11}(?:\.\d+)?")
#: Days since 1899-12-30 as spreadsheets keep dates: 1954 to 2064.
_SERIAL = re.compile(r"([2-5]\d{4})(?:\.0)?")
_FIRST_DAY = date(1899, 12, 30)


@dataclass(frozen=True)
class SheetRow:
    """A row of a sheet by field, with its place."""

    number: int
    sheet: str
    fields: Mapping[str, str]


class OfficeReader(FieldReader):
    """Reads the fields of an office's sheet of one kind."""

    for_all = ("month", "district", "uscc", "name")

    def __init__(self, kind: Kind) -> None:
        self.essential = _NEEDED[kind]
        self._paths = paths(headers()[kind])
        self._known = {way[0] for ways in self._paths.values() for way in ways}
        self._plans = {}


@process_cache(size=1)
def headers() -> Mapping[str, Mapping[str, Sequence[str]]]:
    """Return headers by kind of sheet and field, and the words of filings' kinds."""
    file = read_file(folder() / "headers.yml")
    read = {}
    for kind in (*KINDS, "kinds"):
        item = file.entry(kind)
        read[kind] = {str(name): item.texts(str(name)) for name in item.values} if item else {}
    check(file)
    return read


def measures() -> tuple[str, ...]:
    """Return the measures that a sheet of counts may hold."""
    return tuple(name for name in headers()["counts"] if name not in ("month", "district"))


def sheet_rows(file: Path, kind: Kind, unread: set[str], skipped: list[str]) -> Iterator[SheetRow]:
    """Yield the rows of a file; columns that mean nothing are added to `unread`.

    Raises PostingFileError when the file cannot be read to its end.
    """
    reader = OfficeReader(kind)
    for number, row in rows(file, reader, skipped):
        unread.update(reader.unread(row))
        yield SheetRow(number, str(getattr(row, "sheet", "")), reader.fields(row))


def day(text: str) -> date:
    """Return the date that a cell states. Raises ValueError in Chinese."""
    serial = _SERIAL.fullmatch(text)
    if serial:
        return _FIRST_DAY + timedelta(days=int(serial[1]))
    hit = _PATTERNS["day"].fullmatch(text)
    try:
        return date(*(int(part) for part in hit.groups() if part)) if hit else date(0, 0, 0)
    except ValueError:
        raise ValueError(_SAY("not_a_day", text=text[:20])) from None


def month(text: str) -> date:
    """Return the first day of the month that a cell states. Raises ValueError in Chinese."""
    serial = _SERIAL.fullmatch(text)
    if serial:
        return day(text).replace(day=1)
    hit = _PATTERNS["month"].fullmatch(text[:10].strip())
    try:
        return date(int(hit[1]), int(hit[2]), 1) if hit else date(0, 0, 0)
    except ValueError:
        raise ValueError(_SAY("not_a_month", text=text[:20])) from None


def whole_number(text: str) -> int:
    """Return the count that a cell states. Raises ValueError in Chinese."""
    plain = text.replace(",", "").replace("，", "").removesuffix("人").removesuffix("户")
    if not _WHOLE.fullmatch(plain):
        raise ValueError(_SAY("not_a_count", text=text[:20]))
    return int(float(plain))


def amount(text: str) -> float:
    """Return the figure that a cell states. Raises ValueError in Chinese."""
    plain = text.replace(",", "").replace("，", "")
    if not _AMOUNT.fullmatch(plain):
        raise ValueError(f"“{text[:20]}”不是数")
    return float(plain)


def district(text: str) -> str:
    """Return the code of a district or county by code or name. Raises ValueError in Chinese."""
    plain = re.sub(r"\s+", "", text).removesuffix(".0")
    regions = vocabulary().regions
    if re.fullmatch(r"\d{6}(?:0{3}|0{6})?", plain):
        if (result := regions.get(plain[:6])) and result.level == 3:
            return result.code
        raise ValueError(_SAY("not_a_district_code", code=plain))
    codes = _districts().get(plain, ())
    if not codes:
        raise ValueError(_SAY("district_unknown", name=text[:20]))
    if len(codes) > 1:
        cities = "、".join(vocabulary().full_name(code) for code in codes)
        raise ValueError(_SAY("district_ambiguous", name=plain, cities=cities))
    return codes[0]


@process_cache(size=1)
def _districts() -> Mapping[str, tuple[str, ...]]:
    """Return codes by name, with and without the names above; alone within the home province."""
    from bot.settings import settings

    words, names = vocabulary(), dict[str, set[str]]()
    home = settings().home_region[:2]
    for item in words.regions.values():
        city = words.regions.get(item.parent or "")
        if item.level != 3 or city is None:
            continue
        province = words.regions[words.province_of(item.code)]
        above = {city.name, city.name.removesuffix("市"), f"{province.name}{city.name}"}
        alone = {""} if item.code.startswith(home) else set()
        for prefix in above | alone:
            names.setdefault(prefix + item.name, set()).add(item.code)
    return {name: tuple(sorted(codes)) for name, codes in names.items()}


def required_cell(cells: Mapping[str, str], name: str, label: str) -> str:
    """Return what a row states of a field. Raises ValueError in Chinese when it states nothing."""
    text: Any = cells.get(name, "")
    if not text:
        raise ValueError(f"缺{label}")
    return str(text)

"""The rows of offices' sheets as columns of the tables: one reader a kind."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any, Literal

from dateutil.rrule import rrulestr

from bot.caches import process_cache
from bot.clock import CHINA
from bot.places import cells
from bot.places.cells import CellError
from bot.places.errors import HoursError, ListingFileError, ListingRowError
from bot.places.hours import days_rule, read_hours
from bot.places.words import matching_ids
from bot.postings.errors import PostingFileError
from bot.postings.ingest.field_mapping import FieldReader
from bot.postings.ingest.files import rows
from bot.postings.ingest.headers import paths
from bot.settings import settings
from bot.vocabulary.vocabulary import vocabulary
from bot.wording import wording
from bot.yaml_files import read_yaml

_SAY = wording("listing_cells")

Kind = Literal["station", "fair", "provider", "course", "directory", "rate"]
Cells = Mapping[str, str]
Values = dict[str, Any]
#: The longest that a recurring event may be stated ahead.
_LONGEST = timedelta(days=400)
_TITLE = 120
MISSING = "没有写"


@dataclass(frozen=True)
class ReadRow:
    """A row as the columns of its table."""

    number: int
    """As a person counts it in the sheet."""
    values: Values
    notes: Sequence[str] = ()
    """What of it could not be read and is left out, each with its field."""


@dataclass(frozen=True)
class RefusedRow:
    """A row that cannot be taken."""

    number: int
    field: str
    reason: str


@dataclass
class PlaceSheet:
    """Content of a file."""

    rows: list[ReadRow] = field(default_factory=list)
    refused: list[RefusedRow] = field(default_factory=list)
    unread: list[str] = field(default_factory=list)
    """Columns that mean no field."""
    skipped: list[str] = field(default_factory=list)
    """Sheets that were left out, each with the reason."""


class _Columns(FieldReader):
    """Reads the columns of one kind of sheet."""

    def __init__(self, headers: Mapping[str, str | Sequence[str]]) -> None:
        super().__init__()
        self._paths = paths(headers)
        self._known = {way[0] for ways in self._paths.values() for way in ways}


@process_cache(size=8)
def _headers(file: Path) -> Mapping[str, Mapping[str, Sequence[str]]]:
    read: Mapping[str, Mapping[str, Sequence[str]]] = read_yaml(file)
    return read


def read_sheet(file: Path, kind: Kind, *, demo: bool = False) -> PlaceSheet:
    """Read a CSV or XLSX file of one kind. Raises ListingFileError.

    `demo` marks all its rows as invented, whatever they state.
    """
    columns = _Columns(_headers(settings().data_file("vocab", "listing_headers.yml"))[kind])
    sheet = PlaceSheet()
    try:
        for number, row in rows(file, columns, sheet.skipped):
            plain = {name: _with_time(value) for name, value in row.items()}
            sheet.unread += [
                header for header in columns.unread(plain) if header not in sheet.unread
            ]
            _add_row(sheet, kind, number, columns.fields(plain), demo)
    except PostingFileError as wrong:
        raise ListingFileError(file, _location_text(wrong)) from wrong
    if not sheet.rows and not sheet.refused:
        raise ListingFileError(file, "has no rows")
    return sheet


def _location_text(wrong: PostingFileError) -> str:
    return f"row {wrong.row}: {wrong.reason}" if wrong.row else wrong.reason


def _with_time(value: Any) -> Any:
    """Keep the time of day of a cell that has one; the common reader keeps the day alone."""
    if isinstance(value, datetime) and (value.hour or value.minute):
        return value.strftime("%Y-%m-%d %H:%M")
    return value


def _add_row(sheet: PlaceSheet, kind: Kind, number: int, row_cells: Cells, demo: bool) -> None:
    try:
        sheet.rows.append(read_row(kind, number, row_cells, demo=demo))
    except ListingRowError as wrong:
        sheet.refused.append(RefusedRow(number, wrong.field, wrong.reason))


def read_row(kind: Kind, number: int, row_cells: Cells, *, demo: bool = False) -> ReadRow:
    """Read one row, its cells by field. Raises ListingRowError."""
    notes: list[str] = []
    values = _common(kind, row_cells, notes)
    _READERS[kind](row_cells, values, notes)
    values["demo"] = demo or "示范" in row_cells.get("demo", "")
    return ReadRow(number, values, tuple(notes))


def _common(kind: Kind, row_cells: Cells, notes: list[str]) -> Values:
    title = row_cells.get("title", "")
    if not title:
        raise ListingRowError("title", MISSING)
    if len(title) > _TITLE:
        raise ListingRowError("title", _SAY("title_too_long", limit=_TITLE))
    try:
        code = cells.region(row_cells, settings().home_region)
    except CellError as wrong:
        if kind not in ("directory", "rate") or row_cells.get("city") or row_cells.get("district"):
            raise ListingRowError("region", str(wrong)) from None
        code = settings().home_region
    place = cells.place(row_cells)
    if place.note:
        notes.append(f"lat: {place.note}")
    verified = _optional(row_cells, "verified_on", cells.day, notes)
    states = matching_ids("states", row_cells.get("state", "")) or ["open"]
    if row_cells.get("state") and not matching_ids("states", row_cells["state"]):
        notes.append(_SAY("state_note", text=row_cells["state"]))
    return {
        "title": title,
        "region_code": code,
        "address": _address(row_cells)[:200],
        "lat": place.point.lat if place.point else None,
        "lon": place.point.lon if place.point else None,
        "phone": row_cells.get("phone", "")[:80],
        "state": states[0],
        "verified_on": verified,
        "verified_by": row_cells.get("verified_by", "")[:60] if verified else "",
    }


def _address(row_cells: Cells) -> str:
    street, address = row_cells.get("street", ""), row_cells.get("address", "")
    return address if not street or street in address else street + address


def _optional(row_cells: Cells, name: str, read: Callable[[str], Any], notes: list[str]) -> Any:
    """Return a field that may be missing; what cannot be read is noted and left out."""
    if not row_cells.get(name):
        return None
    try:
        return read(row_cells[name])
    except CellError as wrong:
        notes.append(f"{name}: {wrong}")
        return None


def _required(row_cells: Cells, name: str, read: Callable[[str], Any]) -> Any:
    if not row_cells.get(name):
        raise ListingRowError(name, MISSING)
    try:
        return read(row_cells[name])
    except CellError as wrong:
        raise ListingRowError(name, str(wrong)) from None


def _station(row_cells: Cells, values: Values, notes: list[str]) -> None:
    hours = row_cells.get("hours", "")
    if hours:
        try:
            read_hours(hours)
        except HoursError as wrong:
            notes.append(_SAY("hours_note", text=wrong.part))
            hours = ""
    functions = matching_ids("functions", row_cells.get("functions", ""))
    if row_cells.get("functions") and not functions:
        notes.append(_SAY("functions_note", text=row_cells["functions"]))
    key = _key(values["region_code"], values["title"])
    values.update(hours=hours, functions=",".join(functions), key=key)


def _fair(row_cells: Cells, values: Values, notes: list[str]) -> None:
    kind_text = row_cells.get("kind", "") + values["title"]
    first = _required(row_cells, "day", cells.day)
    begins, ends = _required(
        {"time": row_cells.get("time") or row_cells["day"]}, "time", cells.times
    )
    rule, last = _recurrence(row_cells, first)
    excluded = cells.days(row_cells["left_out"]) if row_cells.get("left_out") else []
    audiences = matching_ids("audiences", row_cells.get("audiences", "") + values["title"])
    values.update(
        kind=next(iter(matching_ids("kinds", kind_text)), "fair"),
        starts_at=datetime.combine(first, begins, CHINA),
        ends_at=datetime.combine(first, ends, CHINA),
        rule=rule,
        last_on=last,
        left_out=",".join(day.isoformat() for day in excluded),
        audiences=",".join(audiences),
        trades=row_cells.get("trades", ""),
        employers=_optional(row_cells, "employers", cells.number, notes),
        openings=_optional(row_cells, "openings", cells.number, notes),
        organiser=row_cells.get("organiser", "")[:120],
        sign_up=row_cells.get("sign_up", "")[:200],
        key=_key(values["region_code"], values["title"], first.isoformat()),
    )


def _recurrence(row_cells: Cells, first: date) -> tuple[str, date]:
    """Return the RRULE of a fair and its last day. A rule without an end is refused."""
    several = cells.days(row_cells["day"])
    if not row_cells.get("rule"):
        if len(several) == 2 and several[1] > first:  # 12月5日-12月6日: each day of the span
            return f"FREQ=DAILY;UNTIL={several[1]:%Y%m%d}T235959", several[1]
        return "", first
    rule = days_rule(cells.plain(row_cells["rule"]))
    if rule is None:
        raise ListingRowError("rule", _SAY("rule_unreadable", text=row_cells["rule"]))
    until = _required(row_cells, "until", cells.day)
    if not first <= until <= first + _LONGEST:
        raise ListingRowError("until", _SAY("until_too_late", day=until))
    rule = f"{rule};UNTIL={until:%Y%m%d}T235959"
    start = datetime.combine(first, datetime.min.time())
    occurrences = list(rrulestr(rule, dtstart=start))
    if not occurrences:
        raise ListingRowError("rule", _SAY("rule_without_days"))
    return rule, occurrences[-1].date()


def _provider(row_cells: Cells, values: Values, notes: list[str]) -> None:
    values["key"] = _key(values["region_code"], values["title"])


def _course(row_cells: Cells, values: Values, notes: list[str]) -> None:
    trade = row_cells.get("trade") or values["title"]
    name = cells.occupation_in(trade) or cells.occupation_in(values["title"])
    if name is None:
        notes.append(_SAY("trade_note", trade=trade))
    provider = row_cells.get("provider", "")
    if not provider:
        raise ListingRowError("provider", MISSING)
    lowest_age, highest_age = cells.ages(
        row_cells.get("ages", "") or row_cells.get("requirements", "")
    )
    schedule = row_cells.get("schedule", "")
    starts = _optional(row_cells, "starts_on", cells.day, notes)
    fee = cells.fee(row_cells["fee"]) if row_cells.get("fee") else None
    if row_cells.get("fee") and fee is None:
        notes.append(_SAY("fee_note", text=row_cells["fee"]))
    values.update(
        provider=provider[:120],
        trade=trade[:80],
        occupation_name=name,
        level=row_cells.get("level", "")[:20],
        starts_on=starts,
        ends_on=_optional(row_cells, "ends_on", cells.day, notes),
        enrol_by=_optional(row_cells, "enrol_by", cells.day, notes),
        length=_length(row_cells.get("length", ""))[:60],
        times=",".join(_times(schedule)),
        schedule=schedule[:120],
        mode=_mode(row_cells.get("mode", "") + schedule),
        fee=fee,
        subsidy=row_cells.get("subsidy", "")[:120],
        certificate=row_cells.get("certificate", "")[:120],
        requirements=row_cells.get("requirements", "")[:200],
        age_min=lowest_age,
        age_max=highest_age,
        seats=_optional(row_cells, "seats", cells.number, notes),
        sign_up=row_cells.get("sign_up", "")[:200],
        key=_key(
            provider, values["title"], starts.isoformat() if starts else values["region_code"]
        ),
    )


def _length(text: str) -> str:
    """Return how long a course takes; a bare number is one of lessons."""
    return f"{text}课时" if text.isdigit() else text


def _times(text: str) -> list[str]:
    """Return when a course is taught; a weekday or a half of the day names the day alone."""
    plain_text = cells.plain(text)
    evening = any(word in plain_text for word in ("晚", "夜"))
    weekend = any(
        word in plain_text for word in ("周末", "双休", "周六", "周日", "星期六", "星期日")
    )
    plain_day = any(word in plain_text for word in ("工作日", "周一", "上午", "下午"))
    day = any(word in plain_text for word in ("白天", "全日", "脱产"))
    day = day or (plain_day and not evening and not weekend)
    flags = {"evening": evening, "weekend": weekend, "day": day}
    return [name for name, is_stated in flags.items() if is_stated]


def _mode(text: str) -> str:
    online = any(word in text for word in ("线上", "网络", "网课", "远程", "直播课"))
    site = any(word in text for word in ("线下", "面授", "集中", "实操", "现场", "脱产"))
    return "both" if online and site else "online" if online else "site" if site else ""


def _directory(row_cells: Cells, values: Values, notes: list[str]) -> None:
    kinds = matching_ids("directories", row_cells.get("directory", ""))
    if not kinds:
        raise ListingRowError(
            "directory", _SAY("directory_unknown", text=row_cells.get("directory", ""))
        )
    quarter = _required(row_cells, "quarter", cells.quarter)
    values.update(
        directory=kinds[0],
        quarter=quarter,
        position=_optional(row_cells, "position", cells.number, notes) or 999,
        occupation_name=cells.occupation_in(values["title"]),
        level=row_cells.get("level", "")[:20],
        degree=row_cells.get("degree", "")[:20],
        document=row_cells.get("document", "")[:200],
        key=_key(kinds[0], values["region_code"], quarter, values["title"]),
    )


def _rate(row_cells: Cells, values: Values, notes: list[str]) -> None:
    document = row_cells.get("document", "")
    if not document:
        raise ListingRowError("document", _SAY("document_missing"))
    if values["verified_on"] is None:
        raise ListingRowError("verified_on", _SAY("verification_missing"))
    starts = _required(row_cells, "starts_on", cells.day)
    level = row_cells.get("level", "")[:20]
    values.update(
        trade=values["title"][:80],
        occupation_name=cells.occupation_in(values["title"]),
        level=level,
        amount=_required(row_cells, "amount", cells.amount),
        starts_on=starts,
        ends_on=_optional(row_cells, "ends_on", cells.day, notes),
        document=document[:200],
        key=_key(values["region_code"], values["title"], level, starts.isoformat()),
    )


def _key(*parts: str) -> str:
    """Return the key of a row: the same in the next sheet, whatever its spaces and width are."""
    return "|".join("".join(cells.plain(part).split()) for part in parts)[:200]


_READERS: Mapping[str, Callable[[Cells, Values, list[str]], None]] = {
    "station": _station, "fair": _fair, "provider": _provider, "course": _course,
    "directory": _directory, "rate": _rate,
}  # fmt: skip


def header_of(kind: Kind, name: str) -> str:
    """Return the header that an export gives a field, which an import reads again."""
    return _headers(settings().data_file("vocab", "listing_headers.yml"))[kind][name][0]


def region_cells(code: str) -> tuple[str, str]:
    """Return city and district of a region as an export writes them."""
    vocab = vocabulary()
    city = vocab.city_of(code)
    district = vocab.name(code) if vocab.regions[code].level == 3 else ""
    return (vocab.name(city) if city else ""), district

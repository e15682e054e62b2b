"""Writing listings to a sheet that an import reads again."""

from __future__ import annotations

import csv
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.db.comma_lists import split
from bot.places.changes import EVERYWHERE, TABLES, Areas, lies_in
from bot.places.errors import ListingFileError
from bot.places.sheets import Kind, header_of, region_cells
from bot.places.wording import ages_of
from bot.places.words import names, words

_RULE_DAYS = dict(zip(("MO", "TU", "WE", "TH", "FR", "SA", "SU"), "一二三四五六日", strict=True))
#: The columns of an export by kind, in this order; region, point and check stand around them.
FIELDS: Mapping[str, Sequence[str]] = {
    "station": ("title", "address", "phone", "hours", "functions"),
    "fair": (
        "title", "kind", "day", "time", "rule", "until", "left_out", "address", "phone",
        "audiences", "trades", "employers", "openings", "organiser", "sign_up",
    ),
    "provider": ("title", "address", "phone"),
    "course": (
        "title", "provider", "trade", "level", "starts_on", "ends_on", "enrol_by", "length",
        "schedule", "mode", "fee", "subsidy", "certificate", "requirements", "ages", "seats",
        "address", "phone", "sign_up",
    ),
    "directory": ("title", "directory", "quarter", "position", "level", "degree", "document"),
    "rate": ("title", "level", "amount", "starts_on", "ends_on", "document"),
}  # fmt: skip
_LAST = ("state", "lat", "lon", "datum", "verified_on", "verified_by", "demo")


def export(db: Session, kind: Kind, file: Path, areas: Areas = EVERYWHERE) -> int:
    """Write the listings of a kind in some areas to a CSV or XLSX file; return how many.

    Raises ListingFileError for another kind of file.
    """
    table = TABLES[kind]
    rows = db.scalars(select(table).order_by(table.region_code, table.id))
    matching = [row for row in rows if lies_in(row.region_code, areas)]
    fields = ("city", "district", *FIELDS[kind], *_LAST)
    lines = [[header_of(kind, name) for name in fields]]
    lines += [[_cell(row, name) for name in fields] for row in matching]
    if file.suffix == ".csv":
        with file.open("w", encoding="utf-8-sig", newline="") as out:
            csv.writer(out).writerows(lines)
    elif file.suffix == ".xlsx":
        _write_xlsx(file, lines)
    else:
        raise ListingFileError(file, "is none of .csv, .xlsx")
    return len(matching)


def _write_xlsx(file: Path, lines: Sequence[Sequence[str]]) -> None:
    from openpyxl import Workbook

    book = Workbook(write_only=True)
    sheet = book.create_sheet("名单")
    for line in lines:
        sheet.append(list(line))
    book.save(file)


def cells_of(kind: Kind, row: Any) -> dict[str, str]:
    """Return a row by field as a sheet of its kind states it."""
    fields = ("city", "district", *FIELDS[kind], *_LAST)
    return {name: _text(row, name) for name in fields}


def _cell(row: Any, name: str) -> str:
    text = _text(row, name)
    return f"'{text}" if text[:1] in "=+-@＝＋－＠" and text else text


def _text(row: Any, name: str) -> str:
    special = _SPECIAL.get(name)
    return special(row) if special else _plain(getattr(row, name, ""))


def _plain(value: Any) -> str:
    if value is None:
        return ""
    return value.isoformat() if hasattr(value, "isoformat") else str(value)


def _rule(row: Any) -> str:
    """Return a rule in the words in which an import reads it."""
    parts = dict(part.split("=", 1) for part in row.rule.split(";")) if row.rule else {}
    if parts.get("FREQ") == "DAILY":
        return ""
    days = parts.get("BYDAY", "")
    if parts.get("FREQ") == "MONTHLY" and days:
        nth = "最后一个" if days.startswith("-1") else f"第{'一二三四'[int(days[0]) - 1]}个"
        return f"每月{nth}周{_RULE_DAYS[days[-2:]]}"
    if parts.get("FREQ") == "MONTHLY":
        return "每月" + "、".join(f"{day}日" for day in parts["BYMONTHDAY"].split(","))
    return "、".join(f"周{_RULE_DAYS[day]}" for day in days.split(",") if day)


def _until(row: Any) -> str:
    """Return the day until which a rule holds, which may lie after the last day."""
    if not _rule(row):
        return ""
    until = dict(part.split("=", 1) for part in row.rule.split(";"))["UNTIL"][:8]
    return f"{until[:4]}-{until[4:6]}-{until[6:]}"


def _day(row: Any) -> str:
    span = f"至{row.last_on.isoformat()}" if row.rule.startswith("FREQ=DAILY") else ""
    return f"{row.starts_at.date().isoformat()}{span}"


_SPECIAL: Mapping[str, Callable[[Any], str]] = {
    "city": lambda row: region_cells(row.region_code)[0],
    "district": lambda row: region_cells(row.region_code)[1],
    "functions": lambda row: "、".join(names("functions", split(row.functions))),
    "audiences": lambda row: "、".join(names("audiences", split(row.audiences))),
    "kind": lambda row: words("kinds")[row.kind].name,
    "directory": lambda row: words("directories")[row.directory].name,
    "day": _day,
    "time": lambda row: f"{row.starts_at:%H:%M}-{row.ends_at:%H:%M}",
    "rule": _rule,
    "until": _until,
    "left_out": lambda row: "、".join(split(row.left_out)),
    "quarter": lambda row: f"{row.quarter[:4]}年第{row.quarter[-1]}季度",
    "fee": lambda row: "" if row.fee is None else "免费" if row.fee == 0 else f"{row.fee}元",
    "ages": ages_of,
    "state": lambda row: words("states")[row.state].name,
    "datum": lambda row: "WGS-84" if row.lat is not None else "",
    "demo": lambda row: "示范数据" if row.demo else "",
}

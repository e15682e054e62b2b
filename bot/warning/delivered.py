"""Rows of an office's file as values of their table, and what was refused or noticed."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from bot import clock
from bot.caches import process_cache
from bot.settings import settings
from bot.warning.errors import BatchError
from bot.warning.identity import credit_code, identity_number, person_code
from bot.warning.rule_figures import read_reasons
from bot.warning.sheet_rows import (
    Kind,
    SheetRow,
    amount,
    day,
    district,
    headers,
    measures,
    month,
    required_cell,
    sheet_rows,
    whole_number,
)
from bot.wording import wording

_SAY = wording("warning_sheets")

Values = dict[str, Any]
#: Whether one may deliver for a district, by its GB/T 2260 code.
Permitted = Callable[[str], bool]
#: A filing may be made so long before it takes effect, and an employment have begun so early.
_AHEAD, _EARLIEST = timedelta(days=366), date(1950, 1, 1)


@dataclass(frozen=True)
class Refusal:
    """A row that is not taken, with the reason in Chinese."""

    sheet: str
    row: int
    reason: str

    def __str__(self) -> str:
        return f"{self.sheet + '，' if self.sheet else ''}第{self.row}行：{self.reason}"


@dataclass
class Delivered:
    """A file as it would be applied."""

    kind: Kind
    file: str
    sha256: str
    rows: list[Values] = field(default_factory=list, repr=False)
    refused: list[Refusal] = field(default_factory=list)
    unread: set[str] = field(default_factory=set)
    """Columns that mean no field."""
    skipped: list[str] = field(default_factory=list)
    """Sheets that were left out, with the reason."""
    covered: set[tuple[str, date]] = field(default_factory=set)
    """Districts and months that it holds data for."""

    def add(
        self, row: SheetRow, read: Callable[[Mapping[str, str]], list[Values]], may: Permitted
    ) -> None:
        """Read a row into values, or refuse it."""
        try:
            values = read(row.fields)
            if not all(may(item["district"]) for item in values):
                raise ValueError(_SAY("district_outside_scope"))
        except ValueError as wrong:
            self.refused.append(Refusal(row.sheet, row.number, str(wrong)))
            return
        for item in values:
            number = len(self.rows) + 1
            self.rows.append({"row": number, **item})
            day = item.get("month") or item.get("filed_on")
            if day:
                self.covered.add((item["district"], day.replace(day=1)))


def read_delivery(
    file: Path, kind: Kind, may: Permitted = lambda _: True, name: str = ""
) -> Delivered:
    """Read a file of an office; rows of districts where one may not deliver are refused.

    `name`: as it was sent. Raises PostingFileError, or BatchError when no key is set.
    """
    if kind == "filings":
        _warning_key()
    digest = hashlib.sha256(file.read_bytes()).hexdigest() if file.is_file() else ""
    delivered = Delivered(kind, name or file.name, digest)
    read = _READERS[kind]
    for row in sheet_rows(file, kind, delivered.unread, delivered.skipped):
        delivered.add(row, read, may)
    return delivered


def _employer(cells: Mapping[str, str]) -> list[Values]:
    parent = cells.get("parent", "")
    return [
        {
            "uscc": credit_code(required_cell(cells, "uscc", "统一社会信用代码")),
            "name": required_cell(cells, "name", "单位名称")[:200],
            "district": district(required_cell(cells, "district", "区县")),
            "industry": cells.get("industry", "")[:5].upper(),
            "parent": credit_code(parent) if parent else None,
        }
    ]


def _filing(cells: Mapping[str, str]) -> list[Values]:
    kind = _kind(required_cell(cells, "kind", "备案类型"))
    filed = day(required_cell(cells, "filed_on", "备案日期"))
    if kind == "revoke" and not cells.get("effective_on"):
        effective = filed
    else:
        effective = day(required_cell(cells, "effective_on", "生效日期"))
    if filed > clock.today():
        raise ValueError(_SAY("filed_in_future", day=filed))
    if not _EARLIEST <= effective <= filed + _AHEAD:
        raise ValueError(_SAY("effective_day_wrong", day=effective))
    user = cells.get("user_uscc", "")
    number = identity_number(required_cell(cells, "person", "证件号码"))
    return [
        {
            "filing_no": required_cell(cells, "filing_no", "备案号")[:40],
            "uscc": credit_code(required_cell(cells, "uscc", "统一社会信用代码")),
            "user_uscc": credit_code(user) if user else None,
            "person": person_code(number, _warning_key()),
            "kind": kind,
            "effective_on": effective,
            "filed_on": filed,
            "reason": _reason(cells.get("reason", "")) if kind == "end" else "",
            "district": district(required_cell(cells, "district", "区县")),
        }
    ]


def _warning_key() -> str:
    """Return the key of identity numbers. Raises BatchError when none is set."""
    key = settings().warning_key
    if key is None:
        raise BatchError(_SAY("key_missing"))
    return key.reveal()


def _headcount(cells: Mapping[str, str]) -> list[Values]:
    return [
        {
            "uscc": credit_code(required_cell(cells, "uscc", "统一社会信用代码")),
            "month": _past_month(cells),
            "insured": whole_number(required_cell(cells, "insured", "参保人数")),
            "district": district(required_cell(cells, "district", "区县")),
        }
    ]


def _counts(cells: Mapping[str, str]) -> list[Values]:
    first_day = _past_month(cells)
    district_code = district(required_cell(cells, "district", "区县"))
    values: list[Values] = [
        {
            "month": first_day,
            "district": district_code,
            "measure": name,
            "value": amount(cells[name]),
        }
        for name in measures()
        if cells.get(name)
    ]
    if not values:
        raise ValueError(_SAY("no_known_figure"))
    return values


def _past_month(cells: Mapping[str, str]) -> date:
    first_day = month(required_cell(cells, "month", "月份"))
    if first_day > clock.today():
        raise ValueError(_SAY("month_in_future", month=f"{first_day:%Y年%m月}"))
    return first_day


_READERS: Mapping[Kind, Callable[[Mapping[str, str]], list[Values]]] = {
    "employers": _employer, "filings": _filing, "headcounts": _headcount, "counts": _counts,
}  # fmt: skip


def _kind(text: str) -> str:
    kind = _kinds().get(text)
    if kind is None:
        raise ValueError(_SAY("filing_kind_unknown", text=text[:20]))
    return kind


def _reason(text: str) -> str:
    """Return the code of a reason; none stated is `other`, one not on the list is refused."""
    code = _reasons().get(text or "其他")
    if code is None:
        raise ValueError(_SAY("reason_unknown", text=text[:20]))
    return code


@process_cache(size=1)
def _kinds() -> Mapping[str, str]:
    words = headers()["kinds"]
    return {word: kind for kind, listed in words.items() for word in (kind, *listed)}


@process_cache(size=1)
def _reasons() -> Mapping[str, str]:
    """Return codes by what sheets write: code, text and names of all versions."""
    return {
        word: item.code
        for version in read_reasons()
        for item in version.reasons.values()
        for word in (item.code, item.text, *item.names)
    }

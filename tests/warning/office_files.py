"""Files as offices send them, for the tests of early warning."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from datetime import date
from pathlib import Path

from bot.warning.identity import identity_number, with_check

KEY = "a-key-of-tests-that-is-long-enough-0123456789"
FILINGS = (
    "备案编号",
    "统一社会信用代码",
    "身份证号码",
    "备案类型",
    "解除（终止）日期",
    "备案日期",
    "解除原因",
    "所属区县",
)


def firm(number: int) -> str:
    """A credit code with a right check digit."""
    return with_check(f"91210106MA{number:07d}")


def person(number: int) -> str:
    """An identity number with a right check digit."""
    first = f"21010619{60 + number // 300 % 40:02d}{1 + number // 25 % 12:02d}{1 + number % 25:02d}{number // 12000 % 1000:03d}"
    for last in "0123456789X":
        try:
            return identity_number(first + last)
        except ValueError:
            continue
    raise AssertionError(first)


def filing(
    number: str,
    uscc: str,
    who: int,
    kind: str,
    effective: date,
    filed: date | None = None,
    reason: str = "",
    place: str = "210106",
) -> tuple[str, ...]:
    """A row of a sheet of filings."""
    return (
        number,
        uscc,
        person(who),
        kind,
        effective.isoformat(),
        (filed or effective).isoformat(),
        reason,
        place,
    )


def write_csv(
    file: Path, header: Sequence[str], rows: Sequence[Sequence[object]], encoding: str = "utf-8"
) -> Path:
    with file.open("w", encoding=encoding, newline="") as out:
        csv.writer(out).writerows([header, *rows])
    return file

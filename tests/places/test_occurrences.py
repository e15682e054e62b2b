from __future__ import annotations

from datetime import date
from pathlib import Path

from sqlalchemy import select

from bot.db.session import session
from bot.db.tables import (
    Fair,
)
from bot.places.importer import import_file
from tests.places.office_sheets import Line, csv_file


def test_recurring_fairs_need_an_end(committed: str, tmp_path: Path) -> None:
    head = ["市", "招聘会名称", "日期", "时间段", "周期", "截止日期", "停办日期"]
    lines: list[Line] = [
        head,
        ["沈阳市", "周六会", "2026-12-05", "9:00-11:00", "每周六", "2026-12-31", "2026-12-12"],
        ["沈阳市", "无尽会", "2026-12-05", "9:00-11:00", "每周六", "", ""],
        ["沈阳市", "月会", "2026-12-01", "9:00-11:00", "每月第一个周三", "2027-03-31", ""],
        ["沈阳市", "两天会", "2026-12-05至2026-12-06", "9:00-11:00", "", "", ""],
    ]
    report = import_file(committed, csv_file(tmp_path, lines), "fair", "王某")
    assert [(one.number, one.field) for one in report.refused] == [(3, "until")]
    from bot.places.occurrences import occurrences

    with session(committed) as db:
        weekly, monthly, both = db.scalars(select(Fair).order_by(Fair.id))
        first, last = date(2026, 12, 1), date(2027, 1, 31)
        days = [
            [one.day for one in occurrences(fair, first, last)] for fair in (weekly, monthly, both)
        ]
    assert [day.isoformat() for day in days[0]] == ["2026-12-05", "2026-12-19", "2026-12-26"]
    assert [day.isoformat() for day in days[1]] == ["2026-12-02", "2027-01-06"]
    assert [day.isoformat() for day in days[2]] == ["2026-12-05", "2026-12-06"]

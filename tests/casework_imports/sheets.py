"""Sheets of people, written and imported."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from sqlalchemy.orm import Session

from bot.casework.roles import Staff
from bot.casework_imports.apply import apply
from bot.casework_imports.preview import preview
from bot.db.tables import (
    ImportBatch,
)
from tests.casework.sheets import id_number

HEADER = ("序号", "姓名", "身份证号码", "联系电话", "所属街道", "失业登记日期", "失业原因")
ONE, TWO, THREE = (id_number(number) for number in (101, 102, 103))


def rows(*given: tuple[str, str, str, str]) -> list[tuple[Any, ...]]:
    return [
        (at, name, number, phone, "昆明湖街道", day, "合同期满")
        for at, (name, number, phone, day) in enumerate(given, 1)
    ]


GOOD = rows(
    ("张一", ONE, "13800138001", "2026-10-08"),
    ("李二", TWO, "", "2026年10月9日"),
    ("王三", THREE, "024-23456789", "2026/10/10"),
)


def imported(
    db: Session, me: Staff, file: Path, kind: str = "registrations"
) -> tuple[ImportBatch, int]:
    batch = preview(db, me, kind, file, file.name)
    return batch, apply(db, me, batch.id).done


def counts(batch: ImportBatch) -> tuple[int, int, int, int]:
    return batch.rows_new, batch.rows_changed, batch.rows_same, batch.rows_refused

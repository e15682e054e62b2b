"""Postings imported from a case of cases/sheets.yml, and what is read of them as plain values."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from openpyxl import Workbook
from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.db.tables import Posting, PostingOrigin
from bot.matching import features_of


def write_files(case: dict[str, Any], folder: Path) -> list[Path]:
    """Write the files of a case: a workbook, a CSV, JSON lines, or several by their paths."""
    if "sheets" in case:
        return [_workbook(case["sheets"], case.get("merged", ()), folder / "岗位.xlsx")]
    if "csv" in case:
        return [_text(case["csv"], folder / "岗位.csv")]
    if "jsonl" in case:
        lines = (json.dumps(row, ensure_ascii=False) for row in case["jsonl"])
        return [_text("\n".join(lines) + "\n", folder / "岗位.jsonl")]
    return [_text(text, folder / name) for name, text in case["files"].items()]


def _workbook(sheets: dict[str, Any], merged: Any, file: Path) -> Path:
    book = Workbook()
    book.remove(book.active)
    for number, (name, rows) in enumerate(sheets.items()):
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(row)
        for cells in merged if number == 0 else ():
            sheet.merge_cells(cells)
    book.save(file)
    return file


def _text(text: str, file: Path) -> Path:
    file.parent.mkdir(exist_ok=True)
    file.write_text(text, encoding="utf-8")
    return file


def read_of(db: Session, posting: Posting) -> dict[str, Any]:
    """Return what was read of a posting, under the names of the cases."""
    origin = db.get(PostingOrigin, (posting.source, posting.source_key))
    assert origin is not None
    traits = features_of(posting).traits
    return {
        "title": posting.title,
        "employer": posting.employer.name,
        "pay": [posting.salary_min, posting.salary_max],
        "region": posting.region_code,
        "headcount": posting.headcount,
        "education": posting.education,
        "work_time": posting.work_time,
        "description": posting.description,
        "status": posting.status,
        "phone": getattr(posting, "contact", ""),
        "until": origin.expires_on,
        "ages": list(traits.ages) if traits and traits.ages else None,
        "warning": posting.warnings.split(","),
        "welfare": posting.welfare.split(","),
    }


def differences(db: Session, right: list[dict[str, Any]]) -> list[str]:
    """Return where the stored postings, in their order, are not as they must be."""
    stored = db.scalars(select(Posting).order_by(Posting.id)).all()
    if len(stored) != len(right):
        return [f"{len(stored)} postings in place of {len(right)}"]
    wrong = []
    for posting, must in zip(stored, right, strict=True):
        has = read_of(db, posting)
        for name, value in must.items():
            if not _agrees(name, has[name], value):
                wrong.append(f"{posting.title}: {name} is {has[name]}, must be {value}")
    return wrong


def _agrees(name: str, has: Any, must: Any) -> bool:
    if name == "welfare":
        return set(must) <= set(has)
    if name in ("warning", "phone"):
        return must in has
    return bool(has == must)

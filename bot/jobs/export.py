"""Write open postings to a file that can be imported again."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.db.tables import Posting
from bot.text import education

HEADERS = (
    "编号", "来源", "职位", "公司", "地点", "薪资", "学历", "经验", "描述", "标签", "发布日期",
)  # fmt: skip


def export(db: Session, file: Path) -> int:
    """Write all open postings as .jsonl, .csv or .xlsx; return how many.

    Raises ValueError for another kind of file.
    """
    writers = {".jsonl": _jsonl, ".csv": _csv, ".xlsx": _xlsx}
    if file.suffix not in writers:
        raise ValueError(f"{file.name}: is none of {', '.join(writers)}")
    return writers[file.suffix](file, _rows(db))


def _rows(db: Session) -> Iterator[dict[str, str]]:
    query = select(Posting).where(Posting.status == "open").order_by(Posting.id)
    for posting in db.scalars(query.execution_options(yield_per=1000)):
        years = posting.experience_years
        values = (
            _own_id(posting), posting.source, posting.title, posting.employer.name,
            posting.place_text, posting.salary_text,
            education.NAMES.get(posting.education or "", ""),
            "" if years is None else f"{years}年" if years else "不限", posting.description,
            posting.tags, posting.published_on.isoformat() if posting.published_on else "",
        )  # fmt: skip
        yield dict(zip(HEADERS, values, strict=True))


def _own_id(posting: Posting) -> str:
    """Return the source's own id; a key that we made is made again from the row."""
    key = posting.source_key
    return key.removeprefix("id:") if key.startswith("id:") else ""


def _jsonl(file: Path, rows: Iterator[dict[str, str]]) -> int:
    count = 0
    with file.open("w", encoding="utf-8") as out:
        for row in rows:
            out.write(json.dumps(row, ensure_ascii=False) + "\n")
            count += 1
    return count


def _csv(file: Path, rows: Iterator[dict[str, str]]) -> int:
    count = 0
    with file.open("w", encoding="utf-8-sig", newline="") as out:
        writer = csv.DictWriter(out, HEADERS)
        writer.writeheader()
        for row in rows:
            writer.writerow(row)
            count += 1
    return count


def _xlsx(file: Path, rows: Iterator[dict[str, str]]) -> int:
    from openpyxl import Workbook

    book = Workbook(write_only=True)
    sheet = book.create_sheet("岗位")
    sheet.append(list(HEADERS))
    count = 0
    for row in rows:
        sheet.append(list(row.values()))
        count += 1
    book.save(file)
    return count

"""Write open postings to a file that can be imported again."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator
from pathlib import Path

from sqlalchemy import and_, select
from sqlalchemy.orm import Session

from bot.db.models.imports import is_shown
from bot.db.tables import Posting, PostingOrigin
from bot.understanding.extractors import education

HEADERS = (
    "编号", "来源", "职位", "公司", "地点", "薪资", "学历", "经验", "描述", "标签", "发布日期",
    "有效期至", "招聘人数", "性别要求", "年龄要求", "联系电话",
    "工作地址", "报名方式", "网址",
)  # fmt: skip
#: A cell that begins like this is a formula to a spreadsheet, in whatever width it is written.
_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠")


def export(db: Session, file: Path) -> int:
    """Write all open postings as .jsonl, .csv or .xlsx; return how many.

    Raises ValueError for another kind of file.
    """
    writers = {".jsonl": _jsonl, ".csv": _csv, ".xlsx": _xlsx}
    if file.suffix not in writers:
        raise ValueError(f"{file.name}: is none of {', '.join(writers)}")
    return writers[file.suffix](file, _rows(db))


def harmless(cell: str) -> str:
    """Mark a cell as text that a spreadsheet would take for a formula; importing takes it off."""
    return f"'{cell}" if cell.startswith(_FORMULA_STARTS) else cell


def _rows(db: Session) -> Iterator[dict[str, str]]:
    leads = (
        PostingOrigin.source == Posting.source,
        PostingOrigin.source_key == Posting.source_key,
    )
    query = (
        select(Posting, PostingOrigin.expires_on)
        .outerjoin(PostingOrigin, and_(*leads))
        .where(Posting.status == "open", is_shown(Posting.id))
        .order_by(Posting.id)
    )
    for posting, until in db.execute(query.execution_options(yield_per=1000)):
        years = posting.experience_years
        values = (
            _own_id(posting), posting.source, posting.title, posting.employer.name,
            posting.place_text, posting.salary_text,
            education.NAMES.get(posting.education or "", ""),
            "" if years is None else f"{years}年" if years else "不限", posting.description,
            posting.tags, posting.published_on.isoformat() if posting.published_on else "",
            until.isoformat() if until else "", str(posting.headcount or ""), posting.sex_text,
            posting.age_text, posting.contact, posting.address, posting.apply_text, posting.link,
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
            writer.writerow({name: harmless(cell) for name, cell in row.items()})
            count += 1
    return count


def _xlsx(file: Path, rows: Iterator[dict[str, str]]) -> int:
    from openpyxl import Workbook

    book = Workbook(write_only=True)
    sheet = book.create_sheet("岗位")
    sheet.append(list(HEADERS))
    count = 0
    for row in rows:
        sheet.append([harmless(cell) for cell in row.values()])
        count += 1
    book.save(file)
    return count

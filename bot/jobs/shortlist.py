"""人岗匹配清单: ranked postings with reasons for the counsellor to talk over, for one or for many.

Holds nothing of a person but the seeker's number and what was wished for.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import ColumnElement, exists, or_, select
from sqlalchemy.orm import Session

from bot import clock
from bot.db.lists import split
from bot.db.tables import Consent
from bot.db.tables import JobPreference as KeptPreference
from bot.jobs.compose import described
from bot.jobs.errors import ShortlistError
from bot.jobs.explain import item
from bot.jobs.export import harmless
from bot.jobs.match import find
from bot.jobs.preference import JobPreference
from bot.privacy.consents import holds
from bot.text.vocabulary import vocabulary

HEADERS = (
    "求职者编号", "求职意向", "序号", "岗位编号", "岗位", "单位", "地点", "工资",
    "推荐理由", "注意", "来源", "发布日期", "指导员意见",
)  # fmt: skip
#: Widths of the columns in a spreadsheet, in characters.
_WIDTHS = (10, 28, 6, 10, 24, 28, 16, 16, 50, 40, 14, 12, 24)
#: Postings for one seeker.
EACH = 5


@dataclass(frozen=True)
class Asked:
    """A seeker for whom postings are looked for."""

    seeker: int | None
    """The seeker's number; None when only a wish was given."""
    wish: JobPreference


def kept_of(db: Session, seeker: int) -> Asked:
    """Return a seeker's kept preference.

    Raises ShortlistError when none is kept, it expired, or counsellors may not see it.
    """
    query = select(KeptPreference).where(
        KeptPreference.seeker_id == seeker, KeptPreference.expires_on >= clock.today(), _seen()
    )
    kept = db.scalar(query)
    if kept is None:
        raise ShortlistError(
            f"seeker {seeker}: no job preference is kept for counsellors to see, or it has expired"
        )
    return Asked(seeker, _wish(kept))


def kept_in(db: Session, region: str) -> list[Asked]:
    """Return all kept preferences for a region and what lies in it, by seeker's number.

    Those alone whose seekers agreed that counsellors see them: who subscribes is told nobody does.
    Raises ShortlistError for a code that is no region.
    """
    words = vocabulary()
    if region not in words.regions:
        raise ShortlistError(f"{region}: is no code of a region")
    inside = _prefix(region)
    query = (
        select(KeptPreference)
        .where(
            KeptPreference.expires_on >= clock.today(),
            _seen(),
            or_(
                KeptPreference.region_code == region,
                KeptPreference.region_code.startswith(inside, autoescape=True),
                KeptPreference.also_regions.contains(inside, autoescape=True),
            ),
        )
        .order_by(KeptPreference.seeker_id)
    )
    asked = [Asked(kept.seeker_id, _wish(kept)) for kept in db.scalars(query)]
    return [one for one in asked if any(words.is_within(at, region) for at in one.wish.places)]


def _seen() -> ColumnElement[bool]:
    """Return the condition that counsellors may see a kept preference."""
    return exists().where(Consent.seeker_id == KeptPreference.seeker_id, holds("counsel"))


def _prefix(region: str) -> str:
    """What the codes of a region and of all in it begin with: 21, 2101, 210106."""
    return region[:2] if region.endswith("0000") else region.removesuffix("00")


def _wish(kept: KeptPreference) -> JobPreference:
    trades = split(kept.occupations)
    return JobPreference(
        occupations=trades,
        any_occupation=not trades,
        region_code=kept.region_code,
        also_regions=split(kept.also_regions),
        salary_min=kept.salary_min,
        salary_max=kept.salary_max,
        work_time=kept.work_time,
        welfare=split(kept.welfare),
    )


def lines(db: Session, asked: Iterable[Asked], each: int = EACH) -> Iterator[tuple[str, ...]]:
    """Yield the rows of the list under HEADERS; one that says so for whom nothing was found."""
    for one in asked:
        head = (str(one.seeker or ""), described(one.wish))
        matches = find(db, one.wish, limit=each).items
        if not matches:
            yield (*head, *[""] * 6, "现在没有合适的岗位", *[""] * 4)
        for number, match in enumerate(matches, 1):
            posting = item(match, one.wish)
            yield (
                *head, str(number), str(posting.id), posting.title, posting.employer,
                posting.region, posting.salary_text, "；".join(posting.reasons),
                "；".join(posting.warnings), posting.source, posting.published_on or "", "",
            )  # fmt: skip


def write_shortlist(file: Path, rows: Iterable[Sequence[str]]) -> int:
    """Write rows as .xlsx or .csv; return how many. Raises ShortlistError for another kind."""
    writers = {".xlsx": _xlsx, ".csv": _csv}
    if file.suffix not in writers:
        raise ShortlistError(f"{file.name}: is none of {', '.join(writers)}")
    return writers[file.suffix](file, (list(map(harmless, row)) for row in rows))


def _csv(file: Path, rows: Iterable[Sequence[str]]) -> int:
    count = 0
    with file.open("w", encoding="utf-8-sig", newline="") as out:
        writer = csv.writer(out)
        writer.writerow(HEADERS)
        for count, row in enumerate(rows, 1):  # noqa: B007
            writer.writerow(row)
    return count


def _xlsx(file: Path, rows: Iterable[Sequence[str]]) -> int:
    from openpyxl import Workbook
    from openpyxl.utils import get_column_letter

    book = Workbook(write_only=True)
    sheet = book.create_sheet("人岗匹配清单")
    sheet.freeze_panes = "A2"
    for number, width in enumerate(_WIDTHS, 1):
        sheet.column_dimensions[get_column_letter(number)].width = width
    sheet.append(list(HEADERS))
    count = 0
    for count, row in enumerate(rows, 1):  # noqa: B007
        sheet.append(list(row))
    book.save(file)
    return count

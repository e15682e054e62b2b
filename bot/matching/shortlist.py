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
from bot.db.tables import Consent, JobPreferenceRow
from bot.matching import find
from bot.matching.explain import item
from bot.matching.job_preference import JobPreference
from bot.matching.replies import describe_preference
from bot.matching.stored_preference import from_row
from bot.postings.errors import ShortlistError
from bot.postings.export import harmless
from bot.privacy.consents import holds
from bot.vocabulary.vocabulary import vocabulary

HEADERS = (
    "求职者编号", "求职意向", "序号", "岗位编号", "岗位", "单位", "地点", "工资",
    "推荐理由", "注意", "来源", "发布日期", "指导员意见",
)  # fmt: skip
#: Widths of the columns in a spreadsheet, in characters.
_WIDTHS = (10, 28, 6, 10, 24, 28, 16, 16, 50, 40, 14, 12, 24)
#: Postings for one seeker.
POSTINGS_PER_SEEKER = 5


@dataclass(frozen=True)
class ShortlistRequest:
    """A seeker and the preference to search for."""

    seeker: int | None
    """The seeker's number; None when only a preference was given."""
    preference: JobPreference


def saved_preference(db: Session, seeker: int) -> ShortlistRequest:
    """Return a seeker's kept preference.

    Raises ShortlistError when none is kept, it expired, or counsellors may not see it.
    """
    query = select(JobPreferenceRow).where(
        JobPreferenceRow.seeker_id == seeker,
        JobPreferenceRow.expires_on >= clock.today(),
        _visible_to_counsellors(),
    )
    row = db.scalar(query)
    if row is None:
        raise ShortlistError(
            f"seeker {seeker}: no job preference is kept for counsellors to see, or it has expired"
        )
    return ShortlistRequest(seeker, from_row(row))


def saved_preferences_in(db: Session, region: str) -> list[ShortlistRequest]:
    """Return all kept preferences for a region and what lies in it, by seeker's number.

    Only those that the seeker agreed to show to counsellors: a subscription alone is private.
    Raises ShortlistError for a code that is no region.
    """
    words = vocabulary()
    if region not in words.regions:
        raise ShortlistError(f"{region}: is no code of a region")
    inside = _prefix(region)
    query = (
        select(JobPreferenceRow)
        .where(
            JobPreferenceRow.expires_on >= clock.today(),
            _visible_to_counsellors(),
            or_(
                JobPreferenceRow.region_code == region,
                JobPreferenceRow.region_code.startswith(inside, autoescape=True),
                JobPreferenceRow.also_regions.contains(inside, autoescape=True),
            ),
        )
        .order_by(JobPreferenceRow.seeker_id)
    )
    requests = [ShortlistRequest(row.seeker_id, from_row(row)) for row in db.scalars(query)]
    return [
        request
        for request in requests
        if any(words.is_within(place, region) for place in request.preference.places)
    ]


def _visible_to_counsellors() -> ColumnElement[bool]:
    """Return the condition that counsellors may see a kept preference."""
    return exists().where(Consent.seeker_id == JobPreferenceRow.seeker_id, holds("counsel"))


def _prefix(region: str) -> str:
    """Return the prefix of the codes of a region and of all in it: 21, 2101, 210106."""
    return region[:2] if region.endswith("0000") else region.removesuffix("00")


def shortlist_rows(
    db: Session, requests: Iterable[ShortlistRequest], limit: int = POSTINGS_PER_SEEKER
) -> Iterator[tuple[str, ...]]:
    """Yield the rows of the list under HEADERS; a seeker without matches gets one that says so."""
    for request in requests:
        head = (str(request.seeker or ""), describe_preference(request.preference))
        matches = find(db, request.preference, limit=limit).items
        if not matches:
            yield (*head, *[""] * 6, "现在没有合适的岗位", *[""] * 4)
        for number, match in enumerate(matches, 1):
            posting = item(match, request.preference)
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

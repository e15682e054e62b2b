"""A posting that a member of staff enters: read, screened and stored as a row of an import is.

It is held until another member of staff has reviewed it (bot/casework_desk/review_queue.py),
also after each change.
"""

from __future__ import annotations

import json
import uuid
from collections.abc import Mapping
from dataclasses import dataclass, replace

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot import clock
from bot.audit.chain import Action, append
from bot.caches import process_cache
from bot.db.tables import Posting, PostingEntry, PostingOrigin
from bot.postings.errors import PostingEntryError
from bot.postings.ingest.deduplication import PostingIdentity, is_same_job, job_key
from bot.postings.ingest.importer import storing
from bot.postings.ingest.parser import Draft, Drafter, RowError
from bot.postings.ingest.report import PostingImportReport
from bot.postings.screening.rules import UNREVIEWED
from bot.vocabulary.vocabulary import vocabulary
from bot.wording import wording

_SAY = wording("posting_entry")
#: Headers of an office's sheet, which are the labels of the form, by field.
HEADERS = {
    "title": "岗位名称", "employer": "单位名称", "city": "城市", "district": "区县",
    "address": "工作地址", "salary": "薪资", "work_time": "工作时间", "headcount": "招聘人数",
    "contact": "联系人", "phone": "联系电话", "apply": "报名方式", "valid_until": "截止日期",
    "tags": "福利待遇", "age": "年龄要求", "education": "学历要求", "description": "岗位描述",
}  # fmt: skip
#: What the numbers of entries begin with.
_NUMBER = "entry-"
ORIGINS = {"community": "社区摸到的", "employer": "单位来报的"}


@dataclass(frozen=True)
class EntryAuthor:
    """A member of staff who enters a posting, and for which area."""

    counsellor_id: int
    area: str
    area_name: str
    """As the posting names its source: 沈阳市铁西区昆明湖街道."""


@dataclass(frozen=True)
class EnteredPosting:
    """A posting that was entered."""

    posting_id: int
    unread: tuple[str, ...]
    """Labels of fields that state something which could not be read."""


def enter(
    url: str, author: EntryAuthor, origin: str, region: str, cells: Mapping[str, str],
    posting_id: int | None = None,
) -> EnteredPosting:  # fmt: skip
    """Store a new posting, or what a form changes in an entered one; either way it waits.

    `cells` are the form's by field. Raises PostingEntryError with the field at fault, or with the
    posting of the same job that is known already; nothing is stored then.
    """
    if origin not in ORIGINS:
        raise PostingEntryError("origin", _SAY("origin_missing"))
    with storing(url, PostingImportReport(), register=True) as store:
        db = store.db
        source, number = _origin_of(db, posting_id) if posting_id else _new_origin(author)
        row = {HEADERS[name]: value for name, value in cells.items() if name in HEADERS and value}
        row |= {"编号": number, "发布日期": clock.today().isoformat()}
        try:
            raw = _drafter().raw_posting(row, source, always=True)
            draft = _drafter().parse(raw)
        except RowError as wrong:
            field = str(wrong).partition(":")[0]
            raise PostingEntryError(field, _SAY("field_missing")) from wrong
        _check(db, draft, region, posting_id)
        store.add(replace(draft, faults=(*draft.faults, UNREVIEWED)), store.key(raw))
        store.complete()
        stored = db.scalars(
            select(PostingOrigin.posting_id).where(
                PostingOrigin.source == source, PostingOrigin.source_key == f"id:{number}"
            )
        ).one()
        entry = _note_entry(db, stored, author, origin)
        entry.cells = json.dumps(dict(cells), ensure_ascii=False)
        db.flush()
        actor = f"counsellor:{author.counsellor_id}"
        append(db, Action(actor, "enter", "posting", _SAY("purpose"), str(stored), region))
    names = {"pay": "salary", "valid_until": "valid_until"}
    unread = tuple(HEADERS[names[name]] for name in draft.unread if name in names)
    return EnteredPosting(stored, unread)


def cells_of(entry: PostingEntry) -> dict[str, str]:
    """Return the cells of a form as they were entered last; empty once they were kept too long."""
    cells: dict[str, str] = json.loads(entry.cells)
    return cells


@process_cache(size=1)
def _drafter() -> Drafter:
    return Drafter()


def _new_origin(author: EntryAuthor) -> tuple[str, str]:
    source = _SAY("source", area=author.area_name)
    return source, f"{_NUMBER}{uuid.uuid4().hex}"


def _origin_of(db: Session, posting_id: int) -> tuple[str, str]:
    """Return source and number under which an entered posting is stored."""
    query = select(PostingOrigin.source, PostingOrigin.source_key).where(
        PostingOrigin.posting_id == posting_id,
        PostingOrigin.source_key.startswith(f"id:{_NUMBER}", autoescape=True),
    )
    row = db.execute(query).tuples().first()
    if row is None:
        raise PostingEntryError("title", _SAY("not_entered"))
    return row[0], row[1].removeprefix("id:")


def _check(db: Session, draft: Draft, region: str, own_id: int | None) -> None:
    """Raise PostingEntryError for another place than the one chosen, and for a known job."""
    if draft.region_code != region:
        raise PostingEntryError("address", _SAY("place_differs"))
    query = select(Posting.id, Posting.region_code, Posting.salary_min, Posting.salary_max).where(
        Posting.job_key == job_key(draft), Posting.status != "expired"
    )
    for identity in db.execute(query).tuples():
        if identity[0] != own_id and is_same_job(PostingIdentity(*identity), draft, vocabulary()):
            raise PostingEntryError("title", _SAY("known_already", number=identity[0]))


def _note_entry(db: Session, posting_id: int, author: EntryAuthor, origin: str) -> PostingEntry:
    entry, now = db.get(PostingEntry, posting_id), clock.now()
    if entry is None:
        entry = PostingEntry(posting_id=posting_id, area=author.area, entered_at=now)
        db.add(entry)
    entry.counsellor_id, entry.origin = author.counsellor_id, origin
    entry.changed_at, entry.returned_at = now, None
    return entry

"""岗位审核: postings of one's areas that wait, those entered there, and the decisions on them.

A look at one and each decision are rows of the log of looks: whom to call is a person.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, and_, func, or_, select
from sqlalchemy.orm import Session

from bot.audit.chain import Action, append
from bot.casework.areas import names_of
from bot.casework.errors import NotVisible, SamePerson, WrongState
from bot.casework.roles import POSTINGS, POSTINGS_REVIEW, Staff
from bot.casework.scope import visible
from bot.casework_desk import review_queue
from bot.casework_desk.review_queue import QueuedPosting, decisions_on, queued_posting
from bot.db.tables import Counsellor, Posting, PostingDecision, PostingEntry
from bot.postings.errors import NotHeldError, OwnEntryError
from bot.postings.screening.rules import faults
from bot.vocabulary.vocabulary import vocabulary
from bot.wording import wording

_SAY = wording("casework")
#: Why postings are looked at, in the log of looks.
PURPOSE = "审核岗位"
LISTS = {"waiting": "待审", "entered": "录入的", "decided": "审过的"}
ACTIONS = {"released": "放行", "refused": "不让上", "returned": "退回问"}
_DECIDE = {
    "release": review_queue.release, "refuse": review_queue.refuse,
    "return": review_queue.ask_back,
}  # fmt: skip
#: Rows of one page.
PAGE = 50


@dataclass(frozen=True)
class EnteredRow:
    """A posting that was entered, as its list shows it."""

    id: int
    title: str
    employer: str
    area: str
    by: str
    mine: bool
    changed_at: datetime
    state: str


@dataclass(frozen=True)
class FoundFault:
    """What the screen found in a posting."""

    words: str
    warning: str
    """What the law says, as seekers read it."""
    holds: bool


@dataclass(frozen=True)
class PostingCard:
    """A posting with all that its reviewer needs."""

    posting: Posting
    place: str
    found: tuple[FoundFault, ...]
    reports: tuple[str, ...]
    decisions: tuple[PostingDecision, ...]
    entry: PostingEntry | None
    entered_by: str
    entered_for: str
    state: str
    may_review: bool
    may_change: bool


def waiting(db: Session, me: Staff, page: int) -> tuple[list[QueuedPosting], bool]:
    """Return a page of the postings that wait in one's areas, and whether there are more.

    Raises NotPermitted.
    """
    me.need(POSTINGS_REVIEW)
    scope = visible(me, Posting, POSTINGS_REVIEW)
    rows = review_queue.review_queue(db, PAGE + 1, scope, page * PAGE)
    return rows[:PAGE], len(rows) > PAGE


def waiting_count(db: Session, me: Staff) -> int:
    """Return how many postings wait in one's areas; 0 for who reviews none."""
    condition = and_(review_queue.waiting(), visible(me, Posting, POSTINGS_REVIEW))
    return db.scalar(select(func.count()).select_from(Posting).where(condition)) or 0


def returned_count(db: Session, me: Staff) -> int:
    """Return how many of the postings that one entered were given back with a question."""
    mine = and_(PostingEntry.counsellor_id == me.id, PostingEntry.returned_at.is_not(None))
    return db.scalar(select(func.count()).select_from(PostingEntry).where(mine)) or 0


def entered(db: Session, me: Staff, page: int) -> tuple[list[EnteredRow], bool]:
    """Return a page of what was entered in one's areas, newest first. Raises NotPermitted."""
    me.need(POSTINGS)
    query = (
        select(PostingEntry, Posting, Counsellor.name)
        .join(Posting, Posting.id == PostingEntry.posting_id)
        .join(Counsellor, Counsellor.id == PostingEntry.counsellor_id)
        .where(visible(me, PostingEntry, POSTINGS))
        .order_by(PostingEntry.changed_at.desc(), PostingEntry.posting_id.desc())
        .limit(PAGE + 1)
        .offset(page * PAGE)
    )
    found = db.execute(query).tuples().all()
    areas = names_of(db, {entry.area for entry, _, _ in found})
    rows = [
        EnteredRow(
            posting.id, posting.title, posting.employer.name, areas[entry.area], name,
            entry.counsellor_id == me.id, entry.changed_at, _state(posting, entry),
        )
        for entry, posting, name in found
    ]  # fmt: skip
    return rows[:PAGE], len(rows) > PAGE


def decided(db: Session, me: Staff, page: int) -> tuple[list[tuple[PostingDecision, str]], bool]:
    """Return a page of the decisions in one's areas with the postings' titles, the newest first.

    Raises NotPermitted.
    """
    me.need(POSTINGS_REVIEW)
    query = (
        select(PostingDecision, Posting.title)
        .join(Posting, Posting.id == PostingDecision.posting_id)
        .where(visible(me, Posting, POSTINGS_REVIEW))
        .order_by(PostingDecision.id.desc())
        .limit(PAGE + 1)
        .offset(page * PAGE)
    )
    rows = list(db.execute(query).tuples())
    return rows[:PAGE], len(rows) > PAGE


def view(db: Session, me: Staff, posting_id: int) -> PostingCard:
    """Return a posting for who reviews it or entered it; the look is logged. Raises NotVisible."""
    posting = _visible_posting(db, me, posting_id)
    entry = db.get(PostingEntry, posting_id)
    author = db.get(Counsellor, entry.counsellor_id) if entry else None
    code, region = posting.region_code, ""
    if code and code in vocabulary().regions:
        region = vocabulary().full_name(code)
    reviews = _sees(db, posting_id, visible(me, Posting, POSTINGS_REVIEW))
    queued, known = queued_posting(db, posting), faults()
    _log(db, me, "view", posting)
    return PostingCard(
        posting, region or posting.place_text,
        tuple(
            FoundFault(words, known[name].warning, known[name].holds)
            for name, words in queued.faults
        ),
        queued.reports if reviews else (), tuple(decisions_on(db, posting_id)), entry,
        author.name if author else "", names_of(db, {entry.area})[entry.area] if entry else "",
        _state(posting, entry), reviews and posting.status == "held",
        entry is not None and author is not None and _may_change(me, entry, author),
    )  # fmt: skip


def decide(db: Session, me: Staff, posting_id: int, action: str, reason: str) -> None:
    """Publish (`release`), `refuse` or give back (`return`) a posting that waits, with a reason.

    Raises NotVisible, SamePerson for one's own entry, WrongState without a reason or for a posting
    that does not wait.
    """
    if not reason.strip():
        raise WrongState(_SAY("posting_reason_missing"))
    if not _sees(db, posting_id, visible(me, Posting, POSTINGS_REVIEW)):
        raise NotVisible
    try:
        _DECIDE[action](db, posting_id, me.name, reason.strip())
    except OwnEntryError:
        raise SamePerson from None
    except NotHeldError:
        raise WrongState(_SAY("posting_not_waiting")) from None
    _log(db, me, action, db.get_one(Posting, posting_id), reason.strip())


def entry_of(db: Session, me: Staff, posting_id: int) -> PostingEntry:
    """Return the entry of a posting that one may change: one's own, or of who has left.

    Who enters cannot review, so nobody changes another one's entry. Raises NotVisible.
    """
    query = select(PostingEntry).where(
        PostingEntry.posting_id == posting_id, visible(me, PostingEntry, POSTINGS)
    )
    entry = db.scalar(query)
    if entry is None or not _may_change(me, entry, db.get_one(Counsellor, entry.counsellor_id)):
        raise NotVisible
    return entry


def _may_change(me: Staff, entry: PostingEntry, author: Counsellor) -> bool:
    return me.may(POSTINGS, entry.area) and (author.id == me.id or author.left_at is not None)


def _visible_posting(db: Session, me: Staff, posting_id: int) -> Posting:
    entries = select(PostingEntry.posting_id).where(visible(me, PostingEntry, POSTINGS))
    scope = or_(visible(me, Posting, POSTINGS_REVIEW), Posting.id.in_(entries))
    posting = db.scalar(select(Posting).where(Posting.id == posting_id, scope))
    if posting is None:
        raise NotVisible
    return posting


def _sees(db: Session, posting_id: int, scope: ColumnElement[bool]) -> bool:
    return db.scalar(select(Posting.id).where(Posting.id == posting_id, scope)) is not None


def _state(posting: Posting, entry: PostingEntry | None) -> str:
    returned = entry is not None and entry.returned_at is not None
    if posting.status == "held" and returned:
        return _SAY("posting_returned")
    return _SAY(f"posting_{posting.status}")


def _log(db: Session, me: Staff, action: str, posting: Posting, purpose: str = PURPOSE) -> None:
    actor, number = f"counsellor:{me.id}", str(posting.id)
    append(db, Action(actor, action, "posting", purpose, number, posting.region_code or ""))

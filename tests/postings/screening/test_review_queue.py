from collections.abc import Iterator

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.casework_desk.review_queue import refuse, release, review_queue
from bot.db.session import session
from bot.db.tables import Posting, PostingDecision, PostingReport
from bot.matching.details import posting_item
from bot.matching.job_preference import JobPreference
from bot.postings.errors import NotHeldError
from bot.postings.ingest.parser import Drafter
from bot.postings.ingest.report import PostingImportReport
from bot.postings.ingest.repository import Store
from bot.postings.screening.user_reports import report_posting
from tests.factories import make_seeker, saved

ROW = {"id": "1", "title": "保安员", "company": "某物业", "city": "沈阳", "salary": "3-4千"}
BAD = {**ROW, "description": "入职需交押金300元。"}
GUARDS = JobPreference(occupations=("保安员",), region_code="210100")


@pytest.fixture
def words(committed: str) -> Iterator[Session]:
    """A session on a database that has the vocabulary; on SQLite an import commits by itself."""
    with session(committed) as db:
        yield db


def _take(store: Store, row: dict[str, str]) -> None:
    """Take a row as the import does."""
    drafter = Drafter()
    raw = drafter.raw_posting(row, "甲")
    key = store.key(raw)
    if not store.has(raw, key):
        store.add(drafter.parse(raw), key)


def _import(db: Session, row: dict[str, str]) -> Posting:
    store = Store(db, PostingImportReport())
    _take(store, row)
    store.complete()
    db.expire_all()
    return db.scalars(select(Posting)).one()


def test_a_posting_that_asks_for_a_deposit_waits_and_is_shown_to_nobody(words: Session) -> None:
    posting = _import(words, BAD)
    assert posting.status == "held"
    assert posting_item(words, posting.id, GUARDS) is None
    assert [one.faults for one in review_queue(words)] == [(("deposit", "交押金"),)]


def test_a_light_fault_is_shown_with_the_posting(words: Session) -> None:
    posting = _import(words, {**ROW, "description": "18-45岁"})
    assert (posting.status, posting.warnings) == ("open", "age")
    shown = posting_item(words, posting.id, GUARDS)
    assert shown is not None
    assert "年龄" in shown.warnings[0]


def test_what_is_released_stays_shown_until_something_else_is_wrong(words: Session) -> None:
    posting = _import(words, BAD)
    release(words, posting.id, "王", "电话核实过，不收")
    assert _import(words, {**BAD, "salary": "4-5千"}).status == "open"
    worse = {**BAD, "description": "入职需交押金300元。扣押身份证。"}
    assert _import(words, worse).status == "held"


def test_what_is_refused_does_not_come_back_by_itself(words: Session) -> None:
    posting = _import(words, BAD)
    refuse(words, posting.id, "王", "确实收押金")
    assert _import(words, BAD).status == "refused"
    # Its words changed: a counsellor looks again, seekers do not see it.
    assert _import(words, ROW).status == "held"


def test_who_decided_and_why_is_kept(words: Session) -> None:
    posting = _import(words, BAD)
    refuse(words, posting.id, "王", "确实收押金")
    kept = words.scalars(select(PostingDecision)).one()
    assert (kept.action, kept.counsellor, kept.reason, kept.faults) == (
        "refused", "王", "确实收押金", "deposit",
    )  # fmt: skip


def test_only_a_held_posting_can_be_decided_on(words: Session) -> None:
    posting = _import(words, ROW)
    with pytest.raises(NotHeldError, match="is open"):
        release(words, posting.id, "王", "")
    with pytest.raises(NotHeldError, match="does not exist"):
        refuse(words, 999_999, "王", "x")


def _seeker(db: Session) -> int:
    return saved(db, make_seeker()).id


def test_a_report_holds_a_posting_once(words: Session) -> None:
    posting, seeker = _import(words, ROW), _seeker(words)
    first = report_posting(words, posting.id, "这家收押金", seeker)
    second = report_posting(words, posting.id, "这家收押金", seeker)
    assert first is not None
    assert second is not None
    assert (first.is_held, first.is_repeat, second.is_held, second.is_repeat) == (
        True,
        False,
        False,
        True,
    )
    assert posting_item(words, posting.id, GUARDS) is None
    assert [one.reports for one in review_queue(words)] == [("这家收押金",)]
    assert len(words.scalars(select(PostingReport)).all()) == 1


def test_a_reported_posting_stays_held_when_its_source_changes_it(words: Session) -> None:
    posting = _import(words, ROW)
    report_posting(words, posting.id, "收培训费", None)
    assert _import(words, {**ROW, "salary": "5-6千"}).status == "held"


def test_a_report_on_nothing_leads_to_nothing(words: Session) -> None:
    assert report_posting(words, 999_999, "x", None) is None


def test_reported_postings_come_first(words: Session) -> None:
    _import(words, BAD)
    store = Store(words, PostingImportReport())
    _take(store, {**ROW, "id": "2", "company": "另一家"})
    store.complete()
    other = words.scalars(select(Posting).where(Posting.status == "open")).one()
    report_posting(words, other.id, "假招聘", None)
    assert [one.employer for one in review_queue(words)] == ["另一家", "某物业"]

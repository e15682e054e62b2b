from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.db.tables import Consent, Posting, PostingNote, Seeker
from bot.seekers.identity import seeker_of
from bot.seekers.posting_notes import MAX_LISTED, note, save
from bot.seekers.posting_notes import saved as saved_postings
from tests.factories import make_posting, saved


def _posting(db: Session, number: int, **given: Any) -> Posting:
    return saved(db, make_posting(title=f"保安{number}", **given))


def test_a_saved_posting_is_kept_once_with_the_words_of_the_consent(words: Session) -> None:
    one = _posting(words, 1)
    for _ in range(2):
        save(words, "web", "a", one.id, "第二个存一下")
    assert saved_postings(words, "web", "a") == [one.id]
    assert words.scalars(select(Consent.wording)).all() == ["第二个存一下"]


def test_who_saved_nothing_has_an_empty_list(words: Session) -> None:
    assert saved_postings(words, "web", "nobody") == []


def test_what_is_no_longer_open_is_not_listed(words: Session) -> None:
    one, other = _posting(words, 1), _posting(words, 2)
    save(words, "web", "a", one.id, "存")
    save(words, "web", "a", other.id, "存")
    other.status = "expired"
    words.flush()
    assert saved_postings(words, "web", "a") == [one.id]


def test_a_list_of_saved_postings_has_an_end(words: Session) -> None:
    for number in range(MAX_LISTED + 3):
        save(words, "web", "a", _posting(words, number).id, "存")
    assert len(saved_postings(words, "web", "a")) == MAX_LISTED


def test_nothing_is_kept_of_somebody_who_agreed_to_nothing(words: Session) -> None:
    note(words, "web", "a", _posting(words, 1).id, "applied")
    assert words.scalar(select(Seeker.id)) is None
    assert words.scalar(select(PostingNote.kind)) is None


def test_notes_are_one_seekers_own(words: Session) -> None:
    one = _posting(words, 1)
    seeker_of(words, "web", "a")
    note(words, "web", "a", one.id, "full")
    note(words, "web", "a", one.id, "full")
    assert words.scalars(select(PostingNote.kind)).all() == ["full"]
    assert saved_postings(words, "web", "b") == []
    words.refresh(one)
    assert one.status == "open"

"""A person of the record joined with a seeker of the chat."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy.orm import Session

from bot import clock
from bot.casework.links import HOLDS, confirm, end, hand_out, is_open, persons_of
from bot.casework.roles import Staff
from tests.casework.people import make_person
from tests.factories import make_seeker, saved


def _seeker(db: Session) -> int:
    return saved(db, make_seeker()).id


def test_a_code_joins_once(office: Session, clerk: Staff) -> None:
    person, seeker = make_person(office).id, _seeker(office)
    code = hand_out(office, clerk, person)
    assert is_open(office, code)
    assert confirm(office, seeker, f" {code} ") == person
    assert persons_of(office, seeker) == [person]
    assert not is_open(office, code)
    assert confirm(office, _seeker(office), code) is None
    assert end(office, seeker) == 1
    assert persons_of(office, seeker) == []


def test_a_code_holds_for_its_time_and_until_the_next(office: Session, clerk: Staff) -> None:
    person = make_person(office).id
    now = clock.now()
    with clock.frozen(now):
        first, second = hand_out(office, clerk, person), hand_out(office, clerk, person)
        assert (is_open(office, first), is_open(office, second)) == (False, True)
    with clock.frozen(now + HOLDS - timedelta(seconds=1)):
        assert is_open(office, second)
    with clock.frozen(now + HOLDS):
        assert not is_open(office, second)
        assert confirm(office, _seeker(office), second) is None


def test_who_is_joined_already_is_not_joined_twice(office: Session, clerk: Staff) -> None:
    person, seeker = make_person(office).id, _seeker(office)
    for _ in range(2):
        assert confirm(office, seeker, hand_out(office, clerk, person)) == person
    assert persons_of(office, seeker) == [person]

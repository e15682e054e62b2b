import asyncio
from collections.abc import Callable
from datetime import date, datetime, timedelta

import pytest

from bot import clock
from bot.clock import CHINA
from bot.db.session import session
from bot.db.tables import (
    FollowUp,
    MonthlyContact,
    Seeker,
    SeekerState,
    Subscription,
    Ticket,
)
from bot.notifications.follow_ups import (
    ask_all,
    enrol,
    note_answer,
    note_interest,
    plan_monthly,
    schedule,
    state_of,
)
from bot.subscriptions.service import unsubscribe
from bot.understanding.follow_up_answers import FollowUpAnswer
from tests.days import TUESDAY
from tests.subscriptions.conftest import At, Market


def _asked(market: Market, now: datetime) -> list[str]:
    """Ask what is due and send it; the texts that arrived."""
    market.recorder.got.clear()
    with clock.frozen(now):
        ask_all(market.url, now, market.hours)
        asyncio.run(market.worker.drain())
    return [str(one.body["text"]) for one in market.recorder.got]


def _answer(market: Market, now: datetime, state: str, question: int | None = None) -> None:
    with clock.frozen(now), session(market.url) as db:
        note_answer(db, "web", "anna", FollowUpAnswer(state), question)  # type: ignore[arg-type]


@pytest.fixture
def followed(market: Market) -> int:
    """A seeker who is asked about one posting from today on."""
    with clock.frozen(TUESDAY):
        seeker = market.subscribe()
        posting = market.post()
        with session(market.url) as db:
            assert schedule(db, seeker, "web", posting, TUESDAY.date()) == 3
    return seeker


def test_three_fifteen_and_thirty_days_later_one_short_question_each(
    market: Market, followed: int
) -> None:
    days = [day for day in range(40) if _asked(market, TUESDAY + timedelta(days=day))]
    # The third day is a Friday; the fifteenth and the thirtieth are working days too.
    assert days == [3, 15, 30]


def test_the_first_question_names_the_posting(market: Market, followed: int) -> None:
    (text,) = _asked(market, TUESDAY + timedelta(days=3))
    assert "保安员1" in text
    assert "去问了没" in text


def test_what_is_asked_later_depends_on_what_was_told(market: Market, followed: int) -> None:
    _asked(market, TUESDAY + timedelta(days=3))
    _answer(market, TUESDAY + timedelta(days=3), "working")
    (settled,) = _asked(market, TUESDAY + timedelta(days=15))
    (paid,) = _asked(market, TUESDAY + timedelta(days=30))
    assert "干得惯" in settled
    assert "工资发了没" in paid


def test_a_question_on_a_free_day_waits_for_the_next_working_day(market: Market, at: At) -> None:
    with clock.frozen(at(26, 10)):
        seeker = market.subscribe()
        with session(market.url) as db:
            schedule(db, seeker, "web", market.post(), date(2026, 11, 26))
    assert _asked(market, at(29, 10)) == []  # a Sunday
    assert len(_asked(market, at(30, 10))) == 1


def test_sending_a_question_makes_the_conversation_wait_for_its_answer(
    market: Market, followed: int
) -> None:
    _asked(market, TUESDAY + timedelta(days=3))
    (got,) = market.recorder.got
    with session(market.url) as db:
        first = db.query(FollowUp).order_by(FollowUp.due_on).first()
    assert first is not None
    assert got.slots["asked"] == "follow_up"
    assert got.slots["pending"] == {"follow_up": first.id, "question": "went"}


def test_an_answer_is_kept_as_a_state_and_marks_the_push_as_answered(
    market: Market, followed: int
) -> None:
    _asked(market, TUESDAY + timedelta(days=3))
    _answer(market, TUESDAY + timedelta(days=3, hours=2), "applied")
    with session(market.url) as db:
        assert state_of(db, followed) == "applied"
        first = db.query(FollowUp).order_by(FollowUp.due_on).first()
        assert first is not None
        assert (first.answer, first.answered_at) == (
            "applied",
            TUESDAY + timedelta(days=3, hours=2),
        )
        assert db.query(SeekerState).one().posting_id == first.posting_id
    assert market.deliveries()[0].state == "answered"


@pytest.mark.parametrize("state", ["unpaid", "fraud"])
def test_what_is_grave_is_handed_to_a_counsellor_once(
    market: Market, followed: int, state: str
) -> None:
    for _ in range(2):
        _answer(market, TUESDAY, state)
    with session(market.url) as db:
        (one,) = db.query(Ticket)
        assert (one.seeker_id, one.reason, one.closed_at) == (followed, state, None)


def test_who_has_work_gets_no_more_postings(market: Market, followed: int) -> None:
    _answer(market, TUESDAY, "working")
    with session(market.url) as db:
        assert db.query(Subscription).one().paused_at == TUESDAY


def test_somebody_of_whom_nothing_is_kept_stays_unknown(market: Market) -> None:
    _answer(market, TUESDAY, "unpaid")
    with session(market.url) as db:
        assert db.query(Seeker).count() == 0
        assert db.query(SeekerState).count() == 0


def test_nobody_answers_the_question_of_another_person(market: Market, followed: int) -> None:
    market.subscribe("bert")
    with session(market.url) as db:
        theirs = db.query(FollowUp).order_by(FollowUp.due_on).first()
        assert theirs is not None
        note_answer(db, "web", "bert", FollowUpAnswer("working"), theirs.id)
    with session(market.url) as db:
        assert db.get_one(FollowUp, theirs.id).answered_at is None


def test_while_one_series_runs_another_push_plans_none_but_a_look_does(market: Market) -> None:
    with clock.frozen(TUESDAY):
        market.subscribe()
        market.post()
        second = market.post()
        market.push(TUESDAY)
        asyncio.run(market.worker.drain())
        with session(market.url) as db:
            assert note_interest(db, "web", "anna", second)
        with session(market.url) as db:
            assert {one.posting_id for one in db.query(FollowUp)} == {second}
            assert db.query(FollowUp).count() == 3
            assert not note_interest(db, "web", "nobody", second)


def test_who_unsubscribed_is_asked_nothing(market: Market, followed: int) -> None:
    with session(market.url) as db:
        unsubscribe(db, "web", "anna")
    assert _asked(market, TUESDAY + timedelta(days=3)) == []
    with session(market.url) as db:
        assert db.query(FollowUp).filter_by(answer="not_asked").count() == 1


Month = Callable[[int], datetime]


@pytest.fixture
def month() -> Month:
    """Ten o'clock on a working day late in a month of 2026 (13 and on: of 2027)."""

    def late(number: int) -> datetime:
        year, number = divmod(number - 1, 12)
        day = date(2026 + year, number + 1, 26)
        while day.weekday() > 4:
            day += timedelta(days=1)
        return datetime(day.year, day.month, day.day, 10, tzinfo=CHINA)

    return late


@pytest.fixture
def registered(market: Market) -> int:
    """A registered unemployed person in monthly contact since November."""
    with clock.frozen(TUESDAY):
        seeker = market.subscribe()
        with session(market.url) as db:
            assert enrol(db, seeker, "web", TUESDAY.date())
            assert not enrol(db, seeker, "web", TUESDAY.date())
    return seeker


def test_a_registered_person_is_asked_once_a_month(
    market: Market, registered: int, month: Month
) -> None:
    assert _asked(market, TUESDAY) == []
    for number in (12, 13, 14):
        (text,) = _asked(market, month(number))
        assert "每月问你一声" in text
        assert _asked(market, month(number) + timedelta(days=1)) == []


@pytest.mark.parametrize("answer", ["refused", None])
def test_neither_refusing_nor_silence_ever_removes_anybody(
    market: Market, registered: int, month: Month, answer: str | None
) -> None:
    for number in range(12, 18):
        assert len(_asked(market, month(number))) == 1, number
        if answer:
            _answer(market, month(number) + timedelta(minutes=5), answer)
    with session(market.url) as db:
        contact = db.get_one(MonthlyContact, registered)
        assert (contact.refusals, contact.unanswered) == ((6, 0) if answer else (0, 5))
        assert db.get(Seeker, registered) is not None
        subscription = db.query(Subscription).one()
        assert (subscription.ended_at, subscription.paused_at) == (None, None)
        assert db.query(SeekerState).count() == 0
        assert db.query(Ticket).count() == 0
    assert len(_asked(market, month(18))) == 1


def test_one_who_speaks_again_is_counted_anew(
    market: Market, registered: int, month: Month
) -> None:
    for number, answer in ((12, "refused"), (13, "refused"), (14, "looking")):
        _asked(market, month(number))
        _answer(market, month(number) + timedelta(minutes=5), answer)
    with session(market.url) as db:
        assert db.get_one(MonthlyContact, registered).refusals == 0


def test_planning_twice_plans_once(market: Market, registered: int) -> None:
    with session(market.url) as db:
        assert plan_monthly(db, date(2026, 12, 1)) == 1
        assert plan_monthly(db, date(2026, 12, 24)) == 0

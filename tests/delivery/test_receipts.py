from datetime import timedelta
from itertools import permutations
from typing import get_args

import pytest

from bot.db.session import session
from bot.delivery.receipts import (
    ANSWER_WITHIN,
    Report,
    fetch,
    record_answer,
    record_provider_id,
    report,
)
from tests.days import TUESDAY
from tests.factories import make_delivery
from tests.subscriptions.conftest import Market

NOW = TUESDAY


def _sent(market: Market, key: str = "a", **given: object) -> None:
    values = {"provider_id": key, "state": "sent", "created_at": NOW, "sent_at": NOW, **given}
    with session(market.url) as db:
        db.add(make_delivery(key, **values))


def _report(market: Market, state: Report, minutes: int = 1) -> bool:
    with session(market.url) as db:
        return report(db, "web", "a", state, NOW + timedelta(minutes=minutes))


def test_reports_lead_from_sent_to_answered(market: Market) -> None:
    _sent(market)
    for minutes, state in enumerate(("delivered", "read", "answered"), 1):
        assert _report(market, state, minutes)  # type: ignore[arg-type]
    (one,) = market.deliveries()
    assert one.state == "answered"
    times = (one.delivered_at, one.read_at, one.answered_at)
    assert times == tuple(NOW + timedelta(minutes=n) for n in (1, 2, 3))


@pytest.mark.parametrize("order", permutations(("delivered", "read", "answered")))
def test_reports_in_any_order_never_lead_back(market: Market, order: tuple[Report, ...]) -> None:
    _sent(market)
    ranks = {"sent": 0, "delivered": 1, "read": 2, "answered": 3}
    reached = 0
    for state in order * 2:
        _report(market, state)
        now = ranks[market.deliveries()[0].state]
        assert now >= reached
        reached = now
    assert reached == 3


def test_a_failure_after_delivery_is_no_failure_but_one_before_may_turn_out_well(
    market: Market,
) -> None:
    _sent(market)
    _report(market, "failed")
    assert market.deliveries()[0].state == "failed"
    _report(market, "delivered")
    _report(market, "failed")
    assert market.deliveries()[0].state == "delivered"


@pytest.mark.parametrize("reported", ["delivered", "failed"])
def test_a_report_that_comes_before_the_sender_returns_is_not_lost(
    market: Market, reported: Report
) -> None:
    _sent(market, state="sending", provider_id=None, sent_at=None, claim="c")
    (one,) = market.deliveries()
    with session(market.url) as db:
        record_provider_id(db, one.id, "a")
    assert _report(market, reported)
    (one,) = market.deliveries()
    assert one.state == reported
    assert (one.sent_at is not None) == (reported == "delivered")


def test_the_reason_of_a_failure_is_kept(market: Market) -> None:
    _sent(market)
    with session(market.url) as db:
        report(db, "web", "a", "failed", NOW, "DLR 2")
    assert market.deliveries()[0].reason == "DLR 2"


def test_a_report_on_something_unknown_is_said_to_be_that(market: Market) -> None:
    with session(market.url) as db:
        assert not report(db, "web", "nothing", "delivered", NOW)
        assert not report(db, "sms", "a", "delivered", NOW)


@pytest.mark.parametrize("state", ["queued", "stopped"])
@pytest.mark.parametrize("reported", get_args(Report))
def test_what_was_never_sent_stays_what_it_is(market: Market, state: str, reported: Report) -> None:
    _sent(market, state=state)
    _report(market, reported)
    assert market.deliveries()[0].state == state


def test_what_waits_for_an_address_is_fetched_once_in_its_order(market: Market) -> None:
    for key in ("first", "second"):
        _sent(market, key)
    _sent(market, "of bert", address="bert")
    with session(market.url) as db:
        assert [one.key for one in fetch(db, "web", "anna", NOW)] == ["first", "second"]
    with session(market.url) as db:
        assert fetch(db, "web", "anna", NOW) == []
    assert [one.state for one in market.deliveries()] == ["delivered", "delivered", "sent"]


def test_a_persons_word_answers_the_last_push_if_it_is_not_too_old(market: Market) -> None:
    seeker = market.subscribe()
    _sent(market, "old", seeker_id=seeker, sent_at=NOW - timedelta(days=1))
    _sent(market, "new", seeker_id=seeker, sent_at=NOW)
    with session(market.url) as db:
        one = record_answer(db, seeker, "web", NOW + timedelta(hours=1))
        assert one is not None
        assert one.key == "new"
    with session(market.url) as db:
        assert record_answer(db, seeker, "web", NOW + ANSWER_WITHIN + timedelta(hours=1)) is None

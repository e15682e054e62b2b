import threading
from datetime import timedelta

import pytest

from bot.db.session import session
from bot.db.tables import Delivery
from bot.delivery.outbox import (
    Backoff,
    DeliveryDraft,
    claim,
    postpone,
    put,
    renew_claim,
    settle,
    stop_waiting,
)
from bot.delivery.outcome import Quota, Refused, Retry, Sent
from bot.delivery.sender import Outgoing
from bot.messages import Message
from tests.days import TUESDAY
from tests.subscriptions.conftest import Market

NOW = TUESDAY
BACKOFF = Backoff(first=60, longest=600, attempts=4)


def _draft(key: str, kind: str = "digest", **given: str) -> DeliveryDraft:
    return DeliveryDraft(
        **{
            "key": key,
            "channel": "web",
            "address": "anna",
            "kind": kind,
            "message": Message(text=key),
            **given,
        }
    )  # type: ignore[arg-type]


def _fill(market: Market, *keys: str) -> None:
    with session(market.url) as db:
        for key in keys:
            put(db, _draft(key), NOW)


def _claim(market: Market, **given: object) -> list[Outgoing]:
    with session(market.url) as db:
        return claim(db, ("web",), NOW, **given)  # type: ignore[arg-type]


def test_a_delivery_is_there_only_if_its_cause_was_committed(market: Market) -> None:
    def cause() -> None:
        with session(market.url) as db:
            put(db, _draft("a"), NOW)
            raise OSError("power is gone")

    with pytest.raises(OSError, match="power"):
        cause()
    assert market.deliveries() == []


def test_the_same_cause_is_put_there_once(market: Market) -> None:
    _fill(market, "a", "a")
    with session(market.url) as db:
        assert put(db, _draft("a"), NOW) is None
    assert len(market.deliveries()) == 1


def test_a_claimed_delivery_is_claimed_by_nobody_else_until_its_lease_ends(market: Market) -> None:
    _fill(market, "a")
    (mine,) = _claim(market, lease=60)
    assert mine.body["text"] == "a"
    assert _claim(market) == []
    with session(market.url) as db:
        (theirs,) = claim(db, ("web",), NOW + timedelta(seconds=61))
        assert not renew_claim(db, mine, NOW + timedelta(seconds=120))
        assert not settle(db, mine, Sent(), NOW, BACKOFF)
        assert settle(db, theirs, Sent("42"), NOW, BACKOFF)
    (one,) = market.deliveries()
    assert (one.state, one.provider_id, one.sent_at) == ("sent", "42", NOW)


def test_the_oldest_comes_first_and_only_of_ones_own_channels(market: Market) -> None:
    with session(market.url) as db:
        put(db, _draft("later"), NOW)
        put(db, _draft("earlier"), NOW - timedelta(hours=1))
        put(db, _draft("sms", channel="sms"), NOW - timedelta(hours=2))
        put(db, _draft("tomorrow"), NOW + timedelta(days=1))
    assert [one.key for one in _claim(market, limit=1)] == ["earlier"]
    assert [one.key for one in _claim(market)] == ["later"]


def test_at_night_only_what_is_no_push_is_claimed(market: Market) -> None:
    with session(market.url) as db:
        put(db, _draft("digest"), NOW)
        put(db, _draft("answer", kind="hand_off"), NOW)
    assert [one.key for one in _claim(market, pushes=False)] == ["answer"]


def test_ten_workers_at_once_never_take_the_same_delivery(market: Market) -> None:
    _fill(market, *(str(n) for n in range(200)))
    taken: list[int] = []
    begin = threading.Barrier(10)

    def work() -> None:
        begin.wait()
        while True:
            got = _claim(market, limit=7)
            if not got:
                return
            taken.extend(one.id for one in got)

    workers = [threading.Thread(target=work) for _ in range(10)]
    for one in workers:
        one.start()
    for one in workers:
        one.join()
    # PostgreSQL's skipped rows are left for the next claim.
    taken.extend(one.id for one in _claim(market, limit=200))
    assert sorted(taken) == sorted(one.id for one in market.deliveries())


def test_a_failure_is_tried_again_later_and_later_and_then_given_up(market: Market) -> None:
    _fill(market, "a")
    now, waits = NOW, []
    for _ in range(BACKOFF.attempts):
        with session(market.url) as db:
            (one,) = claim(db, ("web",), now)
            settle(db, one, Retry("busy"), now, BACKOFF)
        (row,) = market.deliveries()
        waits.append((row.next_attempt_at - now).total_seconds())
        now = row.next_attempt_at
    assert 30 <= waits[0] <= 60 <= waits[1] <= 120 <= waits[2] <= 240
    assert (row.state, row.attempts, row.reason) == ("failed", 4, "busy")


def test_a_provider_may_say_how_long_to_wait(market: Market) -> None:
    _fill(market, "a")
    with session(market.url) as db:
        (one,) = claim(db, ("web",), NOW)
        settle(db, one, Retry("quota", after=3600), NOW, BACKOFF)
    assert market.deliveries()[0].next_attempt_at == NOW + timedelta(hours=1)


def test_what_a_quota_holds_back_is_tried_later_with_its_code_for_operators(
    market: Market,
) -> None:
    _fill(market, "a")
    with session(market.url) as db:
        (one,) = claim(db, ("web",), NOW)
        settle(db, one, Quota("the person last wrote too long ago", 45015), NOW, BACKOFF)
    (row,) = market.deliveries()
    assert (row.state, row.attempts) == ("queued", 1)
    assert row.next_attempt_at > NOW
    assert row.reason == "45015 the person last wrote too long ago"


def test_what_is_refused_is_not_tried_again(market: Market) -> None:
    _fill(market, "a")
    with session(market.url) as db:
        (one,) = claim(db, ("web",), NOW)
        settle(db, one, Refused("no such number"), NOW, BACKOFF)
    (row,) = market.deliveries()
    assert (row.state, row.failed_at) == ("failed", NOW)


def test_what_is_postponed_counts_as_no_failure(market: Market) -> None:
    _fill(market, "a")
    with session(market.url) as db:
        (one,) = claim(db, ("web",), NOW)
        assert postpone(db, one, NOW + timedelta(hours=11))
    (row,) = market.deliveries()
    assert (row.state, row.attempts, row.next_attempt_at) == (
        "queued",
        0,
        NOW + timedelta(hours=11),
    )


def test_stopping_takes_back_what_waits_and_what_a_worker_just_claimed(market: Market) -> None:
    _fill(market, "claimed", "waiting")
    (claimed,) = _claim(market, limit=1)
    with session(market.url) as db:
        put(db, _draft("answer", kind="hand_off"), NOW)
        put(db, _draft("other", address="bert"), NOW)
        assert stop_waiting(db, "web", "anna") == 2
        assert not renew_claim(db, claimed, NOW)
    states = {one.key: one.state for one in market.deliveries()}
    assert states == {
        "claimed": "stopped",
        "waiting": "stopped",
        "answer": "queued",
        "other": "queued",
    }


def test_the_wait_is_drawn_at_random_and_has_an_end() -> None:
    drawn = {Backoff(10, 100).after(3) for _ in range(20)}
    assert len(drawn) > 1
    assert all(20 <= wait <= 40 for wait in drawn)
    assert 50 <= Backoff(10, 100).after(5000) <= 100


def test_reasons_hold_no_more_than_a_code(market: Market) -> None:
    _fill(market, "a")
    with session(market.url) as db:
        (one,) = claim(db, ("web",), NOW)
        settle(db, one, Retry("x" * 500), NOW, BACKOFF)
        assert db.query(Delivery).one().reason == "x" * 80

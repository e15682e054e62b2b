import asyncio
import logging
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

import pytest

from bot import clock
from bot.background.run_once import run_round
from bot.background.scheduler import run
from bot.db.session import session
from bot.delivery.conversation_log import ConversationLog
from bot.delivery.outbox import Backoff, DeliveryDraft, put
from bot.delivery.outcome import Outcome, Refused, Retry, Sent
from bot.delivery.sender import LogSender, Outgoing, Sender
from bot.messages import Message
from bot.subscriptions.service import unsubscribe
from tests.days import TUESDAY
from tests.subscriptions.conftest import At, Market


@dataclass
class Talk(ConversationLog):
    """Notes what was put into conversations."""

    noted: list[str] = field(default_factory=list)

    async def note(self, delivery: Outgoing) -> None:
        self.noted.append(delivery.key)


def _put(
    market: Market, key: str, kind: str = "digest", now: datetime = TUESDAY, **given: str
) -> None:
    with session(market.url) as db:
        put(
            db,
            DeliveryDraft(
                **{
                    "key": key,
                    "channel": "web",
                    "address": "anna",
                    "kind": kind,
                    "message": Message(text="x"),
                    **given,
                }
            ),
            now,
        )  # type: ignore[arg-type]


def _drain(market: Market, now: datetime = TUESDAY, **given: object) -> int:
    with clock.frozen(now):
        return asyncio.run(replace(market.worker, **given).drain())


def test_what_is_sent_is_noted_with_the_providers_id_and_in_the_conversation(
    market: Market,
) -> None:
    _put(market, "a")
    talk = Talk()
    assert _drain(market, conversations=talk) == 1
    (one,) = market.deliveries()
    assert (one.state, one.provider_id, one.sent_at) == ("sent", "p1", TUESDAY)
    assert talk.noted == ["a"]


def test_what_could_not_be_sent_waits_and_is_not_in_the_conversation(market: Market) -> None:
    _put(market, "a")
    market.recorder.answers = [Retry("busy")]
    talk = Talk()
    _drain(market, conversations=talk)
    assert market.deliveries()[0].state == "queued"
    assert talk.noted == []
    assert _drain(market, TUESDAY + timedelta(minutes=1), conversations=talk) == 1
    assert market.deliveries()[0].state == "sent"


def test_a_sender_that_breaks_stops_nobody_else_and_is_logged_without_an_address(
    market: Market, caplog: pytest.LogCaptureFixture
) -> None:
    for key in ("a", "b", "c"):
        _put(market, key, address="13800138000")
    market.recorder.answers = [OSError("no route to 13800138000"), Sent("1"), Refused("blocked")]
    with caplog.at_level(logging.INFO):
        _drain(market)
    assert sorted((one.state, one.reason) for one in market.deliveries()) == [
        ("failed", "blocked"), ("queued", "error:OSError"), ("sent", ""),
    ]  # fmt: skip
    assert "13800138000" not in caplog.text


def test_a_sender_that_never_answers_is_given_up_in_time(market: Market) -> None:
    class Silent(Sender):
        async def send(self, delivery: Outgoing) -> Outcome:
            await asyncio.sleep(60)
            return Sent()

    _put(market, "a")
    _drain(market, senders={"web": Silent()}, timeout=0.05)
    assert market.deliveries()[0].reason == "timeout"


def test_at_night_a_push_waits_for_the_morning_but_a_counsellors_answer_goes(
    market: Market, at: At
) -> None:
    _put(market, "push", now=at(24, 20))
    _put(market, "answer", "hand_off", at(24, 20))
    _drain(market, at(24, 22))
    assert [one.key for one in market.recorder.got] == ["answer"]
    _drain(market, at(25, 8))
    assert [one.key for one in market.recorder.got] == ["answer", "push"]


def test_when_night_falls_while_a_batch_is_sent_the_rest_waits(market: Market, at: At) -> None:
    _put(market, "a", now=at(24, 20))
    with clock.frozen(at(24, 20)), session(market.url) as db:
        from bot.delivery.outbox import claim

        (held,) = claim(db, ("web",), at(24, 20))
    with clock.frozen(at(24, 21)):
        asyncio.run(market.worker._deliver(held))
    assert market.recorder.got == []
    (one,) = market.deliveries()
    assert (one.state, one.next_attempt_at) == ("queued", at(25, 8))


def test_who_unsubscribes_gets_nothing_that_a_worker_had_taken_already(market: Market) -> None:
    _put(market, "a")
    with clock.frozen(TUESDAY), session(market.url) as db:
        from bot.delivery.outbox import claim

        (held,) = claim(db, ("web",), TUESDAY)
        assert unsubscribe(db, "web", "anna")
    with clock.frozen(TUESDAY):
        asyncio.run(market.worker._deliver(held))
    assert market.recorder.got == []
    assert market.deliveries()[0].state == "stopped"


def test_a_conversation_that_cannot_be_reached_does_not_send_the_push_again(market: Market) -> None:
    class Away(ConversationLog):
        async def note(self, delivery: Outgoing) -> None:
            raise OSError("the store is away")

    _put(market, "a")
    _drain(market, conversations=Away())
    assert market.deliveries()[0].state == "sent"


def test_deliveries_of_other_channels_are_left_alone(market: Market) -> None:
    _put(market, "a", channel="wechat")
    assert _drain(market) == 0
    assert market.deliveries()[0].state == "queued"


def test_the_web_fetches_by_itself(market: Market) -> None:
    _put(market, "a")
    _drain(market, senders={"web": LogSender()})
    assert market.deliveries()[0].state == "sent"


def test_a_round_does_everything_from_the_posting_to_the_person(market: Market) -> None:
    with clock.frozen(TUESDAY):
        market.subscribe()
        market.post()
        done = asyncio.run(run_round(market.worker))
        assert (done.postings, done.matches, done.digests, done.tried) == (1, 1, 1, 1)
        again = asyncio.run(run_round(market.worker))
        assert (again.postings, again.matches, again.digests, again.tried) == (0, 0, 0, 0)
    assert len(market.recorder.got) == 1


async def test_the_scheduler_does_the_same_by_itself_and_stops_when_told(market: Market) -> None:
    with clock.frozen(TUESDAY):
        market.subscribe()
        market.post()
        market.match()
        from bot.notifications.digest import compose_all

        compose_all(market.url, TUESDAY, market.hours)
        stop = asyncio.Event()
        running = asyncio.create_task(run(market.worker, stop))
        for _ in range(500):
            if market.recorder.got:
                break
            await asyncio.sleep(0.02)
        stop.set()
        await asyncio.wait_for(running, 10)
    assert len(market.recorder.got) == 1


def test_the_back_off_of_a_worker_is_its_own(market: Market) -> None:
    _put(market, "a")
    market.recorder.answers = [Retry("x")]
    _drain(market, backoff=Backoff(attempts=1))
    assert market.deliveries()[0].state == "failed"

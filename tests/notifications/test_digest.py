from contextlib import suppress
from datetime import datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import delete, select

from bot import clock
from bot.db.session import session
from bot.db.tables import Delivery, DeliveryPosting, FollowUp, Posting, Subscription
from bot.delivery.quiet_hours import QuietHours
from bot.matching.job_preference import JobPreference as Wish
from bot.notifications.digest import compose
from bot.rendering.plain import render
from bot.settings import settings as settings_of_process
from bot.subscriptions.errors import ShownMeanwhile
from bot.subscriptions.service import unsubscribe
from tests.days import TUESDAY
from tests.delivery.test_quiet_hours import MOMENTS
from tests.factories import make_delivery
from tests.profiles import size
from tests.subscriptions.conftest import At, Market


def test_new_postings_make_one_digest_with_the_best_five(market: Market) -> None:
    with clock.frozen(TUESDAY):
        seeker = market.subscribe()
        posted = [market.post(salary_min=3000 + 100 * n) for n in range(7)]
        assert market.push(TUESDAY) == 1
    (one,) = market.deliveries()
    assert (one.seeker_id, one.kind, one.state) == (seeker, "digest", "queued")
    assert one.address == "anna"
    with session(market.url) as db:
        rows = db.scalars(select(DeliveryPosting).order_by(DeliveryPosting.position)).all()
    assert [row.posting_id for row in rows] == posted[:1:-1]


def test_a_digest_says_how_to_see_more_and_how_to_stop(market: Market) -> None:
    with clock.frozen(TUESDAY):
        market.subscribe()
        market.post()
        market.push(TUESDAY)
        worker = market.worker
    import asyncio

    with clock.frozen(TUESDAY):
        asyncio.run(worker.drain())
    (got,) = market.recorder.got
    (text,) = render("web", got.body)
    assert "退订" in text
    assert "保安员" in text
    assert "做保安员，对口" in text
    assert got.slots["subject"] == "job"


def test_nobody_gets_the_same_posting_twice(market: Market) -> None:
    with clock.frozen(TUESDAY):
        market.subscribe()
        posting = market.post()
        assert market.push(TUESDAY) == 1
        with session(market.url) as db:
            db.get_one(Posting, posting).content_hash = "changed"
        assert market.push(TUESDAY + timedelta(hours=1)) == 0
        market.post()
        assert market.push(TUESDAY + timedelta(hours=1)) == 1
    with session(market.url) as db:
        shown = db.scalars(select(DeliveryPosting.posting_id)).all()
    assert len(shown) == len(set(shown)) == 2


def test_nor_on_two_channels(market: Market) -> None:
    with clock.frozen(TUESDAY):
        market.subscribe("anna", channel="web")
        with session(market.url) as db:
            from bot.db.tables import ChannelIdentity
            from bot.seekers.identity import seeker_of

            anna = seeker_of(db, "web", "anna")
            db.add(ChannelIdentity(seeker=anna, channel="sms", address="+86138"))
        market.subscribe("+86138", channel="sms")
        market.post()
        assert market.push(TUESDAY) == 1


def test_when_another_worker_shows_a_posting_first_nothing_is_written(market: Market) -> None:
    with clock.frozen(TUESDAY):
        seeker = market.subscribe()
        posting, other = market.post(), market.post(("厨师",))
        market.match()
        with session(market.url) as db:
            number = db.scalar(select(Subscription.id))
            db.add(make_delivery("other", seeker_id=seeker, channel="sms", created_at=TUESDAY))
        with suppress(ShownMeanwhile), session(market.url) as db:
            subscription = db.get_one(Subscription, number)
            from bot.notifications import digest as room

            chosen = room.choose(db, subscription)
            first = db.scalar(select(Delivery.id).where(Delivery.key == "other"))
            db.add(
                DeliveryPosting(seeker_id=seeker, posting_id=posting, delivery_id=first, position=1)
            )
            db.flush()
            with pytest.raises(ShownMeanwhile):
                room._note_shown(db, subscription, int(first or 0), [one.id for one, _ in chosen])
            raise ShownMeanwhile(0)
        assert other
    with session(market.url) as db:
        assert db.scalars(select(DeliveryPosting)).all() == []


def test_nobody_gets_more_digests_in_seven_days_than_the_setting_allows(
    market: Market, at: At, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("JIUYE_PUSH_WEEKLY", "3")
    settings_of_process.cache_clear()
    market.subscribe()
    moments = [at(day, 10) for day in (16, 17, 18, 19, 20, 23, 24)]
    pushed = []
    for moment in moments:
        with clock.frozen(moment):
            market.post()
            pushed.append(market.push(moment))
    settings_of_process.cache_clear()
    assert pushed == [1, 1, 1, 0, 0, 1, 1]
    assert all(
        sum(moment - timedelta(days=7) < one.created_at <= moment for one in market.deliveries())
        <= 3
        for moment in moments
    )


def test_what_reached_nobody_counts_for_nothing(market: Market) -> None:
    with clock.frozen(TUESDAY):
        market.subscribe()
        for _ in range(5):
            market.post()
            assert market.push(TUESDAY) == 1
            with session(market.url) as db:
                for one in db.query(Delivery):
                    one.state = "failed"


def test_a_weekly_digest_gathers_the_week_and_comes_on_monday(market: Market, at: At) -> None:
    with clock.frozen(at(18, 12)):
        market.subscribe(frequency="weekly")
        market.post()
        assert market.push(at(18, 12)) == 0
    with clock.frozen(at(20, 12)):
        market.post()
        assert market.push(at(20, 12)) == 0
    with clock.frozen(at(23, 9)):
        assert market.push(at(23, 9)) == 1
    with session(market.url) as db:
        assert len(db.scalars(select(DeliveryPosting)).all()) == 2


def test_a_posting_that_closed_meanwhile_is_not_shown(market: Market) -> None:
    with clock.frozen(TUESDAY):
        market.subscribe()
        posting = market.post()
        market.match()
        with session(market.url) as db:
            db.get_one(Posting, posting).status = "expired"
        assert market.push(TUESDAY) == 0


def test_who_unsubscribed_gets_nothing_of_what_was_found_before(market: Market) -> None:
    with clock.frozen(TUESDAY):
        market.subscribe()
        market.post()
        market.match()
        with session(market.url) as db:
            unsubscribe(db, "web", "anna")
        assert market.push(TUESDAY) == 0


def test_without_consent_on_record_nothing_is_pushed(market: Market) -> None:
    from bot.db.tables import Consent

    with clock.frozen(TUESDAY):
        market.subscribe()
        market.post()
        with session(market.url) as db:
            db.execute(delete(Consent))
        assert market.push(TUESDAY) == 0


def test_a_digest_plans_one_series_of_questions(market: Market) -> None:
    with clock.frozen(TUESDAY):
        market.subscribe()
        for _ in range(2):
            market.post()
            market.push(TUESDAY)
    with session(market.url) as db:
        due = [
            (one.step, one.due_on - TUESDAY.date())
            for one in db.query(FollowUp).order_by(FollowUp.step)
        ]
    assert due == [(step, timedelta(days=step)) for step in (3, 15, 30)]


@given(moment=MOMENTS, begins=st.integers(0, 23), length=st.integers(1, 20))
@settings(
    max_examples=size(25, 200),
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
def test_no_digest_is_written_or_sent_in_quiet_hours(
    market: Market, moment: datetime, begins: int, length: int
) -> None:
    """Whatever the moment, its time zone, and the hours that are quiet."""
    import asyncio
    from datetime import timezone

    market.hours = QuietHours(begins, (begins + length) % 24)
    market.recorder.got.clear()
    with clock.frozen(moment):
        now = clock.now()
        market.subscribe()
        market.post()
        market.match()
        with session(market.url) as db:
            subscription = db.scalars(select(Subscription)).one()
            written = compose(db, subscription, now, market.hours)
            # What was written before the night began must wait as well.
            due = now - timedelta(hours=3)
            db.add(make_delivery(f"late {moment}", created_at=now, next_attempt_at=due))
        asyncio.run(market.worker.drain())
    hour = (moment.astimezone(timezone.utc) + timedelta(hours=8)).hour
    quiet = (hour - begins) % 24 < length
    with session(market.url) as db:
        for table in (DeliveryPosting, Delivery, Subscription, Posting):
            db.execute(delete(table))
    if quiet:
        assert written is None
        assert market.recorder.got == []
    else:
        assert (written is not None) is bool(market.recorder.got)


def test_a_wish_for_anything_in_a_city_is_served(market: Market) -> None:
    with clock.frozen(TUESDAY):
        market.subscribe(wish=Wish(any_occupation=True, region_code="210100"))
        market.post(("厨师",))
        assert market.push(TUESDAY) == 1

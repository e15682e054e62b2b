import random

import numpy as np
import pytest

from bot import clock
from bot.background.run_once import match_all
from bot.db.session import session
from bot.db.tables import Posting, Subscription, SubscriptionMatch
from bot.db.upsert import add_missing
from bot.matching.job_preference import JobPreference as Wish
from bot.notifications.digest import compose_all
from bot.reverse_matching.matcher import CachedMatcher
from bot.reverse_matching.sql_matcher import match_new, matching_subscriptions
from bot.reverse_matching.top_k import WAITING, TopKBuffer, keep_best
from bot.subscriptions.service import unsubscribe
from tests.days import TUESDAY
from tests.subscriptions.conftest import Market
from tests.subscriptions.wishes import some_wishes


def _wait(market: Market, subscription: int, scores: dict[int, float]) -> None:
    rows = [
        {
            "subscription_id": subscription, "posting_id": posting, "score": score,
            "found_at": TUESDAY,
        }
        for posting, score in scores.items()
    ]  # fmt: skip
    with session(market.url) as db:
        add_missing(db, SubscriptionMatch, rows, ("subscription_id", "posting_id"))


def _waiting(market: Market) -> dict[tuple[int, int], float]:
    with session(market.url) as db:
        rows = db.query(SubscriptionMatch).all()
    return {(one.subscription_id, one.posting_id): one.score for one in rows}


def _subscription(market: Market, address: str = "anna") -> int:
    seeker = market.subscribe(address)
    with session(market.url) as db:
        return db.query(Subscription).filter_by(seeker_id=seeker).one().id


def test_each_subscription_keeps_its_best_and_of_equal_ones_the_oldest(market: Market) -> None:
    anna, bert = _subscription(market), _subscription(market, "bert")
    first, second, third, fourth = (market.post() for _ in range(4))
    _wait(market, anna, {first: 1.0, second: 3.0, third: 1.0, fourth: 2.0})
    _wait(market, bert, {first: 0.5, second: 0.4})
    with session(market.url) as db:
        keep_best(db, 3)
    kept = {(anna, first), (anna, second), (anna, fourth), (bert, first), (bert, second)}
    assert _waiting(market).keys() == kept


def test_a_closed_posting_gives_way_to_an_open_one_that_is_worse(market: Market) -> None:
    anna, closed, opened = _subscription(market), market.post(status="expired"), market.post()
    _wait(market, anna, {closed: 9.0, opened: 1.0})
    with session(market.url) as db:
        keep_best(db, 1)
    assert _waiting(market).keys() == {(anna, opened)}


def test_a_full_subscription_is_offered_only_what_is_better(market: Market) -> None:
    anna, bert = _subscription(market), _subscription(market, "bert")
    _wait(market, anna, {market.post(): 2.0, market.post(): 3.0})
    with session(market.url) as db:
        queue = TopKBuffer(db, limit=2)
    both = np.array([anna, bert])
    queue.add(98, both, np.array([2.0, 2.0]))
    queue.add(99, both, np.array([2.5, 1.0]))
    assert sorted(queue.top()) == [(anna, 99, 2.5), (bert, 98, 2.0), (bert, 99, 1.0)]


def test_closed_postings_that_wait_fill_no_place(market: Market) -> None:
    anna = _subscription(market)
    _wait(market, anna, {market.post(status="expired"): 9.0})
    with session(market.url) as db:
        queue = TopKBuffer(db, limit=1)
    queue.add(99, np.array([anna]), np.array([1.0]))
    assert list(queue.top()) == [(anna, 99, 1.0)]


def test_choosing_in_between_does_not_change_what_is_best(market: Market) -> None:
    chosen = random.Random(3)
    offers = [
        (
            posting,
            np.array(chosen.sample(range(1, 40), 25)),
            np.array(chosen.choices(range(9), k=25)),
        )
        for posting in range(1, 60)
    ]
    with session(market.url) as db:
        often, once = TopKBuffer(db, 4, max_pairs=50), TopKBuffer(db, 4)
    for posting, subscriptions, scores in offers:
        often.add(posting, subscriptions, scores.astype(float))
        once.add(posting, subscriptions, scores.astype(float))
    all_pairs = [
        (int(one), posting, float(score))
        for posting, subscriptions, scores in offers
        for one, score in zip(subscriptions, scores, strict=True)
    ]
    expected = [
        pair
        for number in range(1, 40)
        for pair in sorted(
            (one for one in all_pairs if one[0] == number), key=lambda one: (-one[2], one[1])
        )[:4]
    ]
    assert list(once.top()) == expected
    assert list(often.top()) == expected


def test_nothing_offered_is_nothing(market: Market) -> None:
    with session(market.url) as db:
        assert list(TopKBuffer(db).top()) == []


@pytest.fixture
def crowd(market: Market) -> Market:
    """Sixty subscribers and ten postings."""
    with clock.frozen(TUESDAY):
        for number, wish in enumerate(some_wishes(60, random.Random(2))):
            market.subscribe(f"seeker {number}", wish)
        for trades in (("保安员",), ("会计", "厨师"), ("店长",), ("电工",), ("保洁员", "焊工")):
            market.post(trades, salary_min=5000)
            market.post(trades, "210202", salary_min=None)
    return market


def test_with_few_or_many_subscriptions_the_same_waits_for_the_digests(crowd: Market) -> None:
    with clock.frozen(TUESDAY), session(crowd.url) as db:
        by_query = sorted(CachedMatcher(min_subscriptions=10_000)(db, _open(crowd)))
        by_index = sorted(CachedMatcher(min_subscriptions=1)(db, _open(crowd)))
    assert len(by_query) > 30
    assert by_index == by_query


def _open(market: Market) -> list[int]:
    with session(market.url) as db:
        return [one.id for one in db.query(Posting).filter_by(status="open").order_by(Posting.id)]


def test_the_kept_index_follows_what_happens_between_two_rounds(crowd: Market) -> None:
    matcher = CachedMatcher(min_subscriptions=1)
    with clock.frozen(TUESDAY):
        postings, matches = match_all(crowd.url, matcher)
        assert (postings, matches) == (10, len(_waiting(crowd)))
        assert match_all(crowd.url, matcher) == (0, 0)
        crowd.subscribe("new", Wish(("店长",)))
        crowd.post(("店长",))
        with session(crowd.url) as db:
            for number in range(60):
                unsubscribe(db, "web", f"seeker {number}")
        assert match_all(crowd.url, matcher) == (1, 1)


def test_however_much_suits_no_more_than_a_few_wait_and_they_are_the_best(market: Market) -> None:
    with clock.frozen(TUESDAY):
        market.subscribe()
        for number in range(WAITING + 10):
            market.post(salary_min=3000 + 50 * (number % 20))
        matcher = CachedMatcher(min_subscriptions=1)
        for batch in (7, 100):
            with session(market.url) as db:
                match_new(db, matcher, batch)
        kept = _waiting(market)
        with session(market.url) as db:
            everything = sorted(
                matching_subscriptions(db, _open(market)),
                key=lambda one: (-one.score, one.posting_id),
            )
    assert len(everything) == WAITING + 10
    assert sorted(kept.values()) == sorted(one.score for one in everything[:WAITING])


def test_a_changed_posting_that_suits_no_more_waits_no_more(market: Market) -> None:
    market.subscribe()
    posting = market.post()
    assert market.match() == 1
    with session(market.url) as db:
        one = db.get_one(Posting, posting)
        one.content_hash, one.salary_min = "changed", 1000
    assert market.match() == 0
    assert _waiting(market) == {}


def test_what_was_shown_on_one_channel_waits_on_no_other(market: Market) -> None:
    with clock.frozen(TUESDAY):
        seeker = market.subscribe("anna")
        market.subscribe("bert")
        with session(market.url) as db:
            # Bert turns out to be Anna on another channel.
            other = db.query(Subscription).filter(Subscription.seeker_id != seeker).one()
            other.seeker_id, other.channel = seeker, "sms"
        market.post()
        assert market.match() == 2
        assert compose_all(market.url, TUESDAY, market.hours) == 1
    assert _waiting(market) == {}

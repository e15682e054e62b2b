from datetime import timedelta
from itertools import product

import pytest
from sqlalchemy import select

from bot import clock
from bot.db.session import session
from bot.db.tables import Posting, Subscription, SubscriptionMatch
from bot.matching.job_preference import JobPreference as Wish
from bot.reverse_matching.sql_matcher import match_new, matching_subscriptions
from bot.subscriptions.service import KEEP_PERIOD, preference_of, unsubscribe
from bot.vocabulary.vocabulary import vocabulary
from tests.days import TUESDAY
from tests.subscriptions.conftest import Market


def _matched(market: Market, *postings: int) -> set[tuple[int, int]]:
    with session(market.url) as db:
        found = list(matching_subscriptions(db, postings))
    return {(one.subscription_id, one.posting_id) for one in found}


@pytest.mark.parametrize(
    ("wish", "suits"),
    [
        (Wish(("保安员",), region_code="210106"), True),
        (Wish(("保安员",), region_code="210100"), True),
        (Wish(("保安员",), region_code="210000"), True),
        (Wish(("保安员",)), True),
        (Wish(any_occupation=True, region_code="210106"), True),
        (Wish(("保安员",), region_code="210200"), False),
        (Wish(("保安员",), region_code="210102"), False),
        (Wish(("厨师",), region_code="210100"), False),
        (Wish(("保安员",), region_code="210100", salary_min=3001), False),
        (Wish(("保安员",), region_code="210100", work_time="full_time"), True),
        (Wish(("保安员",), region_code="210100", work_time="shift_night"), False),
        (Wish(("保安员",), region_code="210100", excluded=("夜",)), True),
        (Wish(("保安员",), region_code="210100", excluded=("保安",)), False),
        (Wish(any_occupation=True, region_code="210100", excluded=("保安员",)), False),
        (Wish(any_occupation=True, region_code="210200"), False),
        (Wish(("保安员",), region_code="210200", also_regions=("210400", "210106")), True),
        (Wish(("保安员",), region_code="210200", also_regions=("210100",)), True),
        (Wish(any_occupation=True, region_code="210200", also_regions=("210000",)), True),
        (Wish(any_occupation=True, also_regions=("210100",)), True),
        (Wish(("保安员",), region_code="210200", also_regions=("210102",)), False),
        (Wish(any_occupation=True, also_regions=("210200",)), False),
    ],
)
def test_a_posting_finds_exactly_the_wishes_it_keeps(
    market: Market, wish: Wish, suits: bool
) -> None:
    market.subscribe(wish=wish)
    assert bool(_matched(market, market.post())) is suits


def test_a_match_says_why(market: Market) -> None:
    market.subscribe()
    posting = market.post()
    with session(market.url) as db:
        (found,) = matching_subscriptions(db, [posting])
    assert found.posting_id == posting
    assert "做保安员，对口" in found.reasons
    assert "在沈阳市，是你说的地方" in found.reasons


def test_the_nearer_occupation_scores_higher(market: Market) -> None:
    market.subscribe()
    first, second = market.post(("保安员",)), market.post(("厨师", "保安员"))
    with session(market.url) as db:
        scores = {one.posting_id: one.score for one in matching_subscriptions(db, [first, second])}
    assert scores[first] > scores[second]


def _keeps(posting: Posting, wish: Wish) -> bool:
    """The conditions again, written down as one would say them."""
    words = vocabulary()
    trades = [one.occupation_name for one in posting.occupations]
    trade = not wish.occupations or bool(set(trades) & set(wish.occupations))
    place = not wish.places or any(
        words.is_within(str(posting.region_code), at) for at in wish.places
    )
    pay = not wish.salary_min or (posting.salary_min or 0) >= wish.salary_min
    unsaid = posting.work_time is None and wish.work_time in ("full_time", "shift_day")
    time = wish.work_time is None or posting.work_time == wish.work_time or unsaid
    wanted = not any(
        w in posting.title or w == posting.work_time or w == trades[0] for w in wish.excluded
    )
    return trade and place and pay and time and wanted


def test_the_index_finds_what_a_loop_over_all_pairs_finds(market: Market) -> None:
    trades: list[tuple[str, ...]] = [("保安员",), ("会计",), ("保安员", "会计"), ()]
    regions = ["210106", "210100", "210200", "210000", None]
    with clock.frozen(TUESDAY):
        wishes = product(
            trades, regions, [(), ("210202",), ("210400", "210100")], [None, 3500],
            [None, "shift_day"], [(), ("会计",)],
        )  # fmt: skip
        everyone = []
        for number, (trade, region, also, pay, time, out) in enumerate(wishes):
            wish = Wish(trade, not trade, region, also, pay, None, time, out)
            everyone.append((f"seeker {number}", wish))
        market.subscribe_all(everyone)
        postings = [
            market.post(trade, region, salary_min=pay, work_time=time)
            for trade, region, pay, time in product(
                trades[:3], ["210106", "210102", "210202"], [3000, 4000, None], [None, "gig"]
            )
        ]
        with session(market.url) as db:
            found = {
                (f.subscription_id, f.posting_id) for f in matching_subscriptions(db, postings)
            }
            pairs = product(
                db.scalars(select(Subscription)).all(), db.scalars(select(Posting)).all()
            )
            expected = {(s.id, p.id) for s, p in pairs if _keeps(p, preference_of(s))}
    assert len(expected) > 1000
    assert found == expected


def test_each_posting_is_matched_once_and_again_when_it_changed(market: Market) -> None:
    market.subscribe()
    posting = market.post()
    assert market.match() == 1
    assert market.match() == 0
    with session(market.url) as db:
        db.get_one(Posting, posting).content_hash = "changed"
    assert market.match() == 1
    with session(market.url) as db:
        assert db.query(SubscriptionMatch).count() == 1


def test_what_is_held_expired_ended_or_out_of_date_is_not_matched(market: Market) -> None:
    with clock.frozen(TUESDAY):
        market.subscribe("anna")
        market.subscribe("bert")
        market.post(status="held")
        assert market.match() == 0
        posting = market.post()
        with session(market.url) as db:
            unsubscribe(db, "web", "bert")
        assert len(_matched(market, posting)) == 1
    with clock.frozen(TUESDAY + KEEP_PERIOD + timedelta(days=1)):
        assert _matched(market, posting) == set()


def test_a_large_import_is_matched_batch_by_batch(market: Market) -> None:
    market.subscribe()
    for _ in range(5):
        market.post()
    with session(market.url) as db:
        assert match_new(db, batch=3) == (3, 3)
        assert match_new(db, batch=3) == (2, 2)
        assert match_new(db, batch=3) == (0, 0)

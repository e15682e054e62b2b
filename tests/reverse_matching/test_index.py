import random
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import date, timedelta

import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from sqlalchemy import delete
from sqlalchemy.orm import Session

from bot import clock
from bot.db.session import session
from bot.db.tables import Seeker, Subscription
from bot.matching import Features, score, violated_conditions
from bot.matching.explain import reasons
from bot.matching.job_preference import JobPreference as Wish
from bot.matching.refusals import is_refused
from bot.reverse_matching import index as reverse
from bot.reverse_matching.index import ReverseIndex
from bot.reverse_matching.sql_matcher import features_by_id, matching_subscriptions
from bot.subscriptions.errors import TooManyPreferences
from bot.subscriptions.service import (
    KEEP_PERIOD,
    change_preference,
    pause,
    preference_of,
    unsubscribe,
)
from tests.days import TUESDAY
from tests.factories import make_seeker, make_subscription
from tests.profiles import size
from tests.subscriptions.conftest import GUARD_IN_SHENYANG, Market
from tests.subscriptions.wishes import POSTING, WISH, some_postings, some_wishes

pytestmark = pytest.mark.usefixtures("tuesday")
LATER = date(2027, 3, 1)


def _add(db: Session, wishes: Iterable[Wish], expires: date = LATER) -> dict[int, Wish]:
    """Store running subscriptions as they are; return their wishes by id."""
    wanted = list(wishes)
    seekers = [make_seeker(created_at=TUESDAY) for _ in wanted]
    db.add_all(seekers)
    db.flush()
    added = [
        make_subscription(wish, seeker, expires, created_at=TUESDAY)
        for wish, seeker in zip(wanted, seekers, strict=True)
    ]
    db.add_all(added)
    db.flush()
    return {one.id: wish for one, wish in zip(added, wanted, strict=True)}


def _by_loop(wishes: dict[int, Wish], posting: Features) -> dict[int, float]:
    """Ask every wish, one after the other."""
    return {
        number: score(posting, wish).total
        for number, wish in wishes.items()
        if violated_conditions(posting, wish) == frozenset() and not is_refused(posting, wish)
    }


def _by_index(index: ReverseIndex, posting: Features) -> dict[int, float]:
    ids, scores = index.match(posting).all()
    found = dict(zip(ids.tolist(), scores.tolist(), strict=True))
    assert len(found) == len(ids)
    return found


@contextmanager
def _subscribed(db: Session, wishes: Sequence[Wish]) -> Iterator[dict[int, Wish]]:
    with db.begin_nested() as step:
        yield _add(db, wishes)
        step.rollback()


@hypothesis_settings(
    max_examples=size(30, 300),
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(wishes=st.lists(WISH, max_size=12), postings=st.lists(POSTING, min_size=1, max_size=6))
def test_a_posting_finds_the_very_wishes_and_scores_that_a_loop_over_all_finds(
    words: Session, wishes: list[Wish], postings: list[Features]
) -> None:
    with _subscribed(words, wishes) as known:
        index = ReverseIndex(words)
        for posting in postings:
            assert _by_index(index, posting) == _by_loop(known, posting)


def test_many_wishes_and_postings_give_what_a_loop_gives(words: Session) -> None:
    wishes, postings = size(800, 2000), size(120, 300)
    chosen = random.Random(5)
    known = _add(words, some_wishes(wishes, chosen))
    index = ReverseIndex(words)
    suited = 0
    for posting in some_postings(postings, chosen):
        expected = _by_loop(known, posting)
        assert _by_index(index, posting) == expected
        best = index.match(posting).top()
        order = sorted(expected, key=lambda number: (-expected[number], number))[:50]
        assert [one.subscription_id for one in best] == order
        assert [one.score for one in best] == [round(expected[number], 4) for number in order]
        suited += len(expected)
    assert suited > wishes * postings // 30
    assert len(index) == wishes


def test_the_best_say_why_in_the_words_of_a_search(words: Session) -> None:
    chosen = random.Random(6)
    known = {
        n: preference_of(words.get_one(Subscription, n))
        for n in _add(words, some_wishes(300, chosen))
    }
    index = ReverseIndex(words)
    told = further = wished = 0
    for posting in some_postings(60, chosen):
        for one in index.match(posting).top(20):
            assert list(one.reasons) == reasons(posting, known[one.subscription_id])
            told += len(one.reasons)
            further += any("你说这儿也行" in reason for reason in one.reasons)
            wished += bool(known[one.subscription_id].welfare)
    assert told > 500
    assert min(further, wished) > 20


def test_as_many_as_asked_for_are_best_even_where_all_are_equal(words: Session) -> None:
    known = _add(words, [GUARD_IN_SHENYANG] * 70)
    (posting,) = (p for p in some_postings(1, random.Random(1)))
    posting = Features(**{**vars(posting), **_GUARD})
    index = ReverseIndex(words)
    assert (index.wishes, len(index)) == (1, 70)
    suited = index.match(posting)
    assert [one.subscription_id for one in suited.top(50)] == sorted(known)[:50]
    assert len(suited.top(100)) == 70
    assert len(suited.all()[0]) == 70


_GUARD = {
    "title": "保安员", "occupations": ("保安员",), "region_code": "210106", "salary_min": 3000,
    "work_time": None,
}  # fmt: skip


def test_without_subscriptions_nobody_is_found(words: Session) -> None:
    index = ReverseIndex(words)
    posting = some_postings(1, random.Random(1))[0]
    assert len(index) == index.wishes == 0
    assert _by_index(index, posting) == {}
    assert index.match(posting).top() == []
    index.refresh(words)
    assert _by_index(index, posting) == {}


def _pairs(market: Market, index: ReverseIndex, *postings: int) -> set[tuple[int, int]]:
    with session(market.url) as db:
        index.refresh(db)
        found = features_by_id(db, postings).items()
    return {
        (subscription, number)
        for number, features in found
        for subscription in _by_index(index, features)
    }


def _index(market: Market) -> ReverseIndex:
    with session(market.url) as db:
        return ReverseIndex(db)


def test_the_index_says_what_the_query_says(market: Market) -> None:
    chosen = random.Random(7)
    with session(market.url) as db:
        _add(db, some_wishes(400, chosen))
    postings = [
        market.post(
            one.occupations or ("保安员",), str(one.region_code or "210106"),
            salary_min=one.salary_min, work_time=one.work_time, title=one.title,
            education=one.education, published_on=one.published_on,
        )
        for one in some_postings(40, chosen)
    ]  # fmt: skip
    with session(market.url) as db:
        asked = {
            (one.subscription_id, one.posting_id): (one.score, one.reasons)
            for one in matching_subscriptions(db, postings)
        }
        index = ReverseIndex(db)
        held = {
            (one.subscription_id, one.posting_id): (one.score, one.reasons)
            for features in features_by_id(db, postings).values()
            for one in index.match(features).top(1000)
        }
    assert len(asked) > 600
    assert held == asked


def test_who_subscribes_after_the_index_was_built_is_found(market: Market) -> None:
    index, posting = _index(market), market.post()
    assert _pairs(market, index, posting) == set()
    market.subscribe()
    assert len(_pairs(market, index, posting)) == 1


def test_a_changed_wish_counts_as_it_is_now(market: Market) -> None:
    guard, cook = market.post(), market.post(("厨师",))
    market.subscribe("anna")
    market.subscribe("bert")
    index = _index(market)
    assert {posting for _, posting in _pairs(market, index, guard, cook)} == {guard}
    with clock.frozen(TUESDAY + timedelta(hours=2)):
        with session(market.url) as db:
            assert change_preference(db, "web", "anna", Wish(("厨师",), region_code="210100"))
        assert {p for _, p in _pairs(market, index, guard, cook)} == {guard, cook}
        market.subscribe("bert", Wish(("厨师",), region_code="210100"))
        assert {p for _, p in _pairs(market, index, guard, cook)} == {cook}
        market.subscribe("bert")
        assert len(_pairs(market, index, guard, cook)) == 2


def test_who_ends_pauses_or_has_his_data_deleted_is_found_no_more(market: Market) -> None:
    posting = market.post()
    seekers = [market.subscribe(name) for name in ("anna", "bert", "carl", "dora")]
    index = _index(market)
    assert len(_pairs(market, index, posting)) == 4
    with clock.frozen(TUESDAY + timedelta(hours=2)):
        with session(market.url) as db:
            unsubscribe(db, "web", "anna")
            pause(db, seekers[1])
        assert len(_pairs(market, index, posting)) == 2
        with session(market.url) as db:
            db.execute(delete(Seeker).where(Seeker.id == seekers[2]))
        assert len(_pairs(market, index, posting)) == 1
        market.subscribe("bert")
        assert len(_pairs(market, index, posting)) == 2


def test_one_deleted_while_another_subscribes_is_noticed_though_the_number_stays(
    market: Market,
) -> None:
    posting = market.post()
    seeker = market.subscribe("anna")
    market.subscribe("bert")
    index = _index(market)
    before = _pairs(market, index, posting)
    with session(market.url) as db:
        db.execute(delete(Seeker).where(Seeker.id == seeker))
    market.subscribe("carl")
    after = _pairs(market, index, posting)
    assert len(before & after) == 1
    assert len(after) == 2


def test_a_subscription_put_back_by_hand_is_found(market: Market) -> None:
    posting = market.post()
    market.subscribe()
    index = _index(market)
    for ended in (TUESDAY - timedelta(days=30), None):
        with session(market.url) as db:
            db.query(Subscription).one().ended_at = ended
        assert len(_pairs(market, index, posting)) == (ended is None)


def test_what_is_out_of_date_is_left_out_even_without_a_refresh(market: Market) -> None:
    posting = market.post()
    market.subscribe()
    index = _index(market)
    with session(market.url) as db:
        (features,) = features_by_id(db, [posting]).values()
    assert len(_by_index(index, features)) == 1
    with clock.frozen(TUESDAY + KEEP_PERIOD):
        assert _by_index(index, features) == {}
    with clock.frozen(TUESDAY + KEEP_PERIOD):
        assert _pairs(market, index, posting) == set()


def test_random_changes_leave_the_index_as_a_new_one_would_be(
    market: Market, monkeypatch: pytest.MonkeyPatch
) -> None:
    # So small that both ways are gone: the small shelf, and sorting anew.
    monkeypatch.setattr(reverse, "SMALL", 12)
    chosen, now = random.Random(8), TUESDAY
    postings = [market.post(t) for t in (("保安员",), ("会计", "厨师"), ("店长",))]
    index = _index(market)
    for _ in range(25):
        now += timedelta(minutes=chosen.choice((0, 1, 40)))
        with clock.frozen(now):
            for wish in some_wishes(3, chosen):
                market.subscribe(f"seeker {chosen.randrange(30)}", wish)
            name = f"seeker {chosen.randrange(30)}"
            with session(market.url) as db:
                unsubscribe(db, "web", name)
            pairs = _pairs(market, index, *postings)
            assert pairs == _pairs(market, _index(market), *postings)
            assert len(index) == len(_index(market))


def test_a_wish_without_pay_is_kept_by_a_posting_without_pay_and_one_with_is_not(
    words: Session,
) -> None:
    unpaid = Features(
        **{**vars(some_postings(1, random.Random(1))[0]), **_GUARD, "salary_min": None}
    )
    asks, asks_nothing = Wish(("保安员",), salary_min=1), Wish(("保安员",))
    known = _add(words, [asks, asks_nothing, Wish(("保安员",), salary_min=0)])
    found = _by_index(ReverseIndex(words), unpaid)
    assert found == _by_loop(known, unpaid)
    assert [known[number].salary_min for number in sorted(found)] == [None, 0]


def test_more_occupations_than_there_are_codes_are_refused(
    words: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.reverse_matching.encoding.TRADE_BITS", 2)
    trades = ("保安员", "会计", "厨师", "销售员")
    _add(words, [Wish((name,)) for name in trades[:3]])
    assert len(ReverseIndex(words)) == 3
    _add(words, [Wish((name,)) for name in trades[3:]])
    with pytest.raises(TooManyPreferences):
        ReverseIndex(words)

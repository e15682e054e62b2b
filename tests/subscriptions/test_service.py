from datetime import timedelta

from bot import clock
from bot.db.session import session
from bot.db.tables import Consent, JobPreferenceRow, Seeker, Subscription
from bot.matching.job_preference import JobPreference as Wish
from bot.subscriptions.service import (
    agreed_to_push,
    change_preference,
    pause,
    preference_of,
    running,
    subscribe,
    unsubscribe,
)
from tests.days import TUESDAY
from tests.subscriptions.conftest import GUARD_IN_SHENYANG, WORDS, Market


def test_a_subscription_keeps_the_wish_and_the_consent_word_for_word(market: Market) -> None:
    with clock.frozen(TUESDAY):
        market.subscribe()
    with session(market.url) as db:
        subscription = running(db, "web", "anna")
        assert subscription is not None
        wish = preference_of(subscription)
        assert (wish.occupations, wish.region_code, wish.salary_min) == (
            ("保安员",),
            "210100",
            3000,
        )
        given = {(one.purpose, one.channel, one.wording) for one in db.query(Consent)}
        assert given == {("push", "web", WORDS), ("keep_preference", "web", WORDS)}
        kept = db.query(JobPreferenceRow).one()
        assert (kept.occupations, kept.expires_on) == (
            "保安员",
            (TUESDAY + timedelta(days=180)).date(),
        )


def test_subscribing_again_changes_the_one_there_is(market: Market) -> None:
    market.subscribe()
    market.subscribe(wish=Wish(("会计",), region_code="210200"), frequency="weekly")
    market.subscribe(wish=Wish(("会计",), region_code="210200"), frequency="weekly")
    with session(market.url) as db:
        one = db.query(Subscription).one()
        assert (one.frequency, preference_of(one).occupations) == ("weekly", ("会计",))
        assert db.query(Consent).count() == 2
        assert db.query(Seeker).count() == 1


def test_unsubscribing_ends_what_runs_on_that_channel_alone(market: Market) -> None:
    market.subscribe("anna", channel="web")
    market.subscribe("+8613800000000", channel="sms")
    with session(market.url) as db:
        assert unsubscribe(db, "sms", "+8613800000000")
    with session(market.url) as db:
        assert running(db, "sms", "+8613800000000") is None
        assert running(db, "web", "anna") is not None
        (withdrawn,) = db.query(Consent).filter(Consent.withdrawn_at.is_not(None))
        assert (withdrawn.channel, withdrawn.purpose) == ("sms", "push")


def test_unsubscribing_twice_or_without_a_subscription_changes_nothing(market: Market) -> None:
    with session(market.url) as db:
        assert not unsubscribe(db, "web", "nobody")
        assert db.query(Seeker).count() == 0
    seeker = market.subscribe()
    with session(market.url) as db:
        assert unsubscribe(db, "web", "anna")
        ended = db.query(Subscription).one().ended_at
        assert not unsubscribe(db, "web", "anna")
        assert db.query(Subscription).one().ended_at == ended
        assert not agreed_to_push(db, seeker, "web")


def test_who_unsubscribed_may_subscribe_anew_with_a_new_consent(market: Market) -> None:
    seeker = market.subscribe()
    with session(market.url) as db:
        unsubscribe(db, "web", "anna")
    assert market.subscribe() == seeker
    with session(market.url) as db:
        assert running(db, "web", "anna") is not None
        assert agreed_to_push(db, seeker, "web")
        pushes = db.query(Consent).filter_by(purpose="push")
        assert sorted(one.withdrawn_at is None for one in pushes) == [False, True]


def test_who_has_work_is_left_in_peace_until_he_asks_again(market: Market) -> None:
    seeker = market.subscribe()
    market.post()
    with session(market.url) as db:
        assert pause(db, seeker) == 1
    assert market.match() == 0
    market.subscribe()
    market.post()
    assert market.match() == 1


def test_a_wish_is_changed_only_where_something_runs(market: Market) -> None:
    wish = Wish(("会计",), region_code="210200")
    with session(market.url) as db:
        assert not change_preference(db, "web", "anna", wish)
    market.subscribe()
    with session(market.url) as db:
        assert change_preference(db, "web", "anna", wish)
    with session(market.url) as db:
        one = running(db, "web", "anna")
        assert one is not None
        assert preference_of(one).region_code == "210200"


def test_a_wish_without_an_occupation_means_any(market: Market) -> None:
    with session(market.url) as db:
        subscription = subscribe(
            db, "web", "anna", Wish(any_occupation=True, region_code="210100"), "daily", WORDS
        )
        assert subscription.any_occupation
    assert GUARD_IN_SHENYANG.occupations not in ((), None)


def test_further_places_and_welfare_are_kept_with_the_wish(market: Market) -> None:
    wish = Wish(
        ("保安员",), region_code="210100", also_regions=("210200", "210400"), welfare=("lodging",)
    )
    market.subscribe(wish=wish)
    with session(market.url) as db:
        there = running(db, "web", "anna")
        assert there is not None
        assert preference_of(there) == wish
        kept = db.query(JobPreferenceRow).one()
        assert (kept.also_regions, kept.welfare) == ("210200,210400", "lodging")
        assert change_preference(db, "web", "anna", Wish(("保安员",), region_code="210100"))
        db.refresh(there)
        assert (preference_of(there).places, preference_of(there).welfare) == (("210100",), ())
        assert (kept.also_regions, kept.welfare) == ("", "")

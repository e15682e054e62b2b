import pytest

from bot.db.session import session
from bot.db.tables import Consent, MonthlyContact, Seeker, Subscription
from bot.subscriptions.service import preference_of, running
from tests.handlers.conftest import Dialogue


def _frequency(url: str, address: str = "anna", channel: str = "web") -> str | None:
    with session(url) as db:
        there = running(db, channel, address)
        return there.frequency if there else None


def _subscribe(person: Dialogue) -> None:
    person.say("以后有丹东的护士岗位告诉我一声", "subscribe")
    person.say("好", "affirm")


def test_what_will_be_kept_is_shown_and_nothing_is_kept_before_the_yes(
    here: str, anna: Dialogue
) -> None:
    asked = anna.say("以后有丹东的护士岗位告诉我一声", "subscribe")
    assert (asked.act, asked.status) == ("subscribe", "form")
    assert "丹东市 · 护士" in asked.text
    assert "退订" in asked.text
    assert "删" in asked.text
    with session(here) as db:
        assert db.query(Seeker).count() == 0


def test_the_yes_is_kept_with_the_very_words_it_was_given_to(here: str, anna: Dialogue) -> None:
    asked = anna.say("以后有丹东的护士岗位告诉我一声", "subscribe")
    done = anna.say("好", "affirm")
    assert "订好了" in done.text
    assert "退订" in done.text
    with session(here) as db:
        assert {one.wording for one in db.query(Consent)} == {asked.text}
        there = running(db, "web", "anna")
        assert there is not None
        assert (preference_of(there).occupations, there.region_code) == (("护士",), "210600")


def test_the_no_is_taken_as_one(here: str, anna: Dialogue) -> None:
    anna.say("以后有丹东的护士岗位告诉我一声", "subscribe")
    assert "不记也不发" in anna.say("不用", "deny").text
    assert anna.slots["asked"] is None
    assert _frequency(here) is None


def test_what_is_missing_is_asked_one_by_one(here: str, anna: Dialogue) -> None:
    assert anna.say("有新的告诉我", "subscribe").to_dict()["asks"] == "occupation"
    assert anna.say("保安", "inform").to_dict()["asks"] == "region"
    which = anna.say("铁西", "inform")
    assert "鞍山市铁西区" in which.text
    assert "沈阳市铁西区 · 保安员" in anna.say("沈阳的", "inform").text
    assert anna.say("行", "affirm").status == "answered"


@pytest.mark.parametrize(
    ("said", "frequency"),
    [("每天早上发", "daily"), ("每周一发", "weekly"), ("一有新的就发", "at_once")],
)
def test_how_often_may_be_said_before_the_yes_and_is_shown_anew(
    here: str, anna: Dialogue, said: str, frequency: str
) -> None:
    anna.say("以后有丹东的护士岗位告诉我一声", "subscribe")
    assert anna.say(said, "subscribe").to_dict()["asks"] == "push_consent"
    anna.say("好", "affirm")
    assert _frequency(here) == frequency


def test_the_pay_may_be_said_before_the_yes_as_well(here: str, anna: Dialogue) -> None:
    anna.say("以后有丹东的护士岗位告诉我一声", "subscribe")
    assert "4000元以上" in anna.say("工资四千以上", "refine_job").text


def test_who_speaks_of_something_else_has_not_agreed(here: str, anna: Dialogue) -> None:
    anna.say("以后有丹东的护士岗位告诉我一声", "subscribe")
    anna.say("谢谢", "thanks")
    assert anna.slots["asked"] is None
    anna.say("好", "affirm")
    assert _frequency(here) is None


def test_who_is_subscribed_hears_so_and_may_change_it(here: str, anna: Dialogue) -> None:
    _subscribe(anna)
    assert "已经订着了" in anna.say("有新的告诉我", "subscribe").text
    asked = anna.say("改成每周一发", "subscribe")
    assert "你现在订的是：丹东市 · 护士" in asked.text
    assert _frequency(here) == "at_once"
    anna.say("好", "affirm")
    assert _frequency(here) == "weekly"


def test_another_day_the_running_subscription_is_known_without_asking(
    here: str, anna: Dialogue
) -> None:
    _subscribe(anna)
    later = Dialogue()
    asked = later.say("每天给我发", "subscribe")
    assert "丹东市 · 护士" in asked.text
    assert "每天上午发一次" in asked.text


@pytest.mark.parametrize("said", ["退订", "我已经上班了 不用再发招聘信息给我了", "TD"])
def test_unsubscribing_holds_before_the_answer_is_given(
    here: str, anna: Dialogue, said: str
) -> None:
    _subscribe(anna)
    told = anna.say(said, "unsubscribe")
    assert (told.act, told.status) == ("unsubscribe", "answered")
    assert "不再给你推送" in told.text
    assert _frequency(here) is None
    assert "你现在也没有订" in anna.say(said, "unsubscribe").text


def test_unsubscribing_in_the_middle_of_subscribing_ends_that(here: str, anna: Dialogue) -> None:
    anna.say("以后有丹东的护士岗位告诉我一声", "subscribe")
    anna.say("退订", "unsubscribe")
    anna.say("好", "affirm")
    assert _frequency(here) is None


def test_it_stops_on_that_channel_alone(here: str, anna: Dialogue) -> None:
    _subscribe(anna)
    by_sms = Dialogue("+8613800000000", "sms")
    _subscribe(by_sms)
    by_sms.say("TD", "unsubscribe")
    assert _frequency(here) == "at_once"
    with session(here) as db:
        assert db.query(Subscription).filter(Subscription.ended_at.is_(None)).one().channel == "web"


def test_the_registered_unemployed_agree_to_the_monthly_contact_in_the_same_words(
    here: str, anna: Dialogue
) -> None:
    anna.slots["group"] = "registered_unemployed"
    asked = anna.say("以后有丹东的护士岗位告诉我一声", "subscribe")
    assert "每月问你一次近况" in asked.text
    anna.say("好", "affirm")
    with session(here) as db:
        assert db.query(MonthlyContact).count() == 1


def test_further_places_and_welfare_are_read_out_kept_and_taken_up_again(
    here: str, anna: Dialogue
) -> None:
    asked = anna.say("以后有丹东或者大连包住的护士岗位告诉我一声", "subscribe")
    assert "丹东市、大连市 · 护士" in asked.text
    assert "管住" in asked.text
    anna.say("好", "affirm")
    with session(here) as db:
        there = running(db, "web", "anna")
        assert there is not None
        assert (preference_of(there).places, preference_of(there).welfare) == (
            ("210600", "210200"),
            ("lodging",),
        )
    anna.slots.update(region_code=None, also_regions=None, welfare=None, occupation=None)
    again = anna.say("有新的告诉我", "subscribe")
    assert "丹东市、大连市 · 护士" in again.text
    assert "管住" in again.text


def test_kept_further_places_do_not_join_a_place_that_is_named_now(
    here: str, anna: Dialogue
) -> None:
    anna.say("以后有丹东或者大连的护士岗位告诉我一声", "subscribe")
    anna.say("好", "affirm")
    anna.slots.update(region_code=None, also_regions=None, occupation=None, region=None)
    anna.slots.update(region_code="210400", region="抚顺市")
    again = anna.say("有新的告诉我", "subscribe")
    assert "要改成下面这样吗？" in again.text
    assert "抚顺市 · 护士" in again.text.split("要改成下面这样吗？")[1]

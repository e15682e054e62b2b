from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from bot import clock
from bot.channels.wechat.inbound import WeChatInbound
from bot.db.tables import InboxMessage
from bot.messaging.inbox_table import (
    HOLD_DURATION,
    MAX_AGE,
    MAX_TRIES,
    REPEAT_WINDOW,
    HeldElsewhere,
    PassedOn,
    confirm,
    delete_answered,
    expired,
    extend_hold,
    forget_passed_on,
    held_by,
    keep_passed_on,
    passed_on,
    release,
    save_answer,
    save_unsent,
    take_back,
    take_in,
    take_over,
)
from bot.messaging.incoming import Incoming
from bot.seekers.my_data import erase

NOON = datetime(2026, 11, 24, 12, tzinfo=clock.CHINA)
LATER = NOON + HOLD_DURATION + timedelta(seconds=1)
HELLO, BYE = (Incoming("sms", "+8613800138000", key, text) for key, text in (("1", "您好"), ("2", "再见")))  # fmt: skip


def _left(db: Session) -> list[str]:
    return sorted(db.scalars(select(InboxMessage.text)))


def test_only_what_is_new_is_kept_and_what_is_answered_is_gone(db: Session) -> None:
    assert take_in(db, [HELLO, BYE, HELLO], "one") == {HELLO, BYE}
    assert take_in(db, [HELLO], "two") == set()
    delete_answered(db, "sms", ["1"])
    assert _left(db) == ["再见"]
    assert take_in(db, [HELLO], "two") == set()


def _take_over(db: Session, channel: str, holder: str) -> list[Incoming]:
    return take_over(db, channel, holder, expired(db, channel, holder))


def test_what_a_channel_adds_to_a_message_stays_with_its_process(db: Session) -> None:
    message = WeChatInbound("wechat", "o1", "4711", "您好", account="gh_1")
    with clock.frozen(NOON):
        assert take_in(db, [message], "dead") == {message}
    with clock.frozen(LATER):
        assert _take_over(db, "wechat", "living") == [Incoming("wechat", "o1", "4711", "您好")]


def test_a_message_is_taken_over_once_its_holder_is_silent(db: Session) -> None:
    with clock.frozen(NOON):
        take_in(db, [HELLO, BYE], "dead")
        assert _take_over(db, "sms", "living") == []
    with clock.frozen(LATER):
        assert _take_over(db, "wechat", "living") == []
        assert set(_take_over(db, "sms", "living")) == {HELLO, BYE}
        assert _take_over(db, "sms", "third") == []


def test_who_is_alive_keeps_his_and_who_ends_leaves_it_at_once(db: Session) -> None:
    with clock.frozen(NOON):
        take_in(db, [HELLO], "slow")
    with clock.frozen(LATER - timedelta(seconds=5)):
        extend_hold(db, "slow")
    with clock.frozen(LATER):
        assert _take_over(db, "sms", "other") == []
        assert _take_over(db, "sms", "slow") == []
        release(db, "slow")
        assert _take_over(db, "sms", "other") == [HELLO]


def test_an_answer_that_was_begun_is_taken_over_as_far_as_it_is_not_sent(db: Session) -> None:
    with clock.frozen(NOON):
        take_in(db, [HELLO, BYE], "dead")
        assert save_answer(db, "sms", "1", ["头一条", "第二条"], "dead") == ("头一条", "第二条")
        save_unsent(db, "sms", "1", ["第二条"], "dead")
        assert save_answer(db, "sms", "not kept", ["?"]) == ("?",)
    with clock.frozen(LATER):
        taken = _take_over(db, "sms", "living")
    assert {one.text: one.to_send for one in taken} == {"您好": ("第二条",), "再见": None}


def test_an_answer_is_stored_once_and_by_who_holds_its_message(db: Session) -> None:
    with clock.frozen(NOON):
        take_in(db, [HELLO], "slow")
        with pytest.raises(HeldElsewhere):
            save_answer(db, "sms", "1", ["不归它答"], "other")
    with clock.frozen(LATER):
        assert _take_over(db, "sms", "other") == [HELLO]
        with pytest.raises(HeldElsewhere):
            save_answer(db, "sms", "1", ["答晚了"], "slow")
        save_unsent(db, "sms", "1", ["答晚了"], "slow")
        assert save_answer(db, "sms", "1", ["头一回"], "other") == ("头一回",)
        assert save_answer(db, "sms", "1", ["第二回"], "other") == ("头一回",)
        confirm(db, "sms", "1", "other")
        with pytest.raises(HeldElsewhere):
            confirm(db, "sms", "1", "slow")
        delete_answered(db, "sms", ["1"])
        with pytest.raises(HeldElsewhere):
            save_answer(db, "sms", "1", ["第三回"], "other")


def test_a_hold_that_was_moved_on_since_the_last_look_is_left_alone(db: Session) -> None:
    with clock.frozen(NOON):
        take_in(db, [HELLO], "slow")
    with clock.frozen(LATER):
        seen = expired(db, "sms", "other")
        extend_hold(db, "slow")
    with clock.frozen(LATER + HOLD_DURATION * 2):
        assert take_over(db, "sms", "other", seen) == []
        assert take_over(db, "sms", "other", expired(db, "sms", "other")) == [HELLO]


def test_what_is_held_and_not_known_of_is_found_by_its_holder(db: Session) -> None:
    take_in(db, [HELLO, BYE], "one")
    assert held_by(db, "sms", "one", ["1"]) == [BYE]
    assert held_by(db, "sms", "one", ["1", "2"]) == held_by(db, "sms", "two") == []


def test_a_reply_can_be_given_again_for_a_while_unless_it_is_taken_back(db: Session) -> None:
    for message in (HELLO, BYE):
        keep_passed_on(db, message, [f"你说：{message.text}"], NOON)
    with clock.frozen(NOON + timedelta(seconds=1)):  # a provider that has no reply waits longer
        assert passed_on(db, HELLO) is None
    with clock.frozen(NOON + timedelta(seconds=5)):
        assert take_back(db, "sms", "2") == PassedOn(("你说：再见",), repeated=False)
        assert passed_on(db, BYE) is None
        assert take_back(db, "sms", "2") is None
        assert passed_on(db, replace(HELLO, address="+8613900139000")) is None
        assert passed_on(db, HELLO) == ("你说：您好",)
        assert take_back(db, "sms", "1") == PassedOn(("你说：您好",), repeated=True)
        assert passed_on(db, HELLO) == ("你说：您好",)
    with clock.frozen(NOON + REPEAT_WINDOW):
        assert passed_on(db, HELLO) is None
        assert _take_over(db, "sms", "other") == []
        forget_passed_on(db)
    assert db.scalars(select(InboxMessage.key)).all() == []


def test_what_kills_its_process_again_and_again_is_given_up_with_a_word(db: Session) -> None:
    at = NOON
    with clock.frozen(at):
        take_in(db, [HELLO], "0")
    for number in range(1, MAX_TRIES):
        at += HOLD_DURATION + timedelta(seconds=1)
        with clock.frozen(at):
            assert _take_over(db, "sms", str(number)) == [HELLO]
    at += HOLD_DURATION + timedelta(seconds=1)
    with clock.frozen(at):
        assert _take_over(db, "sms", "last") == [replace(HELLO, given_up=True)]
    with clock.frozen(at + HOLD_DURATION + timedelta(seconds=1)):
        assert _take_over(db, "sms", "none") == []
    assert _left(db) == []


def test_what_is_very_old_is_not_answered_any_more(db: Session) -> None:
    with clock.frozen(NOON):
        take_in(db, [HELLO], "dead")
    with clock.frozen(NOON + MAX_AGE):
        assert _take_over(db, "sms", "living") == []
    assert _left(db) == []


def test_erasing_a_persons_data_empties_his_inbox(db: Session) -> None:
    other = Incoming("sms", "+8613900139000", "3", "别人的")
    take_in(db, [HELLO, other], "one")
    erase(db, "sms", "+8613800138000")
    assert _left(db) == ["别人的"]

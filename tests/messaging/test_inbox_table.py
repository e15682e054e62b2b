from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot import clock
from bot.channels.wechat.inbound import WeChatInbound
from bot.db.tables import InboxMessage
from bot.messaging.inbox_table import (
    HOLD_DURATION,
    MAX_AGE,
    MAX_TRIES,
    delete_answered,
    extend_hold,
    release,
    save_answer,
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


def test_what_a_channel_adds_to_a_message_stays_with_its_process(db: Session) -> None:
    message = WeChatInbound("wechat", "o1", "4711", "您好", account="gh_1")
    with clock.frozen(NOON):
        assert take_in(db, [message], "dead") == {message}
    with clock.frozen(LATER):
        assert take_over(db, "wechat", "living") == [Incoming("wechat", "o1", "4711", "您好")]


def test_a_message_is_taken_over_once_its_holder_is_silent(db: Session) -> None:
    with clock.frozen(NOON):
        take_in(db, [HELLO, BYE], "dead")
        assert take_over(db, "sms", "living") == []
    with clock.frozen(LATER):
        assert take_over(db, "wechat", "living") == []
        assert set(take_over(db, "sms", "living")) == {HELLO, BYE}
        assert take_over(db, "sms", "third") == []


def test_who_is_alive_keeps_his_and_who_ends_leaves_it_at_once(db: Session) -> None:
    with clock.frozen(NOON):
        take_in(db, [HELLO], "slow")
    with clock.frozen(LATER - timedelta(seconds=5)):
        extend_hold(db, "slow")
    with clock.frozen(LATER):
        assert take_over(db, "sms", "other") == []
        assert take_over(db, "sms", "slow") == []
        release(db, "slow")
        assert take_over(db, "sms", "other") == [HELLO]


def test_an_answer_that_was_begun_is_taken_over_as_far_as_it_is_not_sent(db: Session) -> None:
    with clock.frozen(NOON):
        take_in(db, [HELLO, BYE], "dead")
        save_answer(db, "sms", "1", ["头一条", "第二条"])
        save_answer(db, "sms", "1", ["第二条"])
        save_answer(db, "sms", "not kept", ["?"])
    with clock.frozen(LATER):
        taken = take_over(db, "sms", "living")
    assert {one.text: one.to_send for one in taken} == {"您好": ("第二条",), "再见": None}


def test_what_kills_its_process_again_and_again_is_given_up(db: Session) -> None:
    at = NOON
    with clock.frozen(at):
        take_in(db, [HELLO], "0")
    for number in range(1, MAX_TRIES):
        at += HOLD_DURATION + timedelta(seconds=1)
        with clock.frozen(at):
            assert take_over(db, "sms", str(number)) == [HELLO]
    with clock.frozen(at + HOLD_DURATION + timedelta(seconds=1)):
        assert take_over(db, "sms", "last") == []
    assert _left(db) == []


def test_what_is_very_old_is_not_answered_any_more(db: Session) -> None:
    with clock.frozen(NOON):
        take_in(db, [HELLO], "dead")
    with clock.frozen(NOON + MAX_AGE):
        assert take_over(db, "sms", "living") == []
    assert _left(db) == []


def test_erasing_a_persons_data_empties_his_inbox(db: Session) -> None:
    other = Incoming("sms", "+8613900139000", "3", "别人的")
    take_in(db, [HELLO, other], "one")
    erase(db, "sms", "+8613800138000")
    assert _left(db) == ["别人的"]

from datetime import datetime, timedelta

import pytest
from sqlalchemy.orm import Session

from bot import clock
from bot.db.tables import Offer
from bot.messaging.reply_choices import (
    VALIDITY,
    choice_number,
    keep_unsent,
    remainder,
    resolve_choice,
    save_choices,
    take_unsent,
)
from bot.rendering.turn import render_sms_turn, render_wechat_turn

NOON = datetime(2026, 11, 24, 12, tzinfo=clock.CHINA)


@pytest.mark.parametrize(
    ("typed", "number"),
    [("1", 1), (" ２ ", 2), ("回复1", 1), ("选3。", 3), ("0", 0), ("12", None), ("5000", None), ("1万", None), ("第1个", None), ("", None)],
)  # fmt: skip
def test_only_a_bare_digit_is_a_choice(typed: str, number: int | None) -> None:
    assert choice_number(typed) == number


def test_a_number_says_what_the_last_answer_offered(db: Session) -> None:
    save_choices(db, "sms", "+86138", [("沈阳的", "沈阳铁西"), ("鞍山的", "鞍山铁西")])
    assert resolve_choice(db, "sms", "+86138", "2") == "鞍山铁西"
    assert resolve_choice(db, "sms", "+86138", " 沈阳的 ") == "沈阳铁西"
    assert resolve_choice(db, "sms", "+86138", "大连的") is None
    assert resolve_choice(db, "sms", "+86138", "3") is None
    assert resolve_choice(db, "sms", "+86138", "0") is None
    assert resolve_choice(db, "sms", "+86139", "1") is None
    save_choices(db, "sms", "+86138", [], rest="后半段")
    assert resolve_choice(db, "sms", "+86138", "1") is None
    assert remainder(db, "sms", "+86138") == "后半段"


def test_choices_are_saved_as_a_turn_renders_them(db: Session) -> None:
    question = {
        "type": "clarify",
        "text": "哪个铁西",
        "buttons": [{"title": "沈阳的", "says": "沈阳铁西"}],
    }
    for channel, rendered in (
        ("wechat", render_wechat_turn([question])),
        ("sms", render_sms_turn([question])),
    ):
        save_choices(db, channel, "o1", rendered.choices, rendered.remainder)
        assert db.get_one(Offer, (channel, "o1")).choices == '[["沈阳的", "沈阳铁西"]]'
        assert resolve_choice(db, channel, "o1", "1") == "沈阳铁西"


def test_an_old_offer_no_longer_holds(db: Session) -> None:
    with clock.frozen(NOON):
        save_choices(db, "sms", "+86138", [("沈阳的", "沈阳铁西")])
    with clock.frozen(NOON + VALIDITY + timedelta(minutes=1)):
        assert resolve_choice(db, "sms", "+86138", "1") is None


def test_what_a_quota_kept_back_is_said_once(db: Session) -> None:
    keep_unsent(db, "wechat", "o1", "一")
    keep_unsent(db, "wechat", "o1", "二")
    assert take_unsent(db, "wechat", "o1") == "一\n二"
    assert take_unsent(db, "wechat", "o1") == ""

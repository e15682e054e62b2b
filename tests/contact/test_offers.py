from datetime import datetime, timedelta

import pytest
from sqlalchemy.orm import Session

from bot import clock
from bot.contact.offers import (
    VALID,
    chosen,
    keep_unsent,
    numbered,
    offer,
    rest,
    take_unsent,
)

NOON = datetime(2026, 11, 24, 12, tzinfo=clock.CHINA)


@pytest.mark.parametrize(
    ("typed", "number"),
    [("1", 1), (" ２ ", 2), ("回复1", 1), ("选3。", 3), ("0", 0), ("12", None), ("5000", None), ("1万", None), ("第1个", None), ("", None)],
)  # fmt: skip
def test_only_a_bare_digit_is_a_choice(typed: str, number: int | None) -> None:
    assert numbered(typed) == number


def test_a_number_says_what_the_last_answer_offered(db: Session) -> None:
    offer(db, "sms", "+86138", [("沈阳的", "沈阳铁西"), ("鞍山的", "鞍山铁西")])
    assert chosen(db, "sms", "+86138", "2") == "鞍山铁西"
    assert chosen(db, "sms", "+86138", " 沈阳的 ") == "沈阳铁西"
    assert chosen(db, "sms", "+86138", "大连的") is None
    assert chosen(db, "sms", "+86138", "3") is None
    assert chosen(db, "sms", "+86138", "0") is None
    assert chosen(db, "sms", "+86139", "1") is None
    offer(db, "sms", "+86138", [], rest="后半段")
    assert chosen(db, "sms", "+86138", "1") is None
    assert rest(db, "sms", "+86138") == "后半段"


def test_an_old_offer_no_longer_holds(db: Session) -> None:
    with clock.frozen(NOON):
        offer(db, "sms", "+86138", [("沈阳的", "沈阳铁西")])
    with clock.frozen(NOON + VALID + timedelta(minutes=1)):
        assert chosen(db, "sms", "+86138", "1") is None


def test_what_a_quota_kept_back_is_said_once(db: Session) -> None:
    keep_unsent(db, "wechat", "o1", "一")
    keep_unsent(db, "wechat", "o1", "二")
    assert take_unsent(db, "wechat", "o1") == "一\n二"
    assert take_unsent(db, "wechat", "o1") == ""

from datetime import datetime, timedelta

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from bot import clock
from bot.db.tables import Consent, JobPreferenceRow, LinkCode, Seeker
from bot.seekers.account_linking import (
    CODE_DIGITS,
    MAX_CODES,
    MAX_WRONG_CODES,
    make_code,
    redeem_code,
)
from bot.seekers.errors import CodeNotValid, TooManyAttempts
from bot.seekers.identity import find_seeker, seeker_of

SECRET = b"only for tests"
NOON = datetime(2026, 11, 24, 12, tzinfo=clock.CHINA)


def test_the_code_of_one_channel_typed_on_another_makes_one_seeker(db: Session) -> None:
    code = make_code(db, SECRET, "wechat", "o1")
    linked = redeem_code(db, SECRET, code, "sms", "+8613800138000")
    assert len(code) == CODE_DIGITS
    assert find_seeker(db, "wechat", "o1") is linked
    assert find_seeker(db, "sms", "+8613800138000") is linked
    assert db.scalar(select(func.count(Seeker.id))) == 1


def test_the_newer_job_preference_and_every_consent_stay(db: Session) -> None:
    for address, channel, day, trade in (("o1", "wechat", 1, "保洁"), ("+86138", "sms", 2, "保安")):
        seeker = seeker_of(db, channel, address)
        made = NOON + timedelta(days=day)
        seeker.preference = JobPreferenceRow(
            occupations=trade, updated_at=made, expires_on=(made + timedelta(days=90)).date()
        )
        seeker.consents.append(
            Consent(purpose="push", channel=channel, wording="可以", given_at=made)
        )
    db.flush()
    linked = redeem_code(db, SECRET, make_code(db, SECRET, "sms", "+86138"), "wechat", "o1")
    assert linked.preference is not None
    assert linked.preference.occupations == "保安"
    assert [c.channel for c in linked.consents] == ["wechat", "sms"]


def test_linking_what_is_linked_already_changes_nothing(db: Session) -> None:
    first = redeem_code(db, SECRET, make_code(db, SECRET, "wechat", "o1"), "sms", "+86138")
    again = redeem_code(db, SECRET, make_code(db, SECRET, "wechat", "o1"), "sms", "+86138")
    assert first.id == again.id
    assert len(again.identities) == 2


def test_a_code_holds_once(db: Session) -> None:
    code = make_code(db, SECRET, "wechat", "o1")
    redeem_code(db, SECRET, code, "sms", "+86138")
    with pytest.raises(CodeNotValid):
        redeem_code(db, SECRET, code, "sms", "+86139")


@pytest.mark.parametrize(("minutes", "holds"), [(9, True), (10, False), (600, False)])
def test_a_code_holds_ten_minutes(db: Session, minutes: int, holds: bool) -> None:
    with clock.frozen(NOON):
        code = make_code(db, SECRET, "wechat", "o1")
    with clock.frozen(NOON + timedelta(minutes=minutes)):
        if holds:
            assert redeem_code(db, SECRET, code, "sms", "+86138")
        else:
            with pytest.raises(CodeNotValid):
                redeem_code(db, SECRET, code, "sms", "+86138")


def test_a_new_code_ends_the_one_before(db: Session) -> None:
    first, second = (make_code(db, SECRET, "wechat", "o1") for _ in range(2))
    with pytest.raises(CodeNotValid):
        redeem_code(db, SECRET, first, "sms", "+86138")
    assert redeem_code(db, SECRET, second, "sms", "+86138")


def test_ones_own_code_links_nobody(db: Session) -> None:
    with pytest.raises(CodeNotValid):
        redeem_code(db, SECRET, make_code(db, SECRET, "wechat", "o1"), "wechat", "o1")


def test_who_types_wrong_codes_is_held_off_for_an_hour_even_with_the_right_one(db: Session) -> None:
    with clock.frozen(NOON):
        code = make_code(db, SECRET, "wechat", "o1")
        for _ in range(MAX_WRONG_CODES):
            with pytest.raises(CodeNotValid):
                redeem_code(db, SECRET, "00000000", "sms", "+86138")
        with pytest.raises(TooManyAttempts):
            redeem_code(db, SECRET, code, "sms", "+86138")
    with clock.frozen(NOON + timedelta(hours=1, seconds=1)):
        assert redeem_code(db, SECRET, make_code(db, SECRET, "wechat", "o1"), "sms", "+86138")


def test_nobody_asks_for_codes_without_end(db: Session) -> None:
    for _ in range(MAX_CODES):
        make_code(db, SECRET, "wechat", "o1")
    with pytest.raises(TooManyAttempts):
        make_code(db, SECRET, "wechat", "o1")


def test_the_table_does_not_hold_the_code(db: Session) -> None:
    code = make_code(db, SECRET, "wechat", "o1")
    assert code not in str([(row.digest, row.address) for row in db.scalars(select(LinkCode))])

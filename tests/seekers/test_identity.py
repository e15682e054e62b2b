from sqlalchemy.orm import Session

from bot.seekers.identity import find_seeker, seeker_of


def test_an_address_is_one_seeker_and_another_channel_is_another(db: Session) -> None:
    assert find_seeker(db, "sms", "+8613800000000") is None
    first = seeker_of(db, "sms", "+8613800000000")
    assert seeker_of(db, "sms", "+8613800000000") is first
    assert find_seeker(db, "sms", "+8613800000000") is first
    assert seeker_of(db, "web", "+8613800000000") is not first

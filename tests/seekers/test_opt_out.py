from sqlalchemy.orm import Session

from bot import clock
from bot.db.tables import Consent
from bot.seekers.identity import seeker_of
from bot.seekers.opt_out import stop_pushes


def test_a_stop_ends_the_pushes_of_that_channel_alone_and_once(db: Session) -> None:
    seeker = seeker_of(db, "wechat", "o1")
    for channel, purpose in (("wechat", "push"), ("sms", "push"), ("wechat", "keep_preference")):
        seeker.consents.append(
            Consent(purpose=purpose, channel=channel, wording="可以", given_at=clock.now())
        )
    db.flush()
    assert stop_pushes(db, "wechat", "o1")
    assert [c.withdrawn_at is None for c in seeker.consents] == [False, True, True]
    assert not stop_pushes(db, "wechat", "o1")


def test_a_stop_of_a_stranger_makes_no_seeker(db: Session) -> None:
    assert not stop_pushes(db, "sms", "+8613800138000")

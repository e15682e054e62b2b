import threading
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from bot import clock
from bot.db.session import session
from bot.messaging.deduplication import RETENTION, forget_expired, mark_seen

NOON = datetime(2026, 11, 24, 12, tzinfo=clock.CHINA)


def test_a_repeated_key_is_not_new_on_its_channel(db: Session) -> None:
    assert mark_seen(db, "sms", "a")
    assert not mark_seen(db, "sms", "a")
    assert mark_seen(db, "wechat", "a")


def test_what_has_expired_is_new_again_and_is_forgotten(db: Session) -> None:
    with clock.frozen(NOON):
        assert mark_seen(db, "sms", "a")
        assert mark_seen(db, "sms", "b")
    with clock.frozen(NOON + RETENTION + timedelta(seconds=1)):
        assert mark_seen(db, "sms", "a")
        assert forget_expired(db) == 1


def test_a_key_is_remembered_until_its_very_end(db: Session) -> None:
    with clock.frozen(NOON):
        assert mark_seen(db, "sms", "a")
    with clock.frozen(NOON + RETENTION - timedelta(seconds=1)):
        assert not mark_seen(db, "sms", "a")
        assert forget_expired(db) == 0
    with clock.frozen(NOON + RETENTION):
        assert mark_seen(db, "sms", "a")


def test_of_many_workers_one_gets_the_message(committed: str) -> None:
    got = []

    def take() -> None:
        with session(committed) as db:
            got.append(mark_seen(db, "sms", "one"))

    workers = [threading.Thread(target=take) for _ in range(8)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert sorted(got) == [False] * 7 + [True]

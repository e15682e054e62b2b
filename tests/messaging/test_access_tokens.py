"""The access token that all workers share."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from bot import clock
from bot.messaging.access_tokens import RENEWAL_MARGIN, keep_token, kept_token

NOON = datetime(2026, 11, 24, 12, tzinfo=clock.CHINA)


def test_a_token_is_fresh_until_shortly_before_its_end(db: Session) -> None:
    with clock.frozen(NOON):
        assert kept_token(db, "app") is None
        keep_token(db, "app", "t1", 7200, forced=False)
    for before_end, fresh in (
        (RENEWAL_MARGIN + timedelta(seconds=1), True),
        (RENEWAL_MARGIN, False),
    ):
        with clock.frozen(NOON + timedelta(seconds=7200) - before_end):
            stored = kept_token(db, "app")
            assert stored is not None
            assert (stored.token, stored.fresh, stored.forced_at) == ("t1", fresh, None)


def test_a_renewal_replaces_and_only_a_forced_one_is_noted(db: Session) -> None:
    with clock.frozen(NOON):
        keep_token(db, "app", "t1", 7200, forced=True)
        keep_token(db, "app", "t2", 7200, forced=False)
        stored = kept_token(db, "app")
    assert stored is not None
    assert (stored.token, stored.forced_at) == ("t2", NOON)
    assert kept_token(db, "other") is None

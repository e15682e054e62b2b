"""Rows that several workers may write first."""

from __future__ import annotations

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from bot import clock
from bot.db.tables import AccessToken
from bot.messaging.rows import ensure


def test_the_first_of_one_key_stays(db: Session) -> None:
    for token in ("first", "second"):
        ensure(db, AccessToken, app_id="app", token=token, expires_at=clock.now())
    assert db.scalar(select(func.count()).select_from(AccessToken)) == 1
    assert db.get_one(AccessToken, "app").token == "first"

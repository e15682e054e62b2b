"""The access token of an official account, kept once for all workers."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from bot import clock
from bot.db.tables import AccessToken
from bot.messaging.rows import ensure

#: A token is renewed this long before its end, while the old one still holds.
RENEWAL_MARGIN = timedelta(minutes=5)


@dataclass(frozen=True)
class KeptToken:
    """A token as it was kept."""

    token: str
    fresh: bool
    """True when it holds long enough to be used."""
    forced_at: datetime | None
    """The time of the last forced renewal."""


def kept_token(db: Session, app_id: str) -> KeptToken | None:
    """Return the account's token, None when there was never one."""
    row = db.get(AccessToken, app_id)
    if row is None:
        return None
    fresh = clock.aware(row.expires_at) > clock.now() + RENEWAL_MARGIN
    return KeptToken(row.token, fresh, clock.aware(row.forced_at) if row.forced_at else None)


def keep_token(db: Session, app_id: str, token: str, seconds: int, forced: bool) -> None:
    """Keep a token that holds for so many seconds."""
    ensure(db, AccessToken, app_id=app_id, token=token, expires_at=clock.now())
    row = db.get_one(AccessToken, app_id)
    row.token, row.expires_at = token, clock.now() + timedelta(seconds=seconds)
    if forced:
        row.forced_at = clock.now()

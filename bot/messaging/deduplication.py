"""Deduplication of messages, shared by all workers through the database."""

from __future__ import annotations

from collections.abc import Collection
from datetime import timedelta

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from bot import clock
from bot.db.tables import SeenMessage
from bot.messaging.rows import insert_into

#: How long a message is remembered. Gateways and platforms retry for minutes.
RETENTION = timedelta(days=1)
#: Characters of a key that are kept.
MAX_KEY_CHARS = 200


def mark_seen(db: Session, channel: str, key: str, retention: timedelta = RETENTION) -> bool:
    """Return True for the first of several messages with one key, whichever worker asks.

    An expired key counts as new. The row is written in the session's transaction.
    """
    return bool(mark_all_seen(db, channel, [key], retention))


def mark_all_seen(
    db: Session, channel: str, keys: Collection[str], retention: timedelta = RETENTION
) -> set[str]:
    """Return those of many keys that are new, checked and stored in one statement."""
    now = clock.now()
    cut = {key[:MAX_KEY_CHARS]: key for key in keys}
    rows = insert_into(db, SeenMessage).values(
        [{"channel": channel, "key": key, "expires_at": now + retention} for key in cut]
    )
    upsert = rows.on_conflict_do_update(
        index_elements=[SeenMessage.channel, SeenMessage.key],
        set_={"expires_at": rows.excluded.expires_at},
        where=SeenMessage.expires_at <= now,
    )
    return {cut[key] for key in db.scalars(upsert.returning(SeenMessage.key))}


def forget_expired(db: Session) -> int:
    """Delete what has expired; return how many rows."""
    expired = SeenMessage.expires_at <= clock.now()
    count = db.scalar(select(func.count()).select_from(SeenMessage).where(expired))
    db.execute(delete(SeenMessage).where(expired))
    return int(count or 0)

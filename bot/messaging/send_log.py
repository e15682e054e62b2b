"""Delivery states of sent messages as providers report them: accepted, delivered, failed…"""

from __future__ import annotations

from typing import Literal

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot import clock
from bot.db.tables import SentMessage
from bot.messaging.rows import ensure

State = Literal["accepted", "buffered", "delivered", "failed", "refused"]
#: States that nothing changes any more: reports come in any order.
FINAL_STATES = ("delivered", "failed", "refused")
#: States in which the provider has taken a send.
ACCEPTED_STATES = ("accepted", "buffered", "delivered")


def record(
    db: Session,
    channel: str,
    key: str,
    state: State,
    reason: str = "",
    provider_id: str | None = None,
) -> bool:
    """Note a state; return False when it changed nothing (a late or repeated report)."""
    # A report may come before the send itself is noted.
    ensure(db, SentMessage, channel=channel, key=key, state="", reason="", changed_at=clock.now())
    row = db.get_one(SentMessage, (channel, key), with_for_update=True)
    if row.state in FINAL_STATES or row.state == state:
        return False
    row.state, row.reason, row.changed_at = state, reason[:200], clock.now()
    row.provider_id = provider_id or row.provider_id
    return True


def state_of(db: Session, channel: str, key: str) -> SentMessage | None:
    """Return what is known of a send."""
    return db.get(SentMessage, (channel, key))


def key_of(db: Session, channel: str, provider_id: str) -> str | None:
    """Return our key of a send that a provider names by its own id."""
    query = select(SentMessage.key).where(
        SentMessage.channel == channel, SentMessage.provider_id == provider_id
    )
    return db.scalar(query)

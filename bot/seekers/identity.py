"""Identity of a writer: the seeker of an address on a channel."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot import clock
from bot.db.tables import ChannelIdentity, Seeker


def find_seeker(db: Session, channel: str, address: str) -> Seeker | None:
    """Return the seeker who writes from an address (openid, number, web session), if known."""
    query = select(Seeker).join(Seeker.identities)
    return db.scalar(
        query.where(ChannelIdentity.channel == channel, ChannelIdentity.address == address)
    )


def seeker_of(db: Session, channel: str, address: str) -> Seeker:
    """Return the seeker who writes from an address; a new one when the address is not known.

    Only with consent: a question alone makes no seeker.
    """
    seeker = find_seeker(db, channel, address)
    if seeker is None:
        seeker = Seeker(
            created_at=clock.now(), identities=[ChannelIdentity(channel=channel, address=address)]
        )
        db.add(seeker)
        db.flush()
    return seeker

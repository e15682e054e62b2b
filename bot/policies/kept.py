"""Policies as they were read last, for as long as the base holds the same: one small question.

A policy with its versions, answers, figures and citations is eight statements; most messages ask
one of a few dozen. `policies load` changes the hash, and the next question reads anew.
"""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.db.tables import Policy

#: By database and topic. There are some dozens of policies.
_kept: dict[tuple[str, str], Policy] = {}


def policy(db: Session, topic: str) -> Policy | None:
    """Return a policy to be read, never changed; None when the base has none of this topic."""
    bound = db.get_bind()
    known = (str(bound.engine.url), topic)
    stamp = db.scalar(select(Policy.content_hash).where(Policy.id == topic))
    there = _kept.get(known)
    if stamp is None or (there is not None and there.content_hash == stamp):
        return there if stamp is not None else None
    # A session of its own in the same transaction: what it read outlives the caller's.
    with Session(db.connection(), expire_on_commit=False) as own:
        read = own.get(Policy, topic)
        own.expunge_all()
    if read is not None:
        _kept[known] = read
    return read

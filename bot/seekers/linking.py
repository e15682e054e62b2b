"""Linking channels: a code shown on one and typed on another makes both one seeker.

A code holds for ten minutes and once. Who types wrong ones is held off; the table keeps only
keyed digests. The two seekers' rows become one, with the newer job preference and all consents.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Column, func, select, update
from sqlalchemy.orm import Session

from bot import clock
from bot.db.tables import Base, LinkAttempt, LinkCode, Seeker
from bot.seekers.errors import CodeNotValid, TooManyAttempts
from bot.seekers.identity import seeker_of

#: How long a code holds, and its digits: one guess in a hundred million, five guesses an hour.
VALID, DIGITS = timedelta(minutes=10), 8
#: Wrong codes a person may type, and codes he may ask for, within the window.
MOST_WRONG, MOST_CODES, WINDOW = 5, 5, timedelta(hours=1)


def make_code(db: Session, secret: bytes, channel: str, address: str) -> str:
    """Return a new code for who writes from an address; earlier ones of his no longer hold.

    Raises TooManyAttempts when he asked for too many within an hour.
    """
    now = clock.now()
    mine = (LinkCode.channel == channel, LinkCode.address == address)
    asked = db.scalar(select(func.count()).where(*mine, LinkCode.made_at > now - WINDOW))
    if (asked or 0) >= MOST_CODES:
        raise TooManyAttempts(WINDOW)
    db.execute(update(LinkCode).where(*mine, LinkCode.used_at.is_(None)).values(used_at=now))
    code = "".join(secrets.choice("0123456789") for _ in range(DIGITS))
    db.add(
        LinkCode(
            digest=_digest(secret, code), channel=channel, address=address, made_at=now,
            expires_at=now + VALID,
        )
    )  # fmt: skip
    db.flush()
    return code


def take_code(db: Session, secret: bytes, code: str, channel: str, address: str) -> Seeker:
    """Make who typed a code the same seeker as who was shown it; return that seeker.

    Raises CodeNotValid (unknown, used, too old, or one's own) and TooManyAttempts. The caller
    commits also after CodeNotValid: the wrong attempt counts.
    """
    now = clock.now()
    tried = select(func.count()).where(
        LinkAttempt.channel == channel,
        LinkAttempt.address == address,
        LinkAttempt.made_at > now - WINDOW,
    )
    if (db.scalar(tried) or 0) >= MOST_WRONG:
        raise TooManyAttempts(WINDOW)
    shown = _claimed(db, _digest(secret, code), now)
    if shown is None or (shown.channel, shown.address) == (channel, address):
        db.add(LinkAttempt(channel=channel, address=address, made_at=now))
        db.flush()
        raise CodeNotValid
    return _united(db, seeker_of(db, shown.channel, shown.address), seeker_of(db, channel, address))


def _claimed(db: Session, digest: str, now: datetime) -> LinkCode | None:
    """Mark a code as used and return it; of two who type it at once one gets it.

    Looked up by its keyed digest: how long that takes says nothing about the code.
    """
    claim = update(LinkCode).where(
        LinkCode.digest == digest, LinkCode.used_at.is_(None), LinkCode.expires_at > now
    )
    claimed = db.scalar(claim.values(used_at=now).returning(LinkCode.id))
    return db.get(LinkCode, claimed) if claimed else None


def _digest(secret: bytes, code: str) -> str:
    return hmac.new(secret, b"link:" + code.encode(), hashlib.sha256).hexdigest()


def _united(db: Session, first: Seeker, second: Seeker) -> Seeker:
    """Move all of the second seeker to the first; of two job preferences the newer one stays."""
    if first.id == second.id:
        return first
    theirs, ours = second.preference, first.preference
    if theirs and ours:
        older = clock.aware(theirs.updated_at) <= clock.aware(ours.updated_at)
        db.delete(theirs if older else ours)
        db.flush()
    for column in _of_seekers():
        moved = update(column.table).where(column == second.id)
        db.execute(moved.values({column.name: first.id}))
    db.expire_all()
    db.delete(second)
    db.flush()
    return first


def _of_seekers() -> list[Column[Any]]:
    """Return every column that points at a seeker: what a later table keeps moves as well."""
    return [
        key.parent
        for table in Base.metadata.sorted_tables
        for key in table.foreign_keys
        if key.column.table.name == Seeker.__tablename__
    ]

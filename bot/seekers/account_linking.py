"""Linking channels: a code shown on one and typed on another makes both one seeker.

A code holds for ten minutes and once. Wrong ones are limited; the table keeps only
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
CODE_VALIDITY, CODE_DIGITS = timedelta(minutes=10), 8
#: Wrong codes a person may type, and codes they may ask for, within the window.
MAX_WRONG_CODES, MAX_CODES, ATTEMPT_WINDOW = 5, 5, timedelta(hours=1)


def make_code(db: Session, secret: bytes, channel: str, address: str) -> str:
    """Return a new code for the writer at an address; their earlier ones no longer hold.

    Raises TooManyAttempts when they asked for too many within an hour.
    """
    now = clock.now()
    is_own = (LinkCode.channel == channel, LinkCode.address == address)
    recent_codes = db.scalar(
        select(func.count()).where(*is_own, LinkCode.made_at > now - ATTEMPT_WINDOW)
    )
    if (recent_codes or 0) >= MAX_CODES:
        raise TooManyAttempts(ATTEMPT_WINDOW)
    db.execute(update(LinkCode).where(*is_own, LinkCode.used_at.is_(None)).values(used_at=now))
    code = "".join(secrets.choice("0123456789") for _ in range(CODE_DIGITS))
    db.add(
        LinkCode(
            digest=_digest(secret, code), channel=channel, address=address, made_at=now,
            expires_at=now + CODE_VALIDITY,
        )
    )  # fmt: skip
    db.flush()
    return code


def redeem_code(db: Session, secret: bytes, code: str, channel: str, address: str) -> Seeker:
    """Make the person who typed a code the seeker it was issued to; return that seeker.

    Raises CodeNotValid (unknown, used, too old, or one's own) and TooManyAttempts. The caller
    commits also after CodeNotValid: the wrong attempt counts.
    """
    now = clock.now()
    tried = select(func.count()).where(
        LinkAttempt.channel == channel,
        LinkAttempt.address == address,
        LinkAttempt.made_at > now - ATTEMPT_WINDOW,
    )
    if (db.scalar(tried) or 0) >= MAX_WRONG_CODES:
        raise TooManyAttempts(ATTEMPT_WINDOW)
    link_code = _claimed(db, _digest(secret, code), now)
    if link_code is None or (link_code.channel, link_code.address) == (channel, address):
        db.add(LinkAttempt(channel=channel, address=address, made_at=now))
        db.flush()
        raise CodeNotValid
    return _merged_seeker(
        db, seeker_of(db, link_code.channel, link_code.address), seeker_of(db, channel, address)
    )


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


def _merged_seeker(db: Session, first: Seeker, second: Seeker) -> Seeker:
    """Move all of the second seeker to the first; of two job preferences the newer one stays."""
    if first.id == second.id:
        return first
    second_preference, first_preference = second.preference, first.preference
    if second_preference and first_preference:
        older = clock.aware(second_preference.updated_at) <= clock.aware(
            first_preference.updated_at
        )
        db.delete(second_preference if older else first_preference)
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

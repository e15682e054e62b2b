"""Cache of policies, valid while the content hashes in the database are the same.

A policy with its versions, answers, figures and citations is eight statements; most messages ask
one of a few dozen. `policies load` changes hashes: what it loaded is answered at once in its own
process, and from `FRESH_SECONDS` on in all others.
"""

from __future__ import annotations

import time
from collections.abc import Mapping
from typing import Any
from weakref import WeakKeyDictionary

from sqlalchemy import Engine, event, select
from sqlalchemy.orm import Session

from bot.db.tables import Policy

#: Seconds for which a base is taken to hold what it held: a message need not ask it three times.
FRESH_SECONDS = 1.0
_STAMPS = select(Policy.id, Policy.content_hash).order_by(Policy.id)
#: A session's mark that it changed policies: until it ends it sees others than everybody else.
_CHANGED_MARK = "policies changed"

_stamps: WeakKeyDictionary[Engine, tuple[float, dict[str, str]]] = WeakKeyDictionary()
_kept: WeakKeyDictionary[Engine, dict[str, Policy]] = WeakKeyDictionary()


def content_hashes(db: Session) -> Mapping[str, str]:
    """Return the hash of each policy that the base holds, by topic and in their order."""
    database, now = db.get_bind().engine, time.monotonic()
    if _CHANGED_MARK in db.info:
        return dict(db.execute(_STAMPS).tuples().all())
    cached = _stamps.get(database)
    if cached is None or now - cached[0] > FRESH_SECONDS:
        cached = _stamps[database] = (now, dict(db.execute(_STAMPS).tuples().all()))
    return cached[1]


def fresh_hashes(database: Engine) -> Mapping[str, str] | None:
    """Return the last `content_hashes` without asking the base; None when they are too old."""
    cached = _stamps.get(database)
    return cached[1] if cached and time.monotonic() - cached[0] <= FRESH_SECONDS else None


def policy(db: Session, topic: str) -> Policy | None:
    """Return a policy to be read, never changed; None when the base has none of this topic."""
    stamp = content_hashes(db).get(topic)
    policies = _kept.setdefault(db.get_bind().engine, {})
    cached = policies.get(topic)
    if stamp is None or (cached is not None and cached.content_hash == stamp):
        return cached if stamp is not None else None
    # A session of its own in the same transaction: what it read outlives the caller's.
    with Session(db.connection(), expire_on_commit=False) as own:
        read = own.get(Policy, topic)
        own.expunge_all()
    if read is not None:
        policies[topic] = read
    return read


def invalidate() -> None:
    """Trust nothing read before: bases were changed by other ways than this process's sessions."""
    _stamps.clear()


@event.listens_for(Session, "after_flush")
def _note_changes(db: Session, _context: Any) -> None:
    """Mark a session that changed policies: it sees them now, all others after its commit."""
    if any(isinstance(row, Policy) for row in (*db.new, *db.dirty, *db.deleted)):
        db.info[_CHANGED_MARK] = True


@event.listens_for(Session, "after_commit")
@event.listens_for(Session, "after_rollback")
def _forget(db: Session) -> None:
    if db.info.pop(_CHANGED_MARK, None):
        _stamps.pop(db.get_bind().engine, None)

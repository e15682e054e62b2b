"""Append to the log of looks, read it, and verify that nothing in it was changed."""

from __future__ import annotations

import hashlib
import hmac
import json
import os
import pwd
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from bot import clock
from bot.audit.errors import AuditHeadMissing, PurposeMissing
from bot.db.tables import AuditEntry, AuditHead
from bot.keys import derived

#: The hash before the first row.
GENESIS = "0" * 64
#: Rows that are held in memory while the chain is read.
BATCH = 1000


@dataclass(frozen=True)
class Action:
    """An act of a member of staff, before it has its place in the log."""

    actor: str
    """`counsellor:3`, `operator:login name` (see `operator`), `worker`."""
    action: str
    """view, list, export, erase, import, …"""
    object_kind: str
    purpose: str
    """Why, in words; never empty."""
    object_id: str = ""
    """A number of ours; what has none is named by `subject_digest`."""
    scope: str = ""
    before: Mapping[str, Any] | None = None
    """State before a change; kept as a keyed digest alone."""
    after: Mapping[str, Any] | None = None


@dataclass(frozen=True)
class ChainFault:
    """The first place at which the chain does not hold."""

    position: int
    reason: str


@dataclass(frozen=True)
class Verification:
    """Result of a verification."""

    rows: int
    first: int
    """Position of the oldest row; more than 1 once rows past their end were purged."""
    head: str
    """Hash of the newest row: noted elsewhere, it proves later that nothing before was changed."""
    fault: ChainFault | None

    @property
    def intact(self) -> bool:
        """Tell whether every row fits the one before, up to the head."""
        return self.fault is None


def append(db: Session, action: Action) -> AuditEntry:
    """Add an action to the log within the caller's transaction; return its row.

    The chain's head is held until the transaction ends: call it last, and keep transactions short.
    Raises PurposeMissing without a purpose and AuditHeadMissing when the head's row is gone.
    """
    if not action.purpose.strip():
        raise PurposeMissing(action.action, action.object_kind)
    # Updated before it is read: of two who append at once one waits, on both databases.
    moved = update(AuditHead).where(AuditHead.id == 1).values(position=AuditHead.position + 1)
    head = db.execute(moved.returning(AuditHead.position, AuditHead.hash)).one_or_none()
    if head is None:
        raise AuditHeadMissing
    entry = AuditEntry(
        position=head.position,
        at=clock.now(),
        actor=action.actor[:80],
        action=action.action[:40],
        object_kind=action.object_kind[:40],
        object_id=action.object_id[:80],
        scope=action.scope[:80],
        purpose=action.purpose.strip()[:200],
        before_hash=state_digest(action.before),
        after_hash=state_digest(action.after),
        previous_hash=head.hash,
    )
    entry.hash = row_hash(entry)
    db.add(entry)
    db.flush()
    db.execute(update(AuditHead).where(AuditHead.id == 1).values(hash=entry.hash))
    return entry


def entries(
    db: Session, object_kind: str = "", object_id: str = "", actor: str = "", limit: int = 100
) -> list[AuditEntry]:
    """Return the newest rows, the newest first; of an object or an actor when they are named."""
    query = select(AuditEntry).order_by(AuditEntry.position.desc()).limit(limit)
    for column, value in (
        (AuditEntry.object_kind, object_kind),
        (AuditEntry.object_id, object_id),
        (AuditEntry.actor, actor),
    ):
        if value:
            query = query.where(column == value)
    return list(db.scalars(query))


def verify(db: Session, known_head: str = "") -> Verification:
    """Walk the whole chain. `known_head`: a head noted earlier, which must be part of it."""
    head = db.get(AuditHead, 1, populate_existing=True)
    count, first, position, previous = 0, 0, 0, GENESIS
    fault: ChainFault | None = None
    head_seen = not known_head or known_head == GENESIS
    for entry in _in_order(db):
        if count == 0:
            first, position = entry.position, entry.position - 1
            previous = entry.previous_hash if first > 1 else GENESIS
            head_seen = head_seen or known_head == entry.previous_hash
        count += 1
        fault = _fault(entry, position, previous)
        if fault:
            break
        position, previous = entry.position, entry.hash
        head_seen = head_seen or known_head == entry.hash
    if fault is None:
        fault = _end_fault(head, count, position, previous)
    if fault is None and not head_seen:
        fault = ChainFault(position, "the head noted earlier is no part of the chain")
    return Verification(count, first, previous, fault)


def row_hash(entry: AuditEntry) -> str:
    """Return the SHA-256 over a row's columns and the hash before it."""
    columns = [
        entry.position, entry.at.astimezone(clock.CHINA).isoformat(timespec="microseconds"),
        entry.actor, entry.action, entry.object_kind, entry.object_id, entry.scope, entry.purpose,
        entry.before_hash, entry.after_hash, entry.previous_hash,
    ]  # fmt: skip
    return hashlib.sha256(_canonical(columns)).hexdigest()


def state_digest(state: Mapping[str, Any] | None) -> str | None:
    """Return the keyed digest of a state, which cannot be guessed without the secret."""
    if state is None:
        return None
    return hmac.new(derived("audit state"), _canonical(dict(state)), hashlib.sha256).hexdigest()


def subject_digest(text: str) -> str:
    """Return what names an address in `object_id` without showing it: 32 hexadecimal digits."""
    return hmac.new(derived("audit subject"), text.encode(), hashlib.sha256).hexdigest()[:32]


def operator() -> str:
    """Return the actor of a command: `operator:` and who is logged in on this machine."""
    try:
        name = pwd.getpwuid(os.getuid()).pw_name
    except KeyError:
        name = str(os.getuid())
    return f"operator:{os.environ.get('SUDO_USER') or name}"


def _in_order(db: Session) -> Iterator[AuditEntry]:
    query = select(AuditEntry).order_by(AuditEntry.position)
    options = {"yield_per": BATCH, "populate_existing": True}
    yield from db.scalars(query, execution_options=options)


def _fault(entry: AuditEntry, position: int, previous: str) -> ChainFault | None:
    if entry.position != position + 1:
        return ChainFault(position + 1, "the row is missing")
    if entry.previous_hash != previous:
        return ChainFault(entry.position, "the row does not follow from the one before")
    if entry.hash != row_hash(entry):
        return ChainFault(entry.position, "the row was changed")
    return None


def _end_fault(
    head: AuditHead | None, count: int, position: int, previous: str
) -> ChainFault | None:
    if head is None:
        return ChainFault(position, "the head of the chain is missing")
    if count == 0:  # all of it was purged, or there was none yet
        return None
    if (head.position, head.hash) != (position, previous):
        return ChainFault(position + 1, "rows at the end are missing")
    return None


def _canonical(value: Any) -> bytes:
    return json.dumps(
        value, ensure_ascii=False, sort_keys=True, separators=(",", ":"), default=str
    ).encode()

"""The outbox: a delivery is written with its cause, claimed by one worker, and settled.

At least once: the lease of a worker that dies ends, and another one sends again under the same
key. States after sending come from delivery reports (`bot.delivery.receipts`).
"""

from __future__ import annotations

import json
import random
import uuid
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import and_, or_, select, update
from sqlalchemy.orm import Session

from bot.db.tables import Delivery
from bot.db.upsert import add_missing
from bot.delivery.outcome import Outcome, Refused, Retry, Sent
from bot.delivery.sender import Outgoing
from bot.messages import Message

#: Kinds that are pushed: they wait for the morning. A counsellor's answer does not.
PUSHED = frozenset(("digest", "follow_up", "monthly_contact", "consent", "fair", "course"))
#: Characters of a reason that are kept.
MAX_REASON_CHARS = 80


@dataclass(frozen=True)
class DeliveryDraft:
    """A delivery to be."""

    key: str
    """The same for the same cause: what is in the outbox already is not put there again."""
    channel: str
    address: str
    kind: str
    message: Message
    seeker_id: int | None = None
    subscription_id: int | None = None
    slots: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Backoff:
    """Wait after a failure: doubled each time, drawn at random from the upper half."""

    first: float = 30.0
    """Seconds after the first failure."""
    longest: float = 6 * 3600.0
    attempts: int = 12
    """After so many failures a delivery has failed."""

    def after(self, failures: int) -> float:
        """Return the seconds to wait after so many failures (1 and more)."""
        full = min(self.longest, self.first * 2.0 ** min(failures - 1, 60))
        return random.uniform(full / 2, full)


def put(db: Session, draft: DeliveryDraft, now: datetime) -> int | None:
    """Write a delivery in the caller's transaction; return its id, None when it was there."""
    row = {
        "key": draft.key,
        "seeker_id": draft.seeker_id,
        "subscription_id": draft.subscription_id,
        "channel": draft.channel,
        "address": draft.address,
        "kind": draft.kind,
        "body": json.dumps(draft.message.to_dict(), ensure_ascii=False),
        "slots": json.dumps(dict(draft.slots), ensure_ascii=False),
        "state": "queued",
        "attempts": 0,
        "reason": "",
        "created_at": now,
        "next_attempt_at": now,
    }
    if not add_missing(db, Delivery, [row], ["key"]):
        return None
    return db.scalar(select(Delivery.id).where(Delivery.key == draft.key))


def claim(
    db: Session,
    channels: Collection[str],
    now: datetime,
    *,
    limit: int = 20,
    lease: float = 120.0,
    pushes: bool = True,
) -> list[Outgoing]:
    """Take up to `limit` deliveries that are due, for `lease` seconds; no other worker gets them.

    Also those with an expired lease. `pushes=False` leaves what may not disturb now.
    One statement: PostgreSQL skips rows that another one is taking, SQLite has one writer.
    """
    due = or_(
        and_(Delivery.state == "queued", Delivery.next_attempt_at <= now),
        and_(Delivery.state == "sending", Delivery.lease_until < now),
    )
    chosen = select(Delivery.id).where(due, Delivery.channel.in_(sorted(channels)))
    if not pushes:
        chosen = chosen.where(Delivery.kind.not_in(sorted(PUSHED)))
    chosen = (
        chosen.order_by(Delivery.next_attempt_at).limit(limit).with_for_update(skip_locked=True)
    )
    # As a common table it is worked out once: within IN, PostgreSQL may ask it again for each row
    # and then takes more than the limit.
    due_now = chosen.cte("due_now")
    claim_id = uuid.uuid4().hex
    rows = db.execute(
        update(Delivery)
        .where(Delivery.id.in_(select(due_now.c.id)))
        .values(state="sending", claim=claim_id, lease_until=now + timedelta(seconds=lease))
        .returning(
            Delivery.id, Delivery.key, Delivery.channel, Delivery.address, Delivery.kind,
            Delivery.body, Delivery.slots, Delivery.attempts,
        )
        .execution_options(synchronize_session=False)
    ).all()  # fmt: skip
    return [_outgoing(tuple(row), claim_id) for row in rows]


def _outgoing(row: tuple[Any, ...], claim_id: str) -> Outgoing:
    number, key, channel, address, kind, body, slots, attempts = row
    message = json.loads(body) if body else {}
    return Outgoing(
        number, key, channel, address, kind, message, json.loads(slots), attempts, claim_id
    )


def renew_claim(db: Session, delivery: Outgoing, until: datetime) -> bool:
    """Renew a claim up to a moment; False when it was lost: stopped, or taken by another one."""
    return _change(db, delivery, lease_until=until)


def settle(
    db: Session, delivery: Outgoing, outcome: Outcome, now: datetime, backoff: Backoff
) -> bool:
    """Note what became of a delivery; False when the claim was lost."""
    free: dict[str, Any] = {"claim": None, "lease_until": None}
    if isinstance(outcome, Sent):
        sent = {"state": "sent", "sent_at": now, "provider_id": outcome.provider_id, "reason": ""}
        return _change(db, delivery, **sent, **free)
    failures = delivery.attempts + 1
    reason = outcome.reason if outcome.code is None else f"{outcome.code} {outcome.reason}"
    failed: dict[str, Any] = {"attempts": failures, "reason": reason[:MAX_REASON_CHARS]}
    if isinstance(outcome, Refused) or failures >= backoff.attempts:
        return _change(db, delivery, state="failed", failed_at=now, **failed, **free)
    asked_wait = outcome.after if isinstance(outcome, Retry) else None
    wait = backoff.after(failures) if asked_wait is None else asked_wait
    next_attempt = now + timedelta(seconds=wait)
    return _change(db, delivery, state="queued", next_attempt_at=next_attempt, **failed, **free)


def postpone(db: Session, delivery: Outgoing, until: datetime) -> bool:
    """Give a claimed delivery back until a moment; counts as no failure."""
    fields: dict[str, Any] = {"claim": None, "lease_until": None, "next_attempt_at": until}
    return _change(db, delivery, state="queued", **fields)


def stop_waiting(db: Session, channel: str, address: str) -> int:
    """Stop all pushes that wait for an address, those about to be sent as well; return how many."""
    waiting = update(Delivery).where(
        Delivery.channel == channel,
        Delivery.address == address,
        Delivery.kind.in_(sorted(PUSHED)),
        Delivery.state.in_(("queued", "sending")),
    )
    stopped = db.execute(waiting.values(state="stopped", claim=None, lease_until=None))
    return int(stopped.rowcount)  # type: ignore[attr-defined]


def _change(db: Session, delivery: Outgoing, **values: Any) -> bool:
    statement = update(Delivery).where(
        Delivery.id == delivery.id, Delivery.state == "sending", Delivery.claim == delivery.claim
    )
    changed = db.execute(statement.values(**values).execution_options(synchronize_session=False))
    return bool(changed.rowcount)  # type: ignore[attr-defined]

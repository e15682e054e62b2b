"""States of a delivery after it was sent: delivery reports, fetching, answers.

queued → sending → sent → delivered → read → answered; failed is the end, unless a report says
otherwise later. Reports come late, twice and in any order: a state never goes back.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Literal

from sqlalchemy import ColumnElement, and_, or_, select, update
from sqlalchemy.orm import Session

from bot.db.tables import Delivery

Report = Literal["delivered", "read", "answered", "failed"]
#: What a state may become; a report that is not named here changes no state.
NEXT: dict[str, tuple[Report, ...]] = {
    # Fetched before the worker came to it; of what waits a provider knows nothing.
    "queued": ("delivered",),
    "sending": ("delivered", "read", "answered", "failed"),
    "sent": ("delivered", "read", "answered", "failed"),
    "delivered": ("read", "answered"),
    "read": ("answered",),
    "failed": ("delivered", "read", "answered"),
}
#: How long after a push a person's word counts as its answer.
ANSWER_WITHIN = timedelta(days=7)


def record_provider_id(db: Session, delivery: int, provider_id: str) -> None:
    """Record the id by which a provider will speak of a delivery that is about to be sent.

    Where that id is ours to give: a report may come before the provider's answer to the sending.
    """
    db.execute(update(Delivery).where(Delivery.id == delivery).values(provider_id=provider_id))


def report(
    db: Session, channel: str, provider_id: str, state: Report, moment: datetime, reason: str = ""
) -> bool:
    """Take a provider's delivery report; False when no delivery is known by that id.

    A second report of the same thing, or one that comes too late, changes nothing.
    """
    query = select(Delivery).where(Delivery.channel == channel, Delivery.provider_id == provider_id)
    delivery = db.scalar(query.with_for_update())
    if delivery is None:
        return False
    if delivery.state == "queued":
        return True  # nothing was sent that a provider could speak of
    _advance(delivery, state, moment)
    if state == "failed" and delivery.state == "failed":
        delivery.reason = reason[:80]
    db.flush()
    return True


def fetch(db: Session, channel: str, address: str, moment: datetime) -> Sequence[Delivery]:
    """Return what was sent to an address and not fetched yet, oldest first; it is delivered now.

    A counsellor's answer does not wait for the worker to have looked at it.
    """
    sent = select(Delivery).where(
        Delivery.channel == channel, Delivery.address == address, _fetchable()
    )
    waiting = db.scalars(sent.order_by(Delivery.id).with_for_update(skip_locked=True)).all()
    for delivery in waiting:
        _advance(delivery, "delivered", moment)
    db.flush()
    return waiting


def waiting_addresses(db: Session, channel: str) -> set[str]:
    """Return the addresses for which something can be fetched now."""
    waiting = select(Delivery.address).where(Delivery.channel == channel, _fetchable())
    return set(db.scalars(waiting.distinct()))


def _fetchable() -> ColumnElement[bool]:
    at_once = and_(Delivery.kind == "hand_off", Delivery.state.in_(("queued", "sending")))
    return or_(Delivery.state == "sent", at_once)


def record_answer(db: Session, seeker_id: int, channel: str, moment: datetime) -> Delivery | None:
    """Record that a seeker answered the last push on a channel; None when there is none."""
    last = (
        select(Delivery)
        .where(
            Delivery.seeker_id == seeker_id,
            Delivery.channel == channel,
            Delivery.state.in_(("sent", "delivered", "read")),
            Delivery.sent_at >= moment - ANSWER_WITHIN,
        )
        .order_by(Delivery.sent_at.desc(), Delivery.id.desc())
    )
    delivery = db.scalar(last.limit(1))
    if delivery is not None:
        _advance(delivery, "answered", moment)
        db.flush()
    return delivery


def _advance(delivery: Delivery, state: Report, moment: datetime) -> None:
    if state not in NEXT.get(delivery.state, ()):
        return
    if delivery.state == "sending" and state != "failed":
        delivery.sent_at = delivery.sent_at or moment
    delivery.state = state
    delivery.claim = delivery.lease_until = None
    setattr(delivery, f"{state}_at", moment)

"""Renewal of the consent to push, once its wording has changed.

Until the yes nothing is pushed; the question itself comes once a version.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy import exists, select
from sqlalchemy.orm import Session

from bot.db.session import session
from bot.db.tables import Consent, MonthlyContact, Subscription
from bot.delivery.outbox import DeliveryDraft, put
from bot.delivery.quiet_hours import QuietHours, may_push
from bot.fixed_replies import reply
from bot.matching.stored_preference import to_slots
from bot.privacy.consents import holds, version_of
from bot.reverse_matching.loader import running
from bot.subscriptions import replies
from bot.subscriptions.service import address_of, preference_of

#: The kind of such a delivery.
KIND = "consent"


def ask_again_all(url: str, now: datetime, hours: QuietHours) -> int:
    """Put the questions into the outbox, each in a transaction of its own; return how many."""
    if not may_push(now, hours):
        return 0
    with session(url) as db:
        waiting = db.scalars(_outdated()).all()
    count = 0
    for number in waiting:
        with session(url) as db:
            count += _ask(db, db.get(Subscription, number), now)
    return count


def _outdated() -> Any:
    """Return the running subscriptions with a consent to an earlier wording alone."""
    same = (
        Consent.seeker_id == Subscription.seeker_id,
        Consent.channel == Subscription.channel,
        Consent.purpose == "push",
        Consent.withdrawn_at.is_(None),
    )
    any_wording, current = exists().where(*same), exists().where(*same, holds("push"))
    return select(Subscription.id).where(running(), any_wording, ~current).order_by(Subscription.id)


def _ask(db: Session, subscription: Subscription | None, now: datetime) -> bool:
    address = address_of(db, subscription.seeker_id, subscription.channel) if subscription else None
    if subscription is None or not address:
        return False
    preference, frequency = preference_of(subscription), subscription.frequency
    monthly = db.get(MonthlyContact, subscription.seeker_id) is not None
    consent_form = replies.consent_question(preference, frequency, monthly, None)  # type: ignore[arg-type]
    introduction = reply("push_consent_again", "subscribe").text
    message = replace(consent_form, text=f"{introduction}\n{consent_form.text}")
    pending = {"frequency": frequency, "wording": consent_form.text}
    # The yes subscribes to what the conversation holds then.
    slots = {**to_slots(preference), "asked": "push_consent", "pending": pending, "form": None}
    draft = DeliveryDraft(
        key=f"{KIND}:{subscription.id}:{version_of('push')}",
        channel=subscription.channel,
        address=address,
        kind=KIND,
        message=message,
        seeker_id=subscription.seeker_id,
        subscription_id=subscription.id,
        slots=slots,
    )
    return put(db, draft, now) is not None

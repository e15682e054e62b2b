"""Asking again whether somebody may be written to, once its wording has changed.

Until the yes nothing is pushed to him; the question itself comes once a version.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy import exists, select
from sqlalchemy.orm import Session

from bot.db.session import session
from bot.db.tables import Consent, MonthlyContact, Subscription
from bot.jobs.preference import JobPreference
from bot.privacy.consents import holds, version_of
from bot.push import wording
from bot.push.outbox import Draft, put
from bot.push.quiet import QuietHours, may_push
from bot.push.rows import running
from bot.push.subscriptions import address_of, wish_of
from bot.replies import reply

#: The kind of such a delivery.
KIND = "consent"


def ask_again_all(url: str, now: datetime, hours: QuietHours) -> int:
    """Put the questions into the outbox, each in a transaction of its own; return how many."""
    if not may_push(now, hours):
        return 0
    with session(url) as db:
        waiting = db.scalars(_outdated()).all()
    asked = 0
    for number in waiting:
        with session(url) as db:
            asked += _ask(db, db.get(Subscription, number), now)
    return asked


def _outdated() -> Any:
    """Return the running subscriptions whose consent holds in an earlier wording alone."""
    same = (
        Consent.seeker_id == Subscription.seeker_id,
        Consent.channel == Subscription.channel,
        Consent.purpose == "push",
        Consent.withdrawn_at.is_(None),
    )
    given, current = exists().where(*same), exists().where(*same, holds("push"))
    return select(Subscription.id).where(running(), given, ~current).order_by(Subscription.id)


def _ask(db: Session, one: Subscription | None, now: datetime) -> bool:
    address = address_of(db, one.seeker_id, one.channel) if one else None
    if one is None or not address:
        return False
    wish, often = wish_of(one), one.frequency
    monthly = db.get(MonthlyContact, one.seeker_id) is not None
    asked = wording.consent(wish, often, monthly, None)  # type: ignore[arg-type]
    before = reply("push_consent_again", "subscribe").text
    message = replace(asked, text=f"{before}\n{asked.text}")
    pending = {"frequency": often, "wording": asked.text}
    draft = Draft(
        key=f"{KIND}:{one.id}:{version_of('push')}",
        channel=one.channel,
        address=address,
        kind=KIND,
        message=message,
        seeker_id=one.seeker_id,
        subscription_id=one.id,
        slots={**_slots(wish), "asked": "push_consent", "pending": pending, "form": None},
    )
    return put(db, draft, now) is not None


def _slots(wish: JobPreference) -> dict[str, Any]:
    """Return the slots of a wish: the yes subscribes to what the conversation holds."""
    return {
        "occupation": list(wish.occupations) or None,
        "any_occupation": wish.any_occupation or None,
        "region_code": wish.region_code,
        "region": wording.region_name(wish.region_code),
        "also_regions": list(wish.also_regions) or None,
        "salary_min": wish.salary_min,
        "salary_max": wish.salary_max,
        "work_time": wish.work_time,
        "excluded": list(wish.excluded) or None,
        "education": wish.education,
        "welfare": list(wish.welfare) or None,
    }

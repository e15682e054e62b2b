"""Stopping pushes: what 退订 and an unfollow do, whatever channel they come by."""

from __future__ import annotations

from sqlalchemy.orm import Session

from bot import clock
from bot.seekers.identity import find_seeker

#: Purposes of consents by which something is pushed.
PUSHES = frozenset(("push", "fair_reminder", "course_news"))


def stop_pushes(db: Session, channel: str, address: str) -> bool:
    """Withdraw a person's consent to pushes on one channel; False when there was none."""
    seeker = find_seeker(db, channel, address)
    stopped = False
    for consent in seeker.consents if seeker else ():
        is_push = consent.purpose in PUSHES and consent.channel == channel
        if is_push and consent.withdrawn_at is None:
            consent.withdrawn_at = clock.now()
            stopped = True
    return stopped

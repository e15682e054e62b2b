"""Conversion of a channel's outcome to the outbox's."""

from __future__ import annotations

from bot.channels.frame import outcome as frame
from bot.push import senders


def for_outbox(outcome: frame.Outcome, provider_id: str | None = None) -> senders.Outcome:
    """Return what the outbox notes. A quota opens again when the person writes: tried later."""
    if isinstance(outcome, frame.Sent):
        return senders.Sent(outcome.provider_id or provider_id)
    reason = outcome.reason if outcome.code is None else f"{outcome.code} {outcome.reason}"
    if isinstance(outcome, frame.Refused):
        return senders.Refused(reason[:80])
    return senders.Retry(reason[:80])

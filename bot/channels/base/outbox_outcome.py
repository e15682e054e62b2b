"""Conversion of a channel's outcome to the outbox's."""

from __future__ import annotations

from bot.channels.base import outcome as frame
from bot.delivery import sender


def for_outbox(outcome: frame.Outcome, provider_id: str | None = None) -> sender.Outcome:
    """Return what the outbox notes. A quota opens again when the person writes: tried later."""
    if isinstance(outcome, frame.Sent):
        return sender.Sent(outcome.provider_id or provider_id)
    reason = outcome.reason if outcome.code is None else f"{outcome.code} {outcome.reason}"
    if isinstance(outcome, frame.Refused):
        return sender.Refused(reason[:80])
    return sender.Retry(reason[:80])

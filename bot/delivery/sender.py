"""Interface to the channels: deliveries and their senders.

Real senders belong to the channels; this room knows none of them.
"""

from __future__ import annotations

import logging
from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from bot.delivery.outcome import Outcome, Sent

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class Outgoing:
    """A delivery as a worker holds it."""

    id: int
    key: str
    """Idempotency key: pass it on; a second delivery with the same key is the same one."""
    channel: str
    address: str
    """Address on that channel: openid, phone number, web session."""
    kind: str
    """digest, follow_up, monthly_contact or hand_off."""
    body: Mapping[str, Any]
    """The structured message; bot.rendering.plain makes words of it."""
    slots: Mapping[str, Any] = field(default_factory=dict)
    """Slots of the conversation that sending sets."""
    attempts: int = 0
    """Failed attempts before this one."""
    claim: str = ""
    """Under which claim the worker holds it."""


class Sender(ABC):
    """Hands deliveries of one channel to its provider."""

    @abstractmethod
    async def send(self, delivery: Outgoing) -> Outcome:
        """Send one delivery; return what became of it.

        May be called again with the same key: when the process died after sending and before
        noting it. What raises counts as Retry.
        """


class LogSender(Sender):
    """For channels that fetch what waits for them (web): sent as soon as it may be fetched."""

    async def send(self, delivery: Outgoing) -> Outcome:
        """Take the delivery; nothing leaves this process."""
        logger.info("delivery %s (%s) waits to be fetched", delivery.id, delivery.kind)
        return Sent()

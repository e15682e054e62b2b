"""Worker of the outbox: claims due deliveries, hands them to the channels, records the outcome."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta

from bot import clock
from bot.db.session import DatabaseError, is_unavailable, session
from bot.delivery.conversation_log import ConversationLog, NoConversations
from bot.delivery.outbox import PUSHED, Backoff, claim, postpone, renew_claim, settle
from bot.delivery.outcome import Outcome, Retry, Sent
from bot.delivery.quiet_hours import QuietHours, may_push, next_allowed
from bot.delivery.sender import Outgoing, Sender

logger = logging.getLogger(__name__)
#: Seconds after which what could not be settled is tried again.
SETTLE_RETRY_S = 1.0


@dataclass(frozen=True)
class Worker:
    """Sends deliveries. Any number of workers may run, on any number of machines."""

    url: str
    """The database."""
    senders: Mapping[str, Sender]
    """By channel; deliveries of other channels are left to other workers."""
    conversations: ConversationLog = field(default_factory=NoConversations)
    hours: QuietHours = field(default_factory=QuietHours)
    backoff: Backoff = field(default_factory=Backoff)
    lease: float = 120.0
    """Seconds after which a claim of a worker that died falls back."""
    timeout: float = 30.0
    """Seconds that one sending may take; must be well below the lease."""
    batch: int = 20
    """Deliveries that are under way at once."""
    sent: dict[int, Sent] = field(default_factory=dict)
    """Outcomes that are not settled yet: never sent again by this process."""

    async def drain(self) -> int:
        """Send all that is due now; return how many deliveries were tried.

        `batch` are under way at once; one that hangs holds up none of the others.
        """
        tried = 0
        flying: set[asyncio.Task[None]] = set()
        try:
            while True:
                claimed = self._claim(self.batch - len(flying))
                tried += len(claimed)
                flying |= {asyncio.create_task(self._deliver(delivery)) for delivery in claimed}
                if not flying:
                    return tried
                ended, flying = await asyncio.wait(flying, return_when=asyncio.FIRST_COMPLETED)
                for task in ended:
                    task.result()
        finally:
            await asyncio.gather(*flying, return_exceptions=True)

    def _claim(self, limit: int) -> list[Outgoing]:
        now = clock.now()
        with session(self.url) as db:
            return claim(
                db, self.senders.keys(), now, limit=limit, lease=self.lease,
                pushes=may_push(now, self.hours),
            )  # fmt: skip

    async def run(self, pause: float = 2.0) -> None:
        """Drain the outbox again and again, `pause` seconds apart, until cancelled."""
        while True:
            await self.drain()
            await asyncio.sleep(pause)

    async def _deliver(self, delivery: Outgoing) -> None:
        if not self._may_go(delivery):
            return
        outcome: Outcome = self.sent.get(delivery.id) or await self._send(delivery)
        if isinstance(outcome, Sent):
            self.sent[delivery.id] = outcome
        await self._settle(delivery, outcome)
        self.sent.pop(delivery.id, None)
        if isinstance(outcome, Sent):
            await self._note(delivery)

    async def _settle(self, delivery: Outgoing, outcome: Outcome) -> None:
        """Write what became of a delivery at once; while the database is away, when it is back."""
        while True:
            try:
                with session(self.url) as db:
                    still_claimed = settle(db, delivery, outcome, clock.now(), self.backoff)
            except DatabaseError as error:
                if not is_unavailable(error):
                    raise
                logger.error(
                    "delivery %s is not settled yet: %s", delivery.id, type(error).__name__
                )
                await asyncio.sleep(SETTLE_RETRY_S)
                continue
            if not still_claimed:
                logger.info("delivery %s was stopped or taken over while it was sent", delivery.id)
            return

    def _may_go(self, delivery: Outgoing) -> bool:
        """Ask right before sending: the night may have come, the person may have said stop."""
        now = clock.now()
        with session(self.url) as db:
            if delivery.kind in PUSHED and not may_push(now, self.hours):
                postpone(db, delivery, next_allowed(now, self.hours))
                return False
            return renew_claim(db, delivery, now + timedelta(seconds=self.lease))

    async def _send(self, delivery: Outgoing) -> Outcome:
        """Hand a delivery to its channel; the outermost edge: whatever fails is tried again."""
        sender = self.senders[delivery.channel]
        try:
            return await asyncio.wait_for(sender.send(delivery), self.timeout)
        except asyncio.TimeoutError:
            return Retry("timeout")
        except Exception as error:
            # Not the error itself: those of HTTP clients quote addresses with numbers in them.
            logger.error("delivery %s was not sent: %s", delivery.id, type(error).__name__)
            return Retry(f"error:{type(error).__name__}")

    async def _note(self, delivery: Outgoing) -> None:
        """Put what was sent into the conversation; without it the push has still arrived."""
        try:
            await self.conversations.note(delivery)
        except Exception as error:
            kind = type(error).__name__
            logger.error("delivery %s is not in its conversation: %s", delivery.id, kind)

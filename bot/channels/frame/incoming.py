"""What comes in, and who may still take its answer himself."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum
from typing import Any

#: A structured message as it travels (bot/messages.py).
Structured = Mapping[str, Any]


@dataclass(frozen=True)
class Incoming:
    """One message of a person, after the channel has verified it."""

    channel: str
    address: str
    """Where the person writes from, in its one form: openid, E.164 number."""
    key: str
    """The provider's id of the message, the same for every retry."""
    text: str
    """What the person said, as typed."""


@dataclass(frozen=True)
class Reply:
    """An answer that needs no bot; without messages the assistant keeps quiet."""

    messages: Sequence[Structured] = ()


@dataclass(frozen=True)
class RewriteText:
    """A text that the bot is to hear in place of the one typed: what choice 1 stands for."""

    text: str


@dataclass(frozen=True)
class ResumeDelivery:
    """What a process that died had not sent of its answer."""

    texts: Sequence[str]


class IntakeResult(Enum):
    """What became of a message that the inbox was to keep."""

    NEW = "new"
    REPEATED = "repeated"
    """It was kept before: its answer is on its way, or has gone out."""
    REFUSED = "refused"
    """It could not be kept, and is not answered: whoever brought it is to bring it again."""


class PendingReply:
    """A message on its way, and the answer for whoever waits for it.

    The answer goes out once: to the one waiting, or, when nobody waits any more, by `deliver`.
    """

    def __init__(
        self,
        incoming: Incoming,
        waited_for: bool,
        resume_delivery: ResumeDelivery | None = None,
        resumed: bool = False,
    ) -> None:
        self.incoming, self.resume_delivery, self.resumed = incoming, resume_delivery, resumed
        self._waited_for = waited_for
        self.intake: asyncio.Future[IntakeResult] | None = None
        """Known once the message is kept or cannot be; None when it needs no keeping."""
        self.repeated = False
        """Whether it came to this process before; then `taken` is of that time."""
        self.delayed = False
        """Whether its answer waits until what is away (database, locks) is back."""
        loop = asyncio.get_running_loop()
        self._answer: asyncio.Future[list[Structured]] = loop.create_future()
        self._abandoned: asyncio.Future[None] = loop.create_future()
        self._on_acknowledged: Callable[[], None] | None = None

    async def wait_until_persisted(self, seconds: float) -> bool:
        """Tell whether the message cannot be lost any more; waits at most so many seconds.

        False: whoever brought it must be told so, and brings it again.
        """
        if self.intake is None:
            return True
        await asyncio.wait({self.intake}, timeout=seconds)
        return self.intake.done() and self.intake.result() is not IntakeResult.REFUSED

    def resolve(self, messages: list[Structured]) -> bool:
        """Offer the answer to the one waiting; False when nobody waits and it must be sent."""
        if not self._answer.done():
            self._answer.set_result(messages)
        return self._waited_for

    def acknowledge_with(self, settle: Callable[[], None]) -> None:
        """Leave it to the one waiting to say when he has passed on the answer that he took."""
        self._on_acknowledged = settle

    def acknowledge(self) -> None:
        """Say that the answer that was taken has gone out: the message is kept no longer."""
        if self._on_acknowledged is not None:
            self._on_acknowledged()

    def delay(self) -> None:
        """Let whoever waits go, as the answer comes once what is away is back."""
        self.delayed = True
        self.stop_waiting()
        self._waited_for = False

    def stop_waiting(self) -> None:
        """Let whoever waits go now: the answer will not be there in time and is delivered."""
        if not self._abandoned.done():
            self._abandoned.set_result(None)

    async def answer(self, seconds: float) -> list[Structured] | None:
        """Wait for the answer; None when it is not there in time and will be delivered instead.

        Empty when there is nothing to say: a repeated message, or one answered with a later one.
        When the one waiting goes away meanwhile, the answer is delivered as well.
        """
        try:
            either: set[asyncio.Future[Any]] = {self._answer, self._abandoned}
            await asyncio.wait(either, timeout=seconds, return_when=asyncio.FIRST_COMPLETED)
        except asyncio.CancelledError:
            self._waited_for = False
            raise
        if self._answer.done():
            return self._answer.result()
        self._waited_for = False
        return None

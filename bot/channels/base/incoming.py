"""Results of middleware, and the pending reply to an incoming message."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum
from typing import Any

from bot.messaging.incoming import Incoming

#: A structured message as it travels (bot/messages.py).
Structured = Mapping[str, Any]


@dataclass(frozen=True)
class Reply:
    """An answer that needs no bot; without messages the assistant keeps quiet."""

    messages: Sequence[Structured] = ()


@dataclass(frozen=True)
class RewriteText:
    """A text for the bot in place of the one typed: what choice 1 stands for."""

    text: str


@dataclass(frozen=True)
class ResumeDelivery:
    """Texts of an answer that a process that died had not sent."""

    texts: Sequence[str]


class IntakeResult(Enum):
    """Result of persisting a message in the inbox."""

    NEW = "new"
    REPEATED = "repeated"
    """It was kept before: its answer is on its way, or has gone out."""
    REFUSED = "refused"
    """It could not be persisted, and is not answered: the sender is to send it again."""


class PendingReply:
    """A message on its way, and the future of its answer for a waiting caller.

    The answer goes out once: to the waiting caller, or, when none waits any more, by `deliver`.
    """

    def __init__(
        self,
        incoming: Incoming,
        waited_for: bool,
        resumed: bool = False,
    ) -> None:
        self.incoming, self.resumed = incoming, resumed
        self._waited_for = waited_for
        self.intake: asyncio.Future[IntakeResult] | None = None
        """Known once the message is kept or cannot be; None when it needs no keeping."""
        self.repeated = False
        """True when it came to this process before; then `intake` is of that time."""
        self.delayed = False
        """True while its answer waits for what is away (database, locks)."""
        loop = asyncio.get_running_loop()
        self._answer: asyncio.Future[list[Structured]] = loop.create_future()
        self._abandoned: asyncio.Future[None] = loop.create_future()
        self._on_acknowledged: Callable[[], None] | None = None
        self._on_unclaimed: Callable[[], None] | None = None

    async def wait_until_persisted(self, seconds: float) -> bool:
        """Tell whether the message cannot be lost any more; waits at most so many seconds.

        False: the sender must be told so, and sends it again.
        """
        if self.intake is None:
            return True
        await asyncio.wait({self.intake}, timeout=seconds)
        return self.intake.done() and self.intake.result() is not IntakeResult.REFUSED

    @property
    def came_before(self) -> bool:
        """True for a message that this process or another one has kept before."""
        if self.repeated:
            return True
        return (
            self.intake is not None
            and self.intake.done()
            and self.intake.result() is IntakeResult.REPEATED
        )

    def refuse(self) -> None:
        """Say that the message is not persisted and not answered: the sender sends it again."""
        self.intake = asyncio.get_running_loop().create_future()
        self.intake.set_result(IntakeResult.REFUSED)
        self.resolve([])

    def resolve(self, messages: list[Structured]) -> bool:
        """Offer the answer to the waiting caller; False when none waits and it must be sent."""
        if not self._answer.done():
            self._answer.set_result(messages)
        return self._waited_for

    def leave_to_caller(self, acknowledge: Callable[[], None], deliver: Callable[[], None]) -> None:
        """Leave it to the waiting caller to acknowledge the answer once it is passed on.

        `deliver` is called instead when the caller is gone before the answer has reached it.
        """
        self._on_acknowledged, self._on_unclaimed = acknowledge, deliver

    def acknowledge(self) -> None:
        """Report that the answer has gone out: the message is kept no longer."""
        if self._on_acknowledged is not None:
            self._on_acknowledged()

    def delay(self) -> None:
        """Release the waiting caller, as the answer comes once what is away is back."""
        self.delayed = True
        self.stop_waiting()
        self._waited_for = False

    def stop_waiting(self) -> None:
        """Release the waiting caller now: the answer will not be there in time and is delivered."""
        if not self._abandoned.done():
            self._abandoned.set_result(None)

    async def answer(self, seconds: float) -> list[Structured] | None:
        """Wait for the answer; None when it is not there in time and will be delivered instead.

        Empty when there is nothing to say: a repeated message, or one answered with a later one.
        When the waiting caller goes away, the answer is delivered as well.
        """
        try:
            either: set[asyncio.Future[Any]] = {self._answer, self._abandoned}
            await asyncio.wait(either, timeout=seconds, return_when=asyncio.FIRST_COMPLETED)
        except asyncio.CancelledError:
            self._waited_for = False
            if self._on_unclaimed is not None:  # resolved in the instant before
                self._on_unclaimed()
            raise
        if self._answer.done():
            return self._answer.result()
        self._waited_for = False
        return None

"""Outcomes of a send, and retries."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Sent:
    """The provider took the message; whether it arrived, a report may say later."""

    provider_id: str | None = None
    """The provider's own id, by which delivery reports name it; None where it gives none."""


@dataclass(frozen=True)
class Retry:
    """Not now: the same send may succeed later."""

    reason: str
    """Words for operators, never a text or an address; the outbox keeps 80 characters."""
    code: int | None = None
    """The provider's own code of it."""
    soon: bool = True
    """True when trying again within seconds makes sense; a push tries later in any case."""
    after: float | None = None
    """Seconds that the provider asks a push to wait; None leaves it to the back-off."""


@dataclass(frozen=True)
class Quota:
    """The provider takes no more for this person now; a message from the person opens it again.

    A push is tried later, as after Retry.
    """

    reason: str
    code: int | None = None


@dataclass(frozen=True)
class Refused:
    """Never: wrong address, blocked, too long, not allowed."""

    reason: str
    code: int | None = None
    unreachable: bool = False
    """True when the person cannot be reached here at all any more (unfollowed, blocked)."""


class SendLater(Exception):
    """The provider takes nothing now: what is left of an answer is sent when it does again."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


Outcome = Sent | Retry | Quota | Refused
#: Seconds between the attempts of an answer; a push has its own schedule.
WAITS = (0.5, 2.0, 6.0)


async def with_retry(
    send: Callable[[], Awaitable[Outcome]], waits: Sequence[float] = WAITS
) -> Outcome:
    """Send, again after each wait while the outcome is Retry soon; return the last outcome."""
    outcome = await send()
    for wait in waits:
        if not isinstance(outcome, Retry) or not outcome.soon:
            break
        await asyncio.sleep(wait)
        outcome = await send()
    return outcome

"""Many conversations at once whose people ask again, and what is held against the server."""

from __future__ import annotations

import asyncio
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass, field

from benchmarks.conversation_dialogues import texts
from benchmarks.conversation_load import Client

#: Seconds for which a message is sent again.
PATIENCE = 300.0
#: Seconds between two tries.
AGAIN_AFTER = 0.5


@dataclass
class Talk:
    """One conversation as its person saw it."""

    sender: str
    """Who."""
    said: tuple[str, ...]
    """What is said in it."""
    heard: list[str] = field(default_factory=list)
    """What was answered, one a message."""
    again: list[int] = field(default_factory=list)
    """Numbers of the messages that were sent again, once for each time."""
    longest: float = 0.0
    """The most seconds from first sending a message to its answer."""


@dataclass(frozen=True)
class Verdict:
    """What became of all conversations."""

    finished: int
    """Conversations with an answer to each message."""
    as_undisturbed: int
    """Of those, how many were answered word for word as without a crash."""
    sent_again: int
    """Messages that had to be sent again."""
    stored_twice: int
    """Messages that stand in the database more than once for each time they were said."""
    longest_wait: float
    """The most seconds that anybody waited for an answer, all tries together."""
    answered_twice: int
    """Answers in the database beyond one a message that stands there."""
    lost: int
    """Messages that were answered and do not stand in the database."""


def judged(
    talks: Sequence[Talk],
    undisturbed: dict[tuple[str, ...], list[str]],
    stored: dict[str, list[tuple[str, str]]],
) -> Verdict:
    """Compare what people heard with what they would have, and with what is stored.

    `stored` holds for each sender the kind (user, bot) and text of his events, in order.
    """
    finished = [talk for talk in talks if len(talk.heard) == len(talk.said)]
    twice = more = lost = 0
    for talk in talks:
        events = stored.get(talk.sender, [])
        words = [said for kind, said in events if kind == "user"]
        for said in set(talk.said[: len(talk.heard)]):
            times = words.count(said) - talk.said[: len(talk.heard)].count(said)
            twice += max(0, times)
            lost += max(0, -times)
        more += max(0, sum(kind == "bot" for kind, _ in events) - len(words))
    return Verdict(
        finished=len(finished),
        as_undisturbed=sum(talk.heard == undisturbed[talk.said] for talk in finished),
        sent_again=sum(len(set(talk.again)) for talk in talks),
        longest_wait=max(talk.longest for talk in talks),
        stored_twice=twice,
        answered_twice=more,
        lost=lost,
    )


class Crowd:
    """Plays conversations turn by turn, so many messages at once, and calls at half time."""

    def __init__(self, url: str, at_once: int, half_time: threading.Event) -> None:
        self._url, self._limit, self._half_time = url, asyncio.Semaphore(at_once), half_time
        self._answered = self._all = 0

    async def play(self, talks: Sequence[Talk]) -> None:
        """Let all conversations run to their end, or until patience ends."""
        self._all = sum(len(talk.said) for talk in talks)
        async with Client(self._url) as client:
            await asyncio.gather(*(self._talk(client, talk) for talk in talks))

    async def _talk(self, client: Client, talk: Talk) -> None:
        for number, said in enumerate(talk.said):
            # First come, first served: so all have their first turn before any has its second.
            async with self._limit:
                heard = await self._until_answered(client, talk, number, said)
            if heard is None:
                return
            talk.heard.append(heard)
            self._answered += 1
            if self._answered * 2 >= self._all:
                self._half_time.set()

    async def _until_answered(
        self, client: Client, talk: Talk, number: int, said: str
    ) -> str | None:
        began = time.monotonic()
        while time.monotonic() < began + PATIENCE:
            fate, messages = await client.ask(talk.sender, said, f"{talk.sender}.{number}")
            if fate == "answered":
                talk.longest = max(talk.longest, time.monotonic() - began)
                return "\n".join(one.get("text", "") for one in messages)
            talk.again.append(number)
            await asyncio.sleep(AGAIN_AFTER)
        return None


def talks(name: str, number: int) -> list[Talk]:
    """Return so many conversations that have not begun."""
    known = texts()
    return [Talk(f"{name}-{n}", known[n % len(known)]) for n in range(number)]

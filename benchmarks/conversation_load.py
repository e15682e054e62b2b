"""Load on a REST channel: so many senders at once, or so many messages a second.

Closed loop: each sender waits for the answer before the next message. Open loop: messages come when
they come, whatever the server does, and time counts from the moment that a message was due.
"""

from __future__ import annotations

import asyncio
import json
import random
import time
from collections.abc import Iterable, Iterator, Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass
from typing import Any, Literal

import aiohttp

#: Seconds that a client waits for an answer.
PATIENCE = 60.0
#: Seconds between two messages of one person in the open loop.
PAUSE = 6.0
#: Statuses of HTTP by which a server says that it has too much to do.
SHED = (429, 503)
Fate = Literal["answered", "shed", "timeout", "error"]


@dataclass(frozen=True)
class Asked:
    """One message and what became of it."""

    due: float
    """Seconds from the start of the load to the moment it was to be sent."""
    took: float
    """Seconds from then to the whole answer, or to giving up."""
    fate: Fate
    """What became of it."""


@dataclass(frozen=True)
class Load:
    """What a load of messages met."""

    seconds: float
    """From the first message to the last answer."""
    asked: tuple[Asked, ...]
    """All messages, in the order in which they ended."""

    @property
    def rate(self) -> float:
        """Messages answered a second."""
        return self.count("answered") / self.seconds

    def count(self, fate: Fate) -> int:
        """Return how many messages met a fate."""
        return sum(one.fate == fate for one in self.asked)

    def took(self) -> list[float]:
        """Return the milliseconds of those that were answered."""
        return [one.took * 1000 for one in self.asked if one.fate == "answered"]


def percentile(values: Sequence[float], share: float) -> float:
    """Return the smallest value that `share` (0–1) of all are not above; 0 of none."""
    if not values:
        return 0.0
    ordered = sorted(values)
    rank = -int(-share * len(ordered) // 1)  # ceil
    return ordered[min(max(rank, 1), len(ordered)) - 1]


def answered(messages: Any) -> bool:
    """Return whether a body is an answer: something was said, and it is not our plain failure."""
    if not isinstance(messages, list) or not messages:
        return False
    return all((one.get("custom") or {}).get("status") != "error" for one in messages)


class Client:
    """Sends messages to the REST channel of a server, as many at once as wanted."""

    def __init__(self, url: str, patience: float = PATIENCE) -> None:
        self._webhook = f"{url}/webhooks/rest/webhook"
        self._patience = aiohttp.ClientTimeout(total=patience)
        self._session: aiohttp.ClientSession | None = None

    async def __aenter__(self) -> Client:
        connector = aiohttp.TCPConnector(limit=0)
        self._session = aiohttp.ClientSession(connector=connector, timeout=self._patience)
        return self

    async def __aexit__(self, *_: object) -> None:
        assert self._session is not None
        await self._session.close()

    async def ask(
        self, sender: str, text: str, name: str | None = None
    ) -> tuple[Fate, list[dict[str, Any]]]:
        """Send one message; return its fate and what was said.

        With a `name` it may be sent again: ours then takes it once.
        """
        assert self._session is not None
        body = {"sender": sender, "message": text, **({"message_id": name} if name else {})}
        try:
            async with self._session.post(self._webhook, json=body) as response:
                if response.status in SHED:
                    return "shed", []
                said = json.loads(await response.read()) if response.status == 200 else None
        except asyncio.TimeoutError:
            return "timeout", []
        except (aiohttp.ClientError, OSError, ValueError):
            return "error", []
        return ("answered", said) if answered(said) else ("error", [])


async def closed(url: str, dialogues: Iterable[Sequence[str]], senders: int, name: str) -> Load:
    """Play all dialogues, each by a sender of its own, with so many at once."""
    waiting = iter(list(enumerate(dialogues)))
    asked: list[Asked] = []
    began = time.perf_counter()

    async def play(client: Client) -> None:
        for number, texts in waiting:
            for text in texts:
                at = time.perf_counter()
                fate, _ = await client.ask(f"{name}-{number}", text)
                asked.append(Asked(at - began, time.perf_counter() - at, fate))

    async with Client(url) as client:
        await asyncio.gather(*(play(client) for _ in range(senders)))
    return Load(time.perf_counter() - began, tuple(asked))


@dataclass(frozen=True)
class Arrival:
    """A message that is to be sent at its moment."""

    due: float
    """Seconds from the start."""
    sender: int
    """Number of the person."""
    text: str
    """What he says."""


def arrivals(
    rate: float, seconds: float, dialogues: Sequence[Sequence[str]], seed: int = 1
) -> Iterator[Arrival]:
    """Yield messages at a mean rate a second, at random moments (a Poisson process).

    People write every `PAUSE` seconds and leave after their dialogue; then others come.
    """
    chosen, due, turns = random.Random(seed), 0.0, len(dialogues[0])
    at_once = max(1, round(rate * PAUSE))
    number = 0
    while (due := due + chosen.expovariate(rate)) < seconds:
        generation, place = divmod(number, at_once * turns)
        turn, person = divmod(place, at_once)
        sender = generation * at_once + person
        yield Arrival(due, sender, dialogues[sender % len(dialogues)][turn])
        number += 1


async def opened(
    url: str, coming: Iterable[Arrival], name: str, patience: float = PATIENCE
) -> Load:
    """Send each message at its moment, whether or not those before are answered."""
    asked: list[Asked] = []
    began = time.perf_counter()

    async def send(client: Client, arrival: Arrival) -> None:
        fate, _ = await client.ask(f"{name}-{arrival.sender}", arrival.text)
        asked.append(Asked(arrival.due, time.perf_counter() - began - arrival.due, fate))

    async with Client(url, patience) as client:
        sent = set()
        for arrival in coming:
            await asyncio.sleep(max(0.0, began + arrival.due - time.perf_counter()))
            task = asyncio.create_task(send(client, arrival))
            sent.add(task)
            task.add_done_callback(sent.discard)
        await asyncio.gather(*sent)
    return Load(time.perf_counter() - began, tuple(asked))


async def growing(
    urls: Sequence[str], texts: Sequence[str], messages: int, seconds: float
) -> list[list[float]]:
    """Send one sender's messages, each to all servers in turn; return the milliseconds by server.

    Ends when the seconds are over: then there are fewer than asked for. Raises RuntimeError when
    one is not answered.
    """
    took: list[list[float]] = [[] for _ in urls]
    ends = time.perf_counter() + seconds
    async with AsyncExitStack() as open_clients:
        clients = [await open_clients.enter_async_context(Client(url)) for url in urls]
        while len(took[0]) < messages and time.perf_counter() < ends:
            text = texts[len(took[0]) % len(texts)]
            for client, times in zip(clients, took, strict=True):
                at = time.perf_counter()
                fate, _ = await client.ask("one-person", text)
                times.append((time.perf_counter() - at) * 1000)
                if fate != "answered":
                    raise RuntimeError(f"message {len(times)} of one person: {fate}")
    return took

"""Workers that are killed while they send to a counterpart that errs, hangs and dawdles.

Used by the test of the suite in short, and by `make bench NAME=push` in full.
"""

from __future__ import annotations

import asyncio
import multiprocessing
import random
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

import aiohttp
from aiohttp import web
from sqlalchemy import func, select

from bot import clock
from bot.db.session import session
from bot.db.tables import Delivery
from bot.delivery.outbox import Backoff, DeliveryDraft, put
from bot.delivery.outcome import Outcome, Refused, Retry, Sent
from bot.delivery.sender import Outgoing, Sender
from bot.delivery.worker import Worker
from bot.messages import Message

#: Seconds that a worker waits for the counterpart; its claims fall back after so many times that.
TIMEOUT, LEASE_TIMEOUTS = 0.5, 6
#: Of a hundred requests: refused before and after they are taken in, hanging before and after,
#: slow; the rest is answered at once.
BEFORE, AFTER, HANGS_BEFORE, HANGS_AFTER, SLOW = 10, 10, 2, 2, 20


@dataclass
class Counterpart:
    """A provider on a real port. It shows a person each key once, as providers promise to."""

    chance: random.Random = field(default_factory=lambda: random.Random(20261124))
    received: Counter[str] = field(default_factory=Counter)
    """How often each key was taken in, repetitions as well."""
    shown: Counter[tuple[str, str]] = field(default_factory=Counter)
    """What each person saw: address and text."""
    requests: int = 0
    """How many requests came in, those refused as well."""
    port: int = 0
    timeout: float = TIMEOUT

    async def take(self, request: web.Request) -> web.Response:
        self.requests += 1
        given = await request.json()
        drawn = self.chance.randrange(100)
        if drawn < BEFORE:
            return web.Response(status=503)
        if drawn < BEFORE + HANGS_BEFORE:
            await asyncio.sleep(3 * self.timeout)
            return web.Response(status=504)
        if not self.received[given["key"]]:
            self.shown[given["to"], given["text"]] += 1
        self.received[given["key"]] += 1
        drawn = self.chance.randrange(100)
        if drawn < AFTER:
            return web.Response(status=500)
        if drawn < AFTER + HANGS_AFTER:
            await asyncio.sleep(3 * self.timeout)
        elif drawn < AFTER + HANGS_AFTER + SLOW:
            await asyncio.sleep(self.chance.uniform(0, 0.1))
        return web.json_response({"id": given["key"]})

    @contextmanager
    def serving(self) -> Iterator[Counterpart]:
        """Serve on a free port until left."""
        loop = asyncio.new_event_loop()
        ready = threading.Event()

        async def serve() -> None:
            app = web.Application()
            app.router.add_post("/", self.take)
            runner = web.AppRunner(app, shutdown_timeout=0.1)
            await runner.setup()
            site = web.TCPSite(runner, "127.0.0.1", 0)
            await site.start()
            self.port = runner.addresses[0][1]
            self._stop = asyncio.Event()
            ready.set()
            await self._stop.wait()
            await runner.cleanup()

        thread = threading.Thread(target=lambda: loop.run_until_complete(serve()), daemon=True)
        thread.start()
        ready.wait(10)
        try:
            yield self
        finally:
            loop.call_soon_threadsafe(self._stop.set)
            thread.join(10)
            loop.close()


class HttpSender(Sender):
    """A sender as a channel would have one."""

    def __init__(self, port: int) -> None:
        self._url = f"http://127.0.0.1:{port}/"

    async def send(self, delivery: Outgoing) -> Outcome:
        body = {"key": delivery.key, "to": delivery.address, "text": delivery.body["text"]}
        async with aiohttp.ClientSession() as client, client.post(self._url, json=body) as answer:
            if answer.status == 200:
                return Sent((await answer.json())["id"])
            return Retry(str(answer.status)) if answer.status >= 500 else Refused("4xx")


def work(url: str, port: int, timeout: float) -> None:
    """Be a worker process, until killed."""
    backoff = Backoff(first=0.05, longest=0.5, attempts=1000)
    worker = Worker(
        url, {"web": HttpSender(port)}, backoff=backoff, lease=LEASE_TIMEOUTS * timeout,
        timeout=timeout, batch=10,
    )  # fmt: skip
    asyncio.run(worker.run(pause=0.02))


@dataclass(frozen=True)
class Survived:
    """What was left after all kills."""

    deliveries: int
    kills: int
    lost: int
    """Deliveries that no person saw."""
    seen_twice: int
    """Deliveries that a person saw more than once."""
    repeated: int
    """Times that a key reached the counterpart again, which it did not show again."""
    unsettled: int
    """Deliveries that are not `sent` in the outbox."""
    seconds: float


def survive(
    url: str, deliveries: int, kills: int, seed: int = 1, timeout: float = TIMEOUT
) -> Survived:
    """Send so many deliveries while two workers are killed so many times, one after the other.

    Seconds of `timeout` are what a worker waits: more than a request takes on a busy machine, or
    none ever succeeds.
    """
    chance, began = random.Random(seed), time.monotonic()
    context = multiprocessing.get_context("forkserver")
    # A child imports the main module anew: what the benchmark's imports must be there before.
    context.set_forkserver_preload(
        ["tests.subscriptions.faults", "tests.conftest", "benchmarks.report"]
    )
    with Counterpart(random.Random(seed), timeout=timeout).serving() as counterpart:

        def start() -> multiprocessing.process.BaseProcess:
            process = context.Process(
                target=work, args=(url, counterpart.port, timeout), daemon=True
            )
            process.start()
            return process

        workers = [start(), start()]
        for number in range(kills):
            written = range(number * deliveries // kills, (number + 1) * deliveries // kills)
            _write(url, written)
            _let_work(counterpart, chance)
            workers[number % 2].kill()
            workers[number % 2].join()
            workers[number % 2] = start()
        _wait_until_done(url)
        for one in workers:
            one.kill()
            one.join()
    return Survived(
        deliveries,
        kills,
        deliveries - len(counterpart.shown),
        sum(count > 1 for count in counterpart.shown.values()),
        sum(counterpart.received.values()) - len(counterpart.received),
        _open(url, "queued", "sending", "failed", "stopped"),
        time.monotonic() - began,
    )


def _let_work(counterpart: Counterpart, chance: random.Random) -> None:
    """Wait for some requests and a little more: so a kill hits work, however slow the machine."""
    wanted = counterpart.requests + chance.randint(1, 12)
    ends = time.monotonic() + 5.0
    while counterpart.requests < wanted and time.monotonic() < ends:
        time.sleep(0.002)
    time.sleep(chance.uniform(0.0, 0.03))


def _write(url: str, numbers: range) -> None:
    with session(url) as db:
        for number in numbers:
            # Not quiet at night: the fault is looked for, whatever the time.
            message = Message(text=f"message {number}")
            draft = DeliveryDraft(
                f"fault:{number}", "web", f"person {number % 100}", "hand_off", message
            )
            put(db, draft, clock.now())


def _open(url: str, *states: str) -> int:
    with session(url) as db:
        return db.scalar(select(func.count()).where(Delivery.state.in_(states))) or 0


def _wait_until_done(url: str, seconds: float = 600.0) -> None:
    ends = time.monotonic() + seconds
    while _open(url, "queued", "sending") and time.monotonic() < ends:
        time.sleep(0.1)

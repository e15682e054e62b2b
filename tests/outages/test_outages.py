"""Database, disk, Redis and gateway are away for a while, again and again, while people write.

Nothing that was taken stays without an answer, nothing is answered twice. `JIUYE_TESTS=thorough`:
100 moments on either database; `JIUYE_OUTAGES=N` another number, `JIUYE_SEED=N` other moments. The
figures are printed (`-s`).
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import math
import os
import subprocess
import sys
import time
from collections import Counter
from collections.abc import AsyncIterator, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path

import aiohttp
from aiohttp import web
from sqlalchemy import update

from bot import clock
from bot.db import migrate
from bot.db.session import engine, session
from bot.db.tables import InboxMessage
from bot.settings import ROOT
from tests.channels.wechat.conftest import SETTINGS
from tests.channels.wechat.fake_api import FakeApi
from tests.conftest import _free_port
from tests.databases import sqlite_copy
from tests.outages.breakers import (
    Breaker,
    DiskFull,
    GatewayRefuses,
    Locked,
    Paused,
    PostgresFrozen,
    PostgresStopped,
    cluster,
    redis_server,
    starved,
)
from tests.outages.talkers import Gateway, Ledger, Talkers
from tests.profiles import SEED, THOROUGH, long_enough, moments, size

SERVER = Path(__file__).parent / "outage_server.py"
#: Outages of one run, and seconds in which nothing more is answered before what is left is lost: a
#: machine on which much else runs is slow, and not at fault.
OUTAGES = int(os.environ.get("JIUYE_OUTAGES", size(4, 100)))
SETTLES = 150.0
#: Seconds in which a server starts on a machine on which much else runs.
STARTS = 300.0
KILLS = int(os.environ.get("JIUYE_KILLS", size(2, 100)))
#: Seconds of an outage: at least, at most. Each order of magnitude is as likely as the others.
SECONDS = (1.0, 60.0) if THOROUGH else (1.0, 2.0)
#: Seconds between two outages.
BETWEEN = (1.0, 6.0) if THOROUGH else (0.3, 1.5)


@dataclass
class Report:
    """What came of a run."""

    outages: Counter[str] = field(default_factory=Counter)
    seconds_away: float = 0.0
    longest: float = 0.0
    """Seconds of the longest outage."""
    seed: int = SEED
    said: int = 0
    taken: int = 0
    lost: int = 0
    twice: int = 0
    answered_after: float = 0.0
    """Seconds from the last outage's end until the last answer."""
    reconnections: int = 0


@dataclass
class Servers:
    """The processes that answer on one port."""

    port: int
    environment: dict[str, str]
    count: int
    log: Path
    running: list[subprocess.Popen[bytes]] = field(default_factory=list)

    def start(self) -> None:
        # The log goes by a pipe: a full disk of the server must not be one of its log.
        with self.log.open("ab") as out:
            cat = subprocess.Popen(["cat"], stdin=subprocess.PIPE, stdout=out)
        while len(self.running) < self.count:
            command = [sys.executable, str(SERVER), str(self.port)]
            self.running.append(
                subprocess.Popen(command, env=self.environment, stdout=cat.stdin, stderr=cat.stdin)
            )
        assert cat.stdin is not None
        cat.stdin.close()

    def processes(self) -> list[int]:
        return [one.pid for one in self.running]

    async def ready(self) -> None:
        """Wait until each of them has had the time to answer."""
        async with aiohttp.ClientSession() as http:
            ends = time.monotonic() + STARTS
            while time.monotonic() < ends:
                with contextlib.suppress(aiohttp.ClientError):
                    async with http.get(f"http://127.0.0.1:{self.port}/webhooks/rest/") as answer:
                        if answer.status == 200:
                            return
                assert all(one.poll() is None for one in self.running), self.log.read_text()
                await asyncio.sleep(0.1)
        raise TimeoutError(self.log.read_text())

    def stop(self) -> None:
        for one in self.running:
            one.kill()
            one.wait()
        self.running.clear()


@contextlib.asynccontextmanager
async def _api(port: int) -> AsyncIterator[FakeApi]:
    fake = FakeApi(url=f"http://127.0.0.1:{port}")
    runner = web.AppRunner(fake.application())
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", port, backlog=1024).start()
    yield fake
    await runner.cleanup()


class World:
    """Servers, gateway, platform and people around one database."""

    def __init__(self, folder: Path, database: str, workers: int = 1, redis: str = "") -> None:
        self.ledger, self.report = Ledger(), Report()
        self._away: list[str] = []
        self._api_port, port = _free_port(), _free_port()
        self.gateway = Gateway(self.ledger, _free_port())
        environment = {
            **os.environ, "PYTHONPATH": str(ROOT), "DATABASE_URL": database,
            "JIUYE_SECRET": "only for tests", "JIUYE_PORT": str(port),
            "JIUYE_SMS_SENDSMS": f"http://127.0.0.1:{self.gateway.port}/cgi-bin/sendsms",
            "JIUYE_SMS_PASSWORD": "x", "JIUYE_WECHAT_API": f"http://127.0.0.1:{self._api_port}",
            "JIUYE_WORKERS": str(workers), **SETTINGS, **({"JIUYE_REDIS_URL": redis} if redis else {}),
        }  # fmt: skip
        self.servers = Servers(port, environment, workers, folder / "server.log")

    async def live(
        self,
        breakers: Sequence[Breaker],
        outages: int,
        seconds: tuple[float, float] = SECONDS,
        short_of_time: bool = False,
    ) -> Report:
        """Let people write while one thing after the other is away; wait for all answers.

        `short_of_time`: the servers have little processor time meanwhile.
        """
        self.servers.start()
        async with _api(self._api_port) as api, self.gateway.serving():
            await self.servers.ready()
            talkers = Talkers(f"http://127.0.0.1:{self.servers.port}", self.ledger, api)
            writing = asyncio.create_task(talkers.run())
            try:
                while not self.ledger.taken:
                    await asyncio.sleep(0.1)
                with starved(self.servers.processes) if short_of_time else contextlib.nullcontext():
                    await self._break(breakers, outages, seconds)
                talkers.stop()
                await asyncio.wait_for(writing, SETTLES)
                await self._settled(api)
            finally:
                writing.cancel()
                await talkers.close()
            self._count(api, talkers)
        return self.report

    async def _break(
        self, breakers: Sequence[Breaker], outages: int, between: tuple[float, float]
    ) -> None:
        chance = moments()
        for number in range(outages):
            breaker = breakers[number % len(breakers)]
            seconds = math.exp(chance.uniform(*map(math.log, between)))
            await asyncio.sleep(chance.uniform(*BETWEEN))
            began = time.monotonic()
            await asyncio.to_thread(breaker.take_away)
            await asyncio.sleep(seconds)
            await asyncio.to_thread(breaker.give_back)
            self._away.append(f"{breaker.name} {began:.2f} to {time.monotonic():.2f}")
            self.report.outages[breaker.name] += 1
            self.report.seconds_away += seconds
            self.report.longest = max(self.report.longest, seconds)

    async def _settled(self, api: FakeApi) -> None:
        began = last = time.monotonic()
        answered = -1
        while time.monotonic() < last + SETTLES:
            answers = self._answers(api)
            if all(answers[name] for name in self.ledger.taken):
                break
            if len(answers) > answered:
                last, answered = time.monotonic(), len(answers)
            await asyncio.sleep(0.2)
        self.report.answered_after = round(time.monotonic() - began, 1)
        await asyncio.sleep(2.0)  # so that a second answer would be seen

    def _answers(self, api: FakeApi) -> Counter[str]:
        """Count the answers, those by customer-service message with them."""
        both = Ledger(answers=self.ledger.answers.copy())
        for sent in api.sent:
            both.answered(sent.text)
        return both.answers

    def _count(self, api: FakeApi, talkers: Talkers) -> None:
        self.ledger.answers = self._answers(api)
        report, ledger = self.report, self.ledger
        report.said, report.taken = len(ledger.said), len(ledger.taken)
        report.lost, report.twice = len(ledger.lost), len(ledger.twice)
        report.reconnections = sum(max(0, page.connections - 1) for page in talkers.pages)
        print(json.dumps({**asdict(report), "outages": dict(report.outages)}, ensure_ascii=False))
        print("away:", *self._away, sep="\n  ")
        for fault, names in (("lost", ledger.lost), ("twice", ledger.twice)):
            for name in sorted(names):
                by_api = [sent.text for sent in api.sent if f"第{name}问" in sent.text]
                print(fault, name, *ledger.steps.get(name, ()), *by_api, sep="\n  ")


class Killed(Breaker):
    """The server is killed without a warning, and started again.

    The next kill comes when it answers, or, of every fourth, while it starts.
    """

    name = "killed"

    def __init__(self, servers: Servers, database: str) -> None:
        self._servers, self._database = servers, database
        self._times = 0

    def take_away(self) -> None:
        self._servers.stop()

    def give_back(self) -> None:
        with session(self._database) as db:  # as 20 seconds later
            db.execute(update(InboxMessage).values(held_until=clock.now()))
        self._servers.start()
        self._times += 1
        if self._times % 4:
            asyncio.run(self._servers.ready())


@long_enough(KILLS)
async def test_a_server_that_is_killed_again_and_again_loses_nobody(tmp_path: Path) -> None:
    database = sqlite_copy("empty", tmp_path / "web.db")
    world = World(tmp_path, database)
    try:
        report = await world.live([Killed(world.servers, database)], KILLS, (0.1, 1.0))
    finally:
        world.servers.stop()
    assert (report.lost, report.taken) == (0, report.said)
    assert report.said > KILLS  # or it was killed before anybody wrote
    # What the medium took in the instant before the kill: at most one text a kill.
    assert report.twice <= KILLS


def _holds(report: Report, outages: int) -> None:
    assert sum(report.outages.values()) == outages
    assert report.taken == report.said
    assert report.said > 10
    assert report.lost == 0
    # The medium took it, and the process that heard so was cut off before it could note it.
    assert report.twice <= report.said // 100


@long_enough(OUTAGES)
async def test_sqlite_and_the_gateway_are_away_and_nobody_is_lost(tmp_path: Path) -> None:
    database = sqlite_copy("empty", tmp_path / "web.db")
    world = World(tmp_path, database)
    breakers = [
        Locked(tmp_path / "web.db"), DiskFull(world.servers.processes),
        GatewayRefuses(world.gateway), Paused(world.servers.processes),
    ]  # fmt: skip
    try:
        _holds(await world.live(breakers, OUTAGES), OUTAGES)
    finally:
        world.servers.stop()


@long_enough(OUTAGES)
async def test_postgresql_redis_and_the_gateway_are_away_with_two_workers(tmp_path: Path) -> None:
    with redis_server() as redis, cluster() as postgres:
        migrate.upgrade(postgres.url)
        engine(postgres.url).dispose()
        world = World(tmp_path, postgres.url, workers=2, redis=redis.url)
        breakers = [
            PostgresStopped(postgres), redis, PostgresFrozen(postgres),
            GatewayRefuses(world.gateway), Paused(world.servers.processes),
        ]  # fmt: skip
        try:
            _holds(await world.live(breakers, OUTAGES), OUTAGES)
        finally:
            world.servers.stop()


@long_enough(OUTAGES)
async def test_workers_without_processor_time_take_each_others_messages_over(
    tmp_path: Path,
) -> None:
    with redis_server() as redis, cluster() as postgres:
        migrate.upgrade(postgres.url)
        engine(postgres.url).dispose()
        world = World(tmp_path, postgres.url, workers=2, redis=redis.url)
        breakers = [
            PostgresFrozen(postgres),
            PostgresStopped(postgres),
            GatewayRefuses(world.gateway),
        ]
        try:
            _holds(await world.live(breakers, OUTAGES, short_of_time=True), OUTAGES)
        finally:
            world.servers.stop()

"""Matching at 10 k, 100 k and 1 M postings, on SQLite and PostgreSQL, beside two baselines.

BENCH_SIZES=10000,100000 and BENCH_PREFERENCES=200 make a short run. Databases are kept in
var/bench and used again, and so is what was measured: a run for some sizes replaces these alone.
"""

from __future__ import annotations

import json
import os
import statistics
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import text

from benchmarks.match_baselines import Query, Scan, full_text
from benchmarks.match_data import TODAY, build, preferences, tidy
from benchmarks.match_plot import plot
from benchmarks.match_shares import shares
from benchmarks.private_postgres import private_postgres
from benchmarks.report import Measure, publish
from bot import clock
from bot.db import migrate
from bot.db.session import engine, session
from bot.matching import find
from bot.matching.job_preference import JobPreference
from bot.settings import ROOT

WORK = ROOT / "var" / "bench"
SIZES = [int(n) for n in os.environ.get("BENCH_SIZES", "10000,100000,1000000").split(",")]
MANY = int(os.environ.get("BENCH_PREFERENCES", "1000"))
#: The baselines are slow: they get every so-manieth preference.
EVERY = 10


@dataclass(frozen=True)
class Cost:
    """What a query costs, in milliseconds."""

    median: float
    p99: float
    cpu_median: float
    """Processor time, of this process and of the database's: what is left of a busy machine."""
    cpu_p99: float


@dataclass(frozen=True)
class Result:
    """One database at one size."""

    backend: str
    size: int
    ours: Cost
    text: Cost
    scan: Cost
    memory_mb: float
    """By how much this process grew over the matches."""
    scan_mb: float
    """What the columns of the scan take."""


def measured(query: Query, wishes: list[JobPreference], processor: Processor) -> Cost:
    """Time each query once, after a few to warm up."""
    for wish in wishes[:20]:
        query(wish)
    took, used = [], []
    for wish in wishes:
        began, before = time.perf_counter(), processor.seconds()
        query(wish)
        took.append((time.perf_counter() - began) * 1000)
        used.append((processor.seconds() - before) * 1000)
    return Cost(*_median_p99(took), *_median_p99(used))


def _median_p99(values: list[float]) -> tuple[float, float]:
    return statistics.median(values), sorted(values)[int(len(values) * 0.99)]


class Processor:
    """The processor time of this process, and of the server process that it asks."""

    def __init__(self, url: str) -> None:
        self._server: Path | None = None
        if not url.startswith("sqlite"):
            with session(url) as db:  # the one connection that the pool goes on using
                pid = db.scalar(text("select pg_backend_pid()"))
            self._server = Path(f"/proc/{pid}/schedstat")

    def seconds(self) -> float:
        """Return the time used up to now."""
        server = int(self._server.read_text().split()[0]) / 1e9 if self._server else 0.0
        return time.process_time() + server


def _match(url: str) -> Query:
    """Match as the bot does: a session a message; every sixth preference turns the page."""
    asked = 0

    def match(wish: JobPreference) -> Any:
        nonlocal asked
        asked += 1
        with session(url) as db:
            return find(db, wish, exclude=shown.get(wish, ()) if asked % 6 == 0 else ())

    shown: dict[JobPreference, list[int]] = {}
    for wish in preferences(MANY)[::6]:
        with session(url) as db:
            shown[wish] = [match.features.posting_id for match in find(db, wish, limit=15).items]
    return match


def _say(what: str) -> None:
    """Say how far the run is: it may take a quarter of an hour."""
    print(f"{time.strftime('%H:%M:%S')} {what}", flush=True)


def _keep(result: Result) -> None:
    """Keep what was measured, for a plot of all sizes after a run for some."""
    file = WORK / f"measured-{result.backend}-{result.size}.json"
    file.write_text(json.dumps(asdict(result)), encoding="utf-8")
    _say(str(result))


def _kept() -> list[Result]:
    read = [json.loads(file.read_text("utf-8")) for file in WORK.glob("measured-*.json")]
    costs = ("ours", "text", "scan")
    results = [Result(**{**one, **{name: Cost(**one[name]) for name in costs}}) for one in read]
    return sorted(results, key=lambda one: (one.backend != "SQLite", one.size))


def _resident() -> float:
    lines = Path("/proc/self/status").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("VmRSS")) / 1024


def _result(url: str, size: int) -> Result:
    wishes = preferences(MANY)
    with session(url) as db:  # what any process of the bot holds anyway
        find(db, wishes[0])
    before, processor = _resident(), Processor(url)
    ours = measured(_match(url), wishes, processor)
    grown = _resident() - before
    _say(f"{url.rsplit('/', 1)[1]}: {ours}")
    said = measured(full_text(url), wishes[::EVERY], processor)
    scan = Scan(url)
    scanned = measured(scan, wishes[::EVERY], processor)
    backend = "SQLite" if url.startswith("sqlite") else "PostgreSQL"
    return Result(backend, size, ours, said, scanned, grown, scan.megabytes)


@contextmanager
def _databases() -> Iterator[list[str]]:
    """Give the URLs before the name of a database, SQLite's first."""
    WORK.mkdir(parents=True, exist_ok=True)
    with private_postgres(WORK / "postgresql") as server:
        yield [f"sqlite:///{WORK}/match", *([server] if server else [])]


def _ready(server: str, size: int) -> str:
    """Return the URL of a filled database of a size; build it when it is not there.

    One that was built before the newest migration gets that; what the migration itself cannot
    fill would stay empty: delete var/bench then.
    """
    sqlite = server.startswith("sqlite")
    url = f"{server}-{size}.db" if sqlite else f"{server}match_{size}"
    marker = WORK / f"{'sqlite' if sqlite else 'postgresql'}-{size}.built"
    if marker.exists():
        if migrate.current(url) != migrate.newest():
            migrate.upgrade(url)
            tidy(url)
        return url
    if sqlite:
        for file in WORK.glob(f"match-{size}.db*"):
            file.unlink()
    else:
        maintenance = engine(f"{server}postgres").connect()
        with maintenance.execution_options(isolation_level="AUTOCOMMIT") as db:
            db.execute(text(f"drop database if exists match_{size}"))
            db.execute(text(f"create database match_{size}"))
    began = time.perf_counter()
    build(url, size)
    _say(f"{url.rsplit('/', 1)[1]} built in {time.perf_counter() - began:.0f} s")
    marker.touch()
    return url


def _measures(results: list[Result]) -> Iterator[Measure]:
    smallest = {r.backend: r for r in reversed(results)}
    for r in results:
        name = f"{r.backend} {r.size:,}"
        index = "FTS5" if r.backend == "SQLite" else "tsvector"
        for what, ours, said, scanned in (
            ("median", r.ours.median, r.text.median, r.scan.median),
            ("p99", r.ours.p99, r.text.p99, r.scan.p99),
            ("median cpu", r.ours.cpu_median, r.text.cpu_median, r.scan.cpu_median),
            ("p99 cpu", r.ours.cpu_p99, r.text.cpu_p99, r.scan.cpu_p99),
        ):
            took = round(ours, 2)
            yield Measure(f"{name} {what}", took, round(said, 2), "ms", MANY, f"{index}, 5 best")
            scan = f"{name} {what}, beside scan"
            yield Measure(scan, took, round(scanned, 2), "ms", MANY, "numpy over all")
        small = smallest[r.backend]
        if r is not small:
            growth = (round(r.ours.cpu_median, 2), round(small.ours.cpu_median, 2))
            at = f"the same at {small.size:,}"
            yield Measure(f"{name} growth, median cpu", *growth, "ms", MANY, at)
        memory = (round(r.memory_mb, 1), round(r.scan_mb, 1))
        yield Measure(f"{name} memory", *memory, "MB", 1, "columns of the scan")


def main() -> None:
    """Measure all sizes on both databases, publish and plot."""
    with clock.frozen(TODAY), _databases() as servers:
        for server in servers:
            for size in SIZES:
                _say(f"{server.split(':')[0]}, {size:,} postings")
                _keep(_result(_ready(server, size), size))
    results = _kept()
    publish("match", [*_measures(results), *shares()])
    if len({r.size for r in results}) > 1:
        plot(results, ROOT / "docs" / "images" / "match-growth.png")


if __name__ == "__main__":
    main()

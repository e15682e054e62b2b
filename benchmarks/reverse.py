"""The reverse match: 1,000 new postings against 10 k to 1 M subscriptions, on one core.

Beside it in the same run: a scan of all subscriptions in numpy for each posting, and the query of
`bot.reverse_matching.sql_matcher` at the smaller sizes. Processor time, as other work shares the
machine.
BENCH_SUBSCRIPTIONS=10000,100000 and BENCH_NEW=200 make a short run. Databases stay in var/bench,
and so does what was measured: a run for some numbers of subscriptions replaces these alone.
"""

from __future__ import annotations

import json
import os
import random
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import asdict, dataclass
from multiprocessing import get_context
from pathlib import Path

import numpy as np
from sqlalchemy import select
from sqlalchemy.orm import Session

from benchmarks.match_data import TODAY
from benchmarks.report import Measure, publish
from benchmarks.reverse_data import build_subscriptions
from benchmarks.reverse_scan import Scan
from bot import clock
from bot.db.session import session
from bot.db.tables import Subscription
from bot.matching import Features, score, violated_conditions
from bot.matching.explain import reasons
from bot.matching.refusals import is_refused
from bot.reverse_matching.index import ReverseIndex
from bot.reverse_matching.matcher import CachedMatcher
from bot.reverse_matching.sql_matcher import features_by_id, match_new, matching_subscriptions
from bot.settings import ROOT
from bot.subscriptions.service import preference_of

WORK = ROOT / "var" / "bench"
SIZES = [
    int(n) for n in os.environ.get("BENCH_SUBSCRIPTIONS", "10000,100000,500000,1000000").split(",")
]
NEW = int(os.environ.get("BENCH_NEW", "1000"))
#: The baselines are slow: so many postings each; the query only up to so many subscriptions.
SCANNED, ASKED, ASKED_AT_MOST = 50, 20, 100_000
#: Subscriptions and postings of which every pair is compared with a loop.
SAMPLE = (1_000, 200)
#: Postings that are matched and written for the digests at most, and for how many subscriptions in
#: all: writing takes its time. Rolled back afterwards.
WRITTEN, WRITTEN_FOR = 200, 5_000_000


@dataclass(frozen=True)
class Result:
    """One number of subscriptions. Times are seconds of processor time."""

    size: int
    wishes: int
    suited: float
    """Subscriptions that a posting suits, on average."""
    best: float
    """All new postings: the best 50 with reasons."""
    everyone: float
    """The same, and all ids with their scores."""
    load: float
    """Reading the postings from the database."""
    scan: float
    """One posting by a scan."""
    query: float | None
    """One posting by the query."""
    build: float
    refresh: float
    arrays_mb: float
    grown_mb: float
    """By how much the process grew: the index and what building it left behind."""
    peak_mb: float
    """By how much it grew at most while building."""
    pairs: int
    """Pairs compared with a loop; a difference stops the run."""
    written_of: int
    """Postings that were matched and written."""
    written: int
    """Rows that these left for digests."""
    writing: float
    """Matching, choosing and writing them."""


def _memory(name: str) -> float:
    lines = Path("/proc/self/status").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith(name)) / 1024


def measure(url: str, size: int, new: int) -> Result:
    """Measure one database, in a process of its own and on one core."""
    os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})
    with clock.frozen(TODAY), session(url) as db:
        postings = list(features_by_id(db, range(1, new + 1)).values())  # what any worker holds
        before, began = _memory("VmRSS"), time.process_time()
        index = ReverseIndex(db)
        build, grown = time.process_time() - began, _memory("VmRSS") - before
        peak = _memory("VmHWM") - before
        began = time.process_time()
        index.refresh(db)
        refresh, began = time.process_time() - began, time.process_time()
        features_by_id(db, range(1, new + 1))
        load, began = time.process_time() - began, time.process_time()
        for posting in postings:
            index.match(posting).top()
        best, suited, began = time.process_time() - began, 0, time.process_time()
        for posting in postings:
            found = index.match(posting)
            found.top()
            suited += len(found.all()[0])
        everyone = time.process_time() - began
        query = _query(db, postings) if size <= ASKED_AT_MOST else None
        pairs = _compared(db, index, postings, size)
        written_of = min(WRITTEN, new, WRITTEN_FOR // size)
        written, writing = _written(db, written_of)
        scan = _scan(db, postings)
        db.rollback()
    return Result(
        size, index.wishes, suited / len(postings), best, everyone, load, scan, query, build,
        refresh, index.nbytes / 2**20, grown, peak, pairs, written_of, written, writing,
    )  # fmt: skip


def _scan(db: Session, postings: Sequence[Features]) -> float:
    scan = Scan(db)
    began = time.process_time()
    for posting in postings[:SCANNED]:
        scan(posting)
    return (time.process_time() - began) / len(postings[:SCANNED])


def _query(db: Session, postings: Sequence[Features]) -> float:
    began = time.process_time()
    for posting in postings[:ASKED]:
        list(matching_subscriptions(db, [posting.posting_id]))
        db.expunge_all()
    return (time.process_time() - began) / len(postings[:ASKED])


def _compared(db: Session, index: ReverseIndex, postings: Sequence[Features], size: int) -> int:
    """Compare with a loop over every pair of a sample; return how many pairs."""
    ids = random.Random(1).sample(range(1, size + 1), min(size, SAMPLE[0]))
    wishes = {}
    for start in range(0, len(ids), 500):
        some = select(Subscription).where(Subscription.id.in_(ids[start : start + 500]))
        wishes |= {one.id: preference_of(one) for one in db.scalars(some)}
    sample = np.array(sorted(wishes))
    for posting in postings[: SAMPLE[1]]:
        suited = index.match(posting)
        found, scores = suited.all()
        ours = np.isin(found, sample)
        held = dict(zip(found[ours].tolist(), scores[ours].tolist(), strict=True))
        looped = {
            number: score(posting, wish).total
            for number, wish in wishes.items()
            if violated_conditions(posting, wish) == frozenset() and not is_refused(posting, wish)
        }
        told = {one.subscription_id: one.reasons for one in suited.top()}
        said = all(told[n] == tuple(reasons(posting, wishes[n])) for n in told.keys() & wishes)
        if held != looped or not said:
            raise AssertionError(f"posting {posting.posting_id}: the index differs from the loop")
    return len(wishes) * len(postings[: SAMPLE[1]])


def _written(db: Session, postings: int) -> tuple[int, float]:
    """Match some postings and write what waits for the digests; rolled back afterwards."""
    matcher = CachedMatcher(min_subscriptions=1)
    list(matcher(db, []))  # builds the index, which was measured
    began = time.process_time()
    _, rows = match_new(db, matcher, postings)
    return rows, time.process_time() - began


def _measures(results: list[Result]) -> Iterator[Measure]:
    for r in results:
        name = f"{r.size:,}"
        rate, one = round(NEW / r.best), NEW / r.best
        scan = "numpy over all, no reasons"
        yield Measure(
            f"{name}: best 50 with reasons", rate, round(1 / r.scan, 1), "postings/s", NEW, scan
        )
        if r.query:
            yield Measure(
                f"{name}: the same, beside the query",
                round(one),
                round(1 / r.query, 1),
                "postings/s",
                NEW,
                "query",
            )
        figures = {
            "best 50 and everyone": (round(NEW / r.everyone), "postings/s"),
            "the same with loading": (round(NEW / (r.everyone + r.load)), "postings/s"),
            "subscriptions that a posting suits": (round(r.suited), "subscriptions"),
            "different wishes": (r.wishes, "wishes"),
            "build": (round(r.build, 1), "s"),
            "refresh, nothing changed": (round(r.refresh * 1000, 1), "ms"),
            "arrays": (round(r.arrays_mb, 1), "MB"),
            "process grew by": (round(r.grown_mb, 1), "MB"),
            "at most, while building": (round(r.peak_mb, 1), "MB"),
            "pairs equal to the loop": (r.pairs, "pairs"),
            f"rows for digests of {r.written_of} postings": (r.written, "rows"),
            f"match and write {r.written_of} postings": (round(r.writing, 1), "s"),
        }
        for what, (value, unit) in figures.items():
            yield Measure(f"{name}: {what}", value, None, unit, NEW)


def _plot(results: list[Result], file: Path) -> None:
    import matplotlib

    matplotlib.use("Agg")
    from matplotlib import pyplot

    figure, panel = pyplot.subplots(figsize=(6, 4))
    sizes = [r.size for r in results]
    panel.loglog(sizes, [r.best / NEW * 1000 for r in results], "o-", label="index, best 50")
    panel.loglog(sizes, [r.everyone / NEW * 1000 for r in results], "o--", label="index, and all")
    panel.loglog(sizes, [r.scan * 1000 for r in results], "o-", label="numpy scan")
    asked = [(r.size, r.query * 1000) for r in results if r.query]
    panel.loglog([n for n, _ in asked], [ms for _, ms in asked], "o-", label="query (SQLite)")
    panel.axhline(1, color="grey", linewidth=0.7, linestyle=":")
    panel.set(xlabel="subscriptions", ylabel="ms of processor time a posting")
    panel.legend(fontsize=8)
    figure.tight_layout()
    file.parent.mkdir(parents=True, exist_ok=True)
    figure.savefig(file, dpi=110)


def main() -> None:
    """Measure all sizes, publish and plot."""
    WORK.mkdir(parents=True, exist_ok=True)
    for size in SIZES:
        print(f"{time.strftime('%H:%M:%S')} {size:,} subscriptions", flush=True)
        file = WORK / f"reverse-{size}.db"
        with clock.frozen(TODAY):
            url = build_subscriptions(file, size, NEW)
        with ProcessPoolExecutor(1, get_context("spawn")) as apart:
            result = apart.submit(measure, url, size, NEW).result()
        print(time.strftime("%H:%M:%S"), result, flush=True)
        measured = json.dumps(asdict(result))
        (WORK / f"reverse-{size}.json").write_text(measured, encoding="utf-8")
    kept = [json.loads(one.read_text("utf-8")) for one in WORK.glob("reverse-*.json")]
    results = sorted((Result(**one) for one in kept), key=lambda one: one.size)
    publish("reverse", list(_measures(results)))
    if len(results) > 1:
        _plot(results, ROOT / "docs" / "images" / "reverse-growth.png")


if __name__ == "__main__":
    main()

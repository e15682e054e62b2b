"""Half an hour of messages at 70 % of what our server manages: does anything grow that should not?

Memory, open files, logs and the database are looked at every ten seconds; times of answers are
given by minute. The database grows with what is stored, so that is given per message.
BENCH_MINUTES (30); BENCH_LIMIT sets the limit in answers a second, otherwise it is measured first
(64 senders).
"""

from __future__ import annotations

import asyncio
import os
import statistics
import time
from collections.abc import Mapping, Sequence

from benchmarks.conversation import WARM_UP, conversations
from benchmarks.conversation_dialogues import texts
from benchmarks.conversation_load import Asked, Load, arrivals, closed, opened, percentile
from benchmarks.conversation_plot import Sample, plot_soak
from benchmarks.conversation_server import Served, emptied, free_port, our_command, served
from benchmarks.report import Measure, publish
from bot.logging_setup import prepare_environment
from bot.settings import ROOT

MINUTES = float(os.environ.get("BENCH_MINUTES", "30"))
SHARE = 0.7
#: Seconds between two looks.
EVERY = 10.0
#: People writing at once when the limit is measured.
SENDERS = 64
MB = 2**20
PLOT = ROOT / "docs" / "images" / "soak.png"


def sample(server: Served, minute: float) -> Sample:
    """Return how a server stands now."""
    used, kept = server.usage(), server.kept()
    logs = sum(size for name, size in kept.items() if name.endswith(".log"))
    stored = sum(kept.values()) - logs
    return Sample(minute, used.memory_mb, used.files, stored / MB, logs / MB)


def by_minute(asked: Sequence[Asked]) -> dict[int, tuple[float, float]]:
    """Return median and 99th percentile in milliseconds by the minute a message was due in."""
    minutes: dict[int, list[float]] = {}
    for one in asked:
        if one.fate == "answered":
            minutes.setdefault(int(one.due // 60), []).append(one.took * 1000)
    return {
        minute: (statistics.median(took), percentile(took, 0.99))
        for minute, took in sorted(minutes.items())
    }


async def _looked_at(server: Served, load: asyncio.Task[Load]) -> list[Sample]:
    began, samples = time.monotonic(), []
    while not load.done():
        samples.append(sample(server, (time.monotonic() - began) / 60))
        await asyncio.wait([load], timeout=EVERY)
    samples.append(sample(server, (time.monotonic() - began) / 60))
    return samples


async def _soak(server: Served) -> tuple[float, Load, list[Sample]]:
    await closed(server.url, texts(), WARM_UP, "warm")
    limit = float(os.environ.get("BENCH_LIMIT", "0"))
    if not limit:
        limit = (await closed(server.url, conversations(SENDERS), SENDERS, "limit")).rate
    rate = SHARE * limit
    print(f"{rate:.1f} messages a second for {MINUTES:g} minutes")
    coming = arrivals(rate, MINUTES * 60, texts())
    load = asyncio.create_task(opened(server.url, coming, "soak"))
    samples = await _looked_at(server, load)
    return rate, await load, samples


def measures(
    rate: float, load: Load, samples: Sequence[Sample], minutes: Mapping[int, tuple[float, float]]
) -> list[Measure]:
    """Return the table: what stands at the end beside what stood after a tenth of the time."""
    early, late, runs = samples[len(samples) // 10], samples[-1], len(load.asked)
    whole = [minutes[minute] for minute in minutes if (minute + 1) <= MINUTES] or [(0.0, 0.0)]
    earlier = "the same after a tenth of the time"
    pairs = (
        ("memory of all processes", late.memory_mb, early.memory_mb, "MB"),
        ("open files", late.files, early.files, "files"),
        ("logs", late.logs_mb * 1024, early.logs_mb * 1024, "KB"),
        ("median, last and first minute", whole[-1][0], whole[0][0], "ms"),
        ("99 %, last and first minute", whole[-1][1], whole[0][1], "ms"),
    )
    # From then on: SQLite's write-ahead log has its full size by then.
    since = sum(one.due >= early.minute * 60 for one in load.asked)
    grown = (late.database_mb - early.database_mb) * 1024 / max(since, 1)
    return [
        Measure("messages a second", round(rate, 1), None, "1/s", runs),
        Measure("unanswered", runs - load.count("answered"), None, "messages", runs),
        Measure("database, a message", round(grown, 2), None, "KB", runs),
        *(
            Measure(name, round(mine, 1), round(before, 1), unit, runs, earlier)
            for name, mine, before, unit in pairs
        ),
    ]


def main() -> None:
    """Soak, publish and draw."""
    prepare_environment()
    folder, port = emptied("soak"), free_port()
    with served("ours", [our_command(folder, port)], port, folder) as server:
        rate, load, samples = asyncio.run(_soak(server))
    minutes = by_minute(load.asked)
    publish("soak", measures(rate, load, samples, minutes))
    plot_soak(samples, minutes, PLOT)


if __name__ == "__main__":
    main()

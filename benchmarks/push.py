"""10,000 deliveries to a flaky counterpart while workers are killed 1,000 times (SIGKILL).

On SQLite and on a private PostgreSQL. `JIUYE_BENCH_PUSH=1000,100` takes fewer deliveries, kills.
"""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

from benchmarks.report import Measure, publish
from bot.db import migrate
from tests.conftest import POSTGRES_BINARIES, postgres
from tests.subscriptions.faults import Survived, survive

DELIVERIES, KILLS = map(int, os.environ.get("JIUYE_BENCH_PUSH", "10000,1000").split(","))


def _measures(backend: str, left: Survived) -> list[Measure]:
    """Return what a run measured; there is no baseline, the first three must be 0."""
    figures = {
        "lost": (left.lost, "deliveries"),
        "seen twice": (left.seen_twice, "deliveries"),
        "not settled": (left.unsettled, "deliveries"),
        "received again": (left.repeated, "requests"),
        "rate under kills": (round(left.deliveries / left.seconds, 1), "deliveries/s"),
    }
    after = f", {left.kills} kills"
    return [
        Measure(f"{backend}: {name}{after}", value, None, unit, left.deliveries)
        for name, (value, unit) in figures.items()
    ]


def main() -> None:
    """Run both databases and publish."""
    measures: list[Measure] = []
    with tempfile.TemporaryDirectory() as folder:
        url = f"sqlite:///{Path(folder) / 'push.db'}"
        migrate.upgrade(url)
        measures += _measures("SQLite", survive(url, DELIVERIES, KILLS))
        publish("push", measures)
    if POSTGRES_BINARIES:
        cluster = postgres.__wrapped__()
        url = next(cluster)
        try:
            migrate.upgrade(url)
            measures += _measures("PostgreSQL", survive(url, DELIVERIES, KILLS))
        finally:
            next(cluster, None)
    publish("push", measures)


if __name__ == "__main__":
    main()

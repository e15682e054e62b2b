"""Metrics in the text format of Prometheus (0.0.4): turns, caches, gauges of health."""

from __future__ import annotations

import threading
import time
from bisect import bisect_left
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from bot.caches import CacheUse
from bot.monitoring.cache_report import INTERVAL_S, CacheRecord
from bot.monitoring.turns import TurnRecord

CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"
#: Upper bounds of the histogram's buckets, in seconds.
BOUNDS = (0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)

#: Seconds after which a worker that reports no more has ended.
MAX_REPORT_AGE_S = 3 * INTERVAL_S


@dataclass
class _Histogram:
    counts: list[int] = field(default_factory=lambda: [0] * (len(BOUNDS) + 1))
    """By bucket, the last one without a bound; not added up."""
    seconds: float = 0.0


class TurnMetrics:
    """Counts and latencies of turns, by act and status."""

    def __init__(self) -> None:
        self._by_labels: dict[tuple[str, str], _Histogram] = {}
        self._lock = threading.Lock()

    def add(self, record: TurnRecord) -> None:
        """Count a turn."""
        seconds = record.milliseconds / 1000
        with self._lock:
            histogram = self._by_labels.setdefault((record.act, record.status), _Histogram())
            histogram.counts[bisect_left(BOUNDS, seconds)] += 1
            histogram.seconds += seconds

    def lines(self) -> Iterator[str]:
        """Yield the histogram."""
        yield "# HELP jiuye_turn_seconds Seconds that an answer took, by act and status."
        yield "# TYPE jiuye_turn_seconds histogram"
        with self._lock:
            snapshot = [(a, s, list(h.counts), h.seconds) for (a, s), h in self._by_labels.items()]
        for act, status, counts, seconds in sorted(snapshot):
            labels = {"act": act, "status": status}
            total = 0
            for bound, count in zip((*map(str, BOUNDS), "+Inf"), counts, strict=True):
                total += count
                yield sample("jiuye_turn_seconds_bucket", total, {**labels, "le": bound})
            yield sample("jiuye_turn_seconds_sum", round(seconds, 6), labels)
            yield sample("jiuye_turn_seconds_count", total, labels)


class CacheMetrics:
    """Entries and bounds of the workers' caches: of the fullest worker that still reports."""

    def __init__(self) -> None:
        self._by_process: dict[int, tuple[float, dict[str, CacheUse]]] = {}
        self._lock = threading.Lock()

    def add(self, record: CacheRecord) -> None:
        """Take the use of a cache; forget the processes that have ended."""
        now = time.monotonic()
        with self._lock:
            _, uses = self._by_process.get(record.process, (now, {}))
            self._by_process[record.process] = (now, {**uses, record.use.name: record.use})
            for process, (reported_at, _) in list(self._by_process.items()):
                if now - reported_at > MAX_REPORT_AGE_S:
                    del self._by_process[process]

    def lines(self) -> Iterator[str]:
        """Yield the gauges."""
        fullest: dict[str, CacheUse] = {}
        with self._lock:
            for _, uses in self._by_process.values():
                for name, use in uses.items():
                    if name not in fullest or use.entries > fullest[name].entries:
                        fullest[name] = use
        entries = {name: use.entries for name, use in sorted(fullest.items())}
        bounds = {name: use.bound for name, use in sorted(fullest.items())}
        yield from gauge("jiuye_cache_entries", "Entries of a worker's cache.", entries, "cache")
        yield from gauge("jiuye_cache_bound", "Most entries of that cache.", bounds, "cache")


def gauge(name: str, help_: str, samples: Mapping[str, float], label: str = "") -> Iterator[str]:
    """Yield a gauge: a sample for each value of its label, or one without."""
    if samples:
        yield f"# HELP {name} {help_}"
        yield f"# TYPE {name} gauge"
        for value, number in samples.items():
            yield sample(name, number, {label: value} if label else {})


def sample(name: str, value: float, labels: Mapping[str, str]) -> str:
    """Return one line."""
    listed = ",".join(f'{key}="{_escaped(text)}"' for key, text in labels.items())
    return f"{name}{{{listed}}} {value:.15g}" if listed else f"{name} {value:.15g}"


def _escaped(text: str) -> str:
    return text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")

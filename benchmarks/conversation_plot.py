"""Conversations under load as plots: beside plain Rasa, and over half an hour."""

from __future__ import annotations

import statistics
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

#: Messages of one person of which a point of the growth is the median.
WINDOW = 20


@dataclass(frozen=True)
class Curve:
    """What is drawn of one server."""

    name: str
    """For the legend."""
    rate: Mapping[int, float]
    """Answers a second by number of senders."""
    median: Mapping[int, float]
    """Milliseconds by number of senders."""
    slowest: Mapping[int, float]
    """The 99th percentile in milliseconds, by number of senders."""
    growth: Sequence[float]
    """Milliseconds of one person's messages, one after the other."""


@dataclass(frozen=True)
class Sample:
    """How a server stood at a moment."""

    minute: float
    """Minutes from the start."""
    memory_mb: float
    """Of all processes."""
    files: int
    """Open file descriptors."""
    database_mb: float
    """Bytes of the database's files, in MB."""
    logs_mb: float
    """Bytes of what it printed, in MB."""


def plot(curves: Sequence[Curve], file: Path) -> None:
    """Draw rate, time of an answer, and growth with the length of a conversation."""
    figure, panels = _panels(3)
    for place, curve in enumerate(curves):
        senders, colour = list(curve.rate), f"C{place}"
        at = [number + (place - 0.5) * 0.4 for number in range(len(senders))]
        panels[0].bar(at, list(curve.rate.values()), 0.4, color=colour, label=curve.name)
        panels[1].loglog(senders, list(curve.median.values()), "-o", color=colour,
                         label=f"{curve.name}, median")  # fmt: skip
        panels[1].loglog(senders, list(curve.slowest.values()), "--o", color=colour,
                         label=f"{curve.name}, 99 %")  # fmt: skip
        panels[2].plot(*smoothed(curve.growth), color=colour, label=curve.name)
    senders = list(curves[0].rate)
    panels[0].set_xticks(range(len(senders)), [str(number) for number in senders])
    panels[1].set_xticks(senders, [str(number) for number in senders])
    panels[0].set(xlabel="people writing at once", ylabel="answers a second")
    panels[1].set(xlabel="people writing at once", ylabel="ms to the answer")
    panels[2].set(xlabel="messages of one person", ylabel="ms to the answer", ylim=(0, None))
    _save(figure, panels, file)


def plot_soak(
    samples: Sequence[Sample], minutes: Mapping[int, tuple[float, float]], file: Path
) -> None:
    """Draw memory, what lies on disk and the time of an answer (median, 99 %) over time."""
    figure, panels = _panels(3)
    at = [sample.minute for sample in samples]
    panels[0].plot(at, [sample.memory_mb for sample in samples], label="memory, MB")
    panels[0].plot(at, [sample.files for sample in samples], label="open files")
    panels[1].plot(at, [sample.database_mb for sample in samples], label="database, MB")
    panels[1].plot(at, [sample.logs_mb for sample in samples], label="logs, MB")
    panels[2].plot(list(minutes), [median for median, _ in minutes.values()], label="median")
    panels[2].plot(list(minutes), [slow for _, slow in minutes.values()], "--", label="99 %")
    panels[2].set_ylabel("ms to the answer")
    for panel in panels:
        panel.set(xlabel="minutes", ylim=(0, None))
    _save(figure, panels, file)


def smoothed(values: Sequence[float]) -> tuple[list[int], list[float]]:
    """Return the numbers of messages and the median of the `WINDOW` that end with each."""
    ends = list(range(min(WINDOW, len(values)), len(values) + 1)) if values else []
    return ends, [statistics.median(values[max(0, end - WINDOW) : end]) for end in ends]


def _panels(number: int):  # type: ignore[no-untyped-def]
    import matplotlib

    matplotlib.use("Agg")
    from matplotlib import pyplot

    return pyplot.subplots(1, number, figsize=(4.4 * number, 3.6))


def _save(figure, panels, file: Path) -> None:  # type: ignore[no-untyped-def]
    for panel in panels:
        panel.legend(fontsize=8)
    figure.tight_layout()
    file.parent.mkdir(parents=True, exist_ok=True)
    figure.savefig(file, dpi=110)

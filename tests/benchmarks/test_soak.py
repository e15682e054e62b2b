"""The soak: what a table of half an hour says."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from benchmarks.conversation_load import Asked, Load
from benchmarks.conversation_plot import Sample, smoothed
from benchmarks.soak import by_minute, measures
from bot.settings import ROOT


def test_times_are_told_by_the_minute_a_message_was_due_in() -> None:
    asked = [Asked(1, 0.010, "answered"), Asked(59, 0.030, "answered"), Asked(2, 9, "timeout"),
             Asked(61, 0.050, "answered")]  # fmt: skip
    assert by_minute(asked) == {0: (20.0, 30.0), 1: (50.0, 50.0)}


def test_growth_is_told_beside_an_early_moment_and_per_message() -> None:
    samples = [Sample(n, 100.0 + n, 40, 10.0 + n, 0.0) for n in range(21)]
    load = Load(1200, tuple(Asked(n, 0.02, "answered") for n in range(1024)))
    rows = {m.name: m for m in measures(5.0, load, samples, {0: (20.0, 25.0)})}
    assert (rows["memory of all processes"].ours, rows["memory of all processes"].baseline) == (
        120.0, 102.0
    )  # fmt: skip
    # KB: 18 MB after minute 2 by the 904 messages that came from then on.
    assert rows["database, a message"].ours == round(18 * 1024 / 904, 2)
    assert rows["unanswered"].ours == 0


def test_a_curve_is_smoothed_by_medians() -> None:
    assert smoothed([]) == ([], [])
    assert smoothed([1.0, 9.0, 2.0]) == ([3], [2.0])
    ends, values = smoothed([1.0] * 20 + [5.0] * 20)
    assert (ends[0], ends[-1], values[0], values[-1]) == (20, 40, 1.0, 5.0)


DRAW = """
import sys
from pathlib import Path
from benchmarks.conversation_plot import Curve, Sample, plot, plot_soak
folder = Path(sys.argv[1])
curve = Curve("ours", {1: 10, 8: 20}, {1: 5, 8: 9}, {1: 7, 8: 30}, [5.0] * 30)
plot([curve, curve], folder / "a.png")
plot_soak([Sample(0, 1, 1, 1, 1)], {0: (1.0, 2.0)}, folder / "b.png")
"""


def test_both_plots_are_drawn(tmp_path: Path) -> None:
    # In a process of its own: tests run without matplotlib (bot/rasa_stubs.py).
    subprocess.run([sys.executable, "-c", DRAW, str(tmp_path)], cwd=ROOT, check=True, timeout=120)
    assert all((tmp_path / name).stat().st_size > 5_000 for name in ("a.png", "b.png"))

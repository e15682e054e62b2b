"""The growth of a match with the number of postings, as a plot."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from benchmarks.match import Result


def plot(results: list[Result], file: Path) -> None:
    """Draw median and p99 of each database beside its baselines, both axes logarithmic.

    Processor time, which other work on the machine changes little.
    """
    import matplotlib

    matplotlib.use("Agg")
    from matplotlib import pyplot

    backends = list(dict.fromkeys(result.backend for result in results))
    figure, panels = pyplot.subplots(
        1, len(backends), figsize=(5.2 * len(backends), 4), sharey=True, squeeze=False
    )
    for panel, backend in zip(panels[0], backends, strict=True):
        mine = [result for result in results if result.backend == backend]
        sizes = [result.size for result in mine]
        index = "FTS5" if backend == "SQLite" else "tsvector"
        lines = (
            ("match, median", [r.ours.cpu_median for r in mine], "C0", "-"),
            ("match, p99", [r.ours.cpu_p99 for r in mine], "C0", "--"),
            (f"{index}, median", [r.text.cpu_median for r in mine], "C1", "-"),
            ("numpy scan, median", [r.scan.cpu_median for r in mine], "C2", "-"),
        )
        for name, values, colour, style in lines:
            panel.loglog(sizes, values, style, color=colour, marker="o", label=name)
        panel.axhline(10, color="grey", linewidth=0.7, linestyle=":")
        panel.set(title=backend, xlabel="postings")
        panel.legend(fontsize=8)
    panels[0][0].set_ylabel("ms of processor time a query")
    figure.tight_layout()
    file.parent.mkdir(parents=True, exist_ok=True)
    figure.savefig(file, dpi=110)

"""One shape for all benchmark results: a table for people, a JSON file for machines."""

from __future__ import annotations

import json
import os
from dataclasses import asdict, dataclass
from pathlib import Path

from rich.console import Console
from rich.table import Table

RESULTS = Path(__file__).resolve().parent / "results"


@dataclass(frozen=True)
class Measure:
    """One figure beside its baseline, both from the same run."""

    name: str
    ours: float
    baseline: float | None
    unit: str
    runs: int
    baseline_is: str = ""

    @property
    def ratio(self) -> float | None:
        """Return ours divided by the baseline."""
        return round(self.ours / self.baseline, 4) if self.baseline else None


def machine() -> dict[str, float]:
    """Return cores and memory (GB) of this machine."""
    pages = os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
    return {"cores": os.cpu_count() or 1, "memory_gb": round(pages / 2**30, 1)}


def publish(name: str, measures: list[Measure]) -> None:
    """Print the measures and write benchmarks/results/NAME.json."""
    table = Table("measure", "ours", "baseline", "ratio", "unit", "runs", title=name)
    for m in measures:
        cells = (m.name, m.ours, m.baseline, m.ratio, m.unit, m.runs)
        table.add_row(*("–" if cell is None else str(cell) for cell in cells))
    Console().print(table)
    RESULTS.mkdir(parents=True, exist_ok=True)
    described = {m.name: {**asdict(m), "ratio": m.ratio} for m in measures}
    (RESULTS / f"{name}.json").write_text(
        json.dumps({"machine": machine(), "measures": described}, ensure_ascii=False, indent=1),
        encoding="utf-8",
    )

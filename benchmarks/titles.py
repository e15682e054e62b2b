"""How many real titles are read, and how often the code agrees with an independent reading."""

from __future__ import annotations

import csv
import gzip
import json
import os
import time
from collections.abc import Iterator
from pathlib import Path

from benchmarks.report import Measure, publish
from bot.settings import ROOT
from bot.text.occupations import OccupationReader
from bot.text.vocabulary import vocabulary

SHARED = Path(os.environ.get("JIUYE_SHARED", ROOT.parent / "shared"))


def _titles() -> Iterator[str]:
    for file in sorted((SHARED / "jobs").glob("*.jsonl.gz")):
        with gzip.open(file, "rt", encoding="utf-8") as lines:
            for line in lines:
                row = json.loads(line)
                yield row.get("职位") or row.get("title") or ""


def _agreement(reader: OccupationReader) -> tuple[float, float, float, int]:
    codes = {o.name: o.code for o in vocabulary().occupations.values()}
    rows = read = first = second = 0
    file = SHARED / "vocab" / "jobtitle-to-occupation.csv"
    with file.open(encoding="utf-8-sig", newline="") as lines:
        for row in csv.DictReader(lines):
            if not row["expected_code"]:
                continue
            rows += 1
            names = reader.title(row["job_name"])
            if names:
                read += 1
                first += codes[names[0]][0] == row["expected_code"][0]
                second += codes[names[0]][:4] == row["expected_code"][:4]
    return read / rows, first / read, second / read, rows


def main() -> None:
    """Measure and publish."""
    if not SHARED.is_dir():
        raise SystemExit(f"no shared data at {SHARED}")
    reader = OccupationReader(vocabulary())
    titles = list(_titles())
    began = time.perf_counter()
    read = sum(bool(reader.title(title)) for title in titles)
    micros = (time.perf_counter() - began) / len(titles) * 1e6
    share, first, second, rows = _agreement(reader)
    publish(
        "titles",
        [
            Measure(
                "titles of postings read", round(read / len(titles), 4), None, "share", len(titles)
            ),
            Measure("time a title", round(micros, 1), None, "µs", len(titles)),
            Measure("labelled titles read", round(share, 4), None, "share", rows),
            Measure("agreement, level 1", round(first, 4), None, "share of read", rows),
            Measure("agreement, level 2", round(second, 4), None, "share of read", rows),
        ],
    )


if __name__ == "__main__":
    main()

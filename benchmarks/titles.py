"""How many real titles are read, and how often the code agrees with an independent reading."""

from __future__ import annotations

import gzip
import json
import os
import time
from collections.abc import Iterator
from pathlib import Path

from benchmarks.learn_titles import titles as learned_titles
from benchmarks.report import Measure, publish
from bot.settings import ROOT
from bot.text.families import FamilyReader
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
    """Agreement of the dictionary's first name with the whole labelled list."""
    codes = {o.name: o.code for o in vocabulary().occupations.values()}
    labelled = [*learned_titles(held_back=False), *learned_titles(held_back=True)]
    found = [(reader.title(title), code) for title, code in labelled]
    read = [(codes[names[0]], code) for names, code in found if names]
    first = sum(ours[0] == code[0] for ours, code in read)
    second = sum(ours[:4] == code[:4] for ours, code in read)
    return len(read) / len(labelled), first / len(read), second / len(read), len(labelled)


def _families(reader: OccupationReader) -> tuple[float, float, int]:
    """Agreement of the family of postings with the half that was held back from learning."""
    families = FamilyReader(vocabulary())
    held_back = learned_titles(held_back=True)
    found = [
        (families.family(title, reader.title(title)) or "-", code) for title, code in held_back
    ]
    first = sum(ours[0] == code[0] for ours, code in found) / len(found)
    second = sum(ours == code[:4] for ours, code in found) / len(found)
    return first, second, len(found)


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
    level_1, level_2, held_back = _families(reader)
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
            Measure("family, held back, level 1", round(level_1, 4), None, "share", held_back),
            Measure("family, held back, level 2", round(level_2, 4), None, "share", held_back),
        ],
    )


if __name__ == "__main__":
    main()

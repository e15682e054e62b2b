"""How many real titles are read, and how often the code agrees with an independent reading."""

from __future__ import annotations

import gzip
import json
import os
import re
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

from benchmarks.learn_titles import titles as learned_titles
from benchmarks.report import Measure, publish
from bot.settings import ROOT
from bot.text.normalise import normalise, without_brackets
from bot.understanding.extractors.occupations import NOISE, OccupationReader
from bot.understanding.occupation_families import FamilyReader
from bot.vocabulary.vocabulary import vocabulary

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


def _families(
    reader: OccupationReader, labelled: Sequence[tuple[str, str]]
) -> tuple[float, float, int]:
    """Agreement of the family of postings with labelled titles, at the first and second level."""
    families = FamilyReader(vocabulary())
    found = [(families.family(title, reader.title(title)) or "-", code) for title, code in labelled]
    first = sum(ours[0] == code[0] for ours, code in found) / len(found)
    second = sum(ours == code[:4] for ours, code in found) / len(found)
    return first, second, len(found)


def _bare(title: str) -> str:
    """Return what is left of a title without brackets, perks, marks and spaces."""
    text = normalise(title).text
    return re.sub(r"\W+", "", NOISE.sub("", without_brackets(text).strip() or text)) or text


def _ambiguous() -> set[str]:
    """Return the bare titles that the list itself gives several families."""
    given: dict[str, set[str]] = {}
    for title, code in (*learned_titles(held_back=False), *learned_titles(held_back=True)):
        given.setdefault(_bare(title), set()).add(code[:4])
    return {title for title, families in given.items() if len(families) > 1}


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
    labelled, ambiguous = learned_titles(held_back=True), _ambiguous()
    level_1, level_2, held_back = _families(reader, labelled)
    one_family = [one for one in labelled if _bare(one[0]) not in ambiguous]
    of_one, clear, many = _families(reader, one_family)
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
            Measure(
                "the same, without ambiguous titles, level 1", round(of_one, 4), None, "share", many
            ),
            Measure(
                "the same, without ambiguous titles, level 2", round(clear, 4), None, "share", many
            ),
        ],
    )


if __name__ == "__main__":
    main()

"""200 real postings, drawn at random and labelled by hand: pay, place, occupation family, faults.

The postings are not part of the project: the labels name them by file and row.
"""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from bot.postings.ingest.files import rows
from bot.postings.ingest.parser import Draft, Drafter

LABELS = Path(__file__).parent.parent / "data" / "posting-labels.jsonl"


@dataclass(frozen=True)
class Labelled:
    draft: Draft
    label: dict[str, Any]


@pytest.fixture(scope="module")
def sample(shared: Path) -> list[Labelled]:
    labels = [json.loads(line) for line in LABELS.read_text("utf-8").splitlines()]
    wanted = {(one["file"], one["row"]): one for one in labels}
    drafter = Drafter()
    found = [
        Labelled(drafter.draft(row, name), wanted[name, number])
        for name in sorted({one["file"] for one in labels})
        for number, row in rows(shared / "jobs" / name)
        if (name, number) in wanted
    ]
    assert len(found) == 200
    return found


def _scores(pairs: list[tuple[Any, list[Any]]]) -> tuple[float, float]:
    """Return precision and recall of what was read, None for nothing, beside what is right."""
    read = [right for value, right in pairs if value is not None for right in [value in right]]
    there = [value in right for value, right in pairs if right not in ([], [None])]
    return sum(read) / len(read), sum(there) / len(there)


def test_pay_is_read(sample: list[Labelled]) -> None:
    pairs = []
    for one in sample:
        pay = one.draft.pay
        ends = (pay.min, pay.max) if pay and (pay.min or pay.max) else None
        stated = tuple(one.label["pay"])
        pairs.append((ends, [] if stated == (None, None) else [stated]))
    precision, recall = _scores(pairs)
    print("pay", precision, recall)
    assert precision >= 0.97
    assert recall >= 0.97


def test_places_are_read(sample: list[Labelled]) -> None:
    precision, recall = _scores([(one.draft.region_code, one.label["place"]) for one in sample])
    print("place", precision, recall)
    assert precision >= 0.97
    assert recall >= 0.97


def test_occupation_families_are_read(sample: list[Labelled]) -> None:
    labelled = [one for one in sample if one.label["family"]]
    precision, recall = _scores([(one.draft.family_code, one.label["family"]) for one in labelled])
    print("family", precision, recall, len(labelled))
    assert precision >= 0.92
    assert recall >= 0.92


def test_faults_are_found(sample: list[Labelled]) -> None:
    found, missed, wrong = Counter[str](), Counter[str](), Counter[str]()
    for one in sample:
        there, read = set(one.label["faults"]), set(one.draft.faults)
        found.update(there & read)
        missed.update(there - read)
        wrong.update(read - there)
    print("faults", found, "missed", missed, "wrong", wrong)
    assert sum(wrong.values()) <= 0.1 * sum(found.values())
    assert sum(missed.values()) <= 0.1 * sum(found.values())

"""What a posting must not ask for: invented pieces everywhere, real postings where they are."""

from __future__ import annotations

import json
import random
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML

from bot.postings.ingest.field_mapping import FieldReader
from bot.postings.ingest.files import rows
from bot.postings.screening.rules import faults, holds, matched_words, screen

DATA = Path(__file__).parents[2] / "data"
GIVEN: dict[str, dict[str, list[str]]] = YAML(typ="safe").load(
    (DATA / "screen-cases.yml").read_text("utf-8")
)
CASES = [(text, expected) for cases in GIVEN.values() for text, expected in cases.items()]


@pytest.mark.parametrize(("text", "expected"), CASES, ids=[text for text, _ in CASES])
def test_what_a_posting_must_not_ask_for_is_found(text: str, expected: list[str]) -> None:
    assert sorted(screen(text)) == sorted(expected)


def test_every_fault_has_cases_of_both_kinds() -> None:
    by_words = {name for name, fault in faults().items() if fault.finds}
    assert set(GIVEN) == by_words
    assert all([] in cases.values() for cases in GIVEN.values())
    assert len(CASES) >= 80


def test_every_warning_names_what_to_do_or_the_law() -> None:
    assert all(fault.warning.endswith("。") for fault in faults().values())


def test_what_holds_names_the_law_or_warns_of_fraud() -> None:
    for fault in faults().values():
        if fault.holds:
            assert "法第" in fault.warning or "骗" in fault.warning or "别" in fault.warning


def test_age_warns_only_since_no_law_lists_it() -> None:
    assert not holds("age")
    assert holds("deposit")
    assert not holds("a fault of former times")


def test_the_words_of_a_fault_are_shown_to_the_counsellor() -> None:
    assert matched_words(faults()["deposit"], "福利好。入职需交押金300元。") == "交押金"
    assert matched_words(faults()["deposit"], "不收押金") is None


def test_a_denial_counts_only_within_its_sentence() -> None:
    assert screen("不收任何费用。入职交押金200元") == ["deposit"]


def _pool(shared: Path) -> list[tuple[str, int, dict[str, Any]]]:
    """Return 5,000 postings drawn from all files, always the same ones."""
    files = ("51job.jsonl.gz", "bluecollar.jsonl.gz", "jobhunting.jsonl.gz", "liaoning.jsonl.gz")
    every = [
        (name, number, row)
        for name in (*files, "会计-51job.xlsx")
        for number, row in rows(shared / "jobs" / name)
    ]
    draw = random.Random(20261124)
    for name, size in zip(
        (*files[:1], files[2], files[3], files[1]), (70, 60, 35, 30), strict=True
    ):
        draw.sample([one for one in every if one[0] == name], size)
    draw.sample([one for one in every if one[0].endswith(".xlsx")], 5)
    return draw.sample(every, 5000)


def test_what_is_found_in_5000_real_postings_is_there(shared: Path) -> None:
    labelled = {
        (one["file"], one["row"]): one["faults"]
        for one in map(json.loads, (DATA / "screen-pool.jsonl").read_text("utf-8").splitlines())
    }
    fields, right, wrong = FieldReader(), Counter[str](), Counter[str]()
    for name, number, row in _pool(shared):
        given = fields.fields(row)
        words = f"{given.get('title')} {given.get('tags', '')} {given.get('description', '')}"
        for fault in screen(words):
            there = fault in labelled.get((name, number), [])
            (right if there else wrong)[fault] += 1
    print({fault: (right[fault], wrong[fault]) for fault in {*right, *wrong}})
    for fault in {*right, *wrong}:
        assert right[fault] / (right[fault] + wrong[fault]) >= 0.9, (fault, right, wrong)
    assert sum(right.values()) >= 150

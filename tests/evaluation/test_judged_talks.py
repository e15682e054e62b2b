"""Talks that are judged: read, counted, refused by name."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.evaluation.talks import JUDGEMENTS, TALKS, TalksError, load_judgements, load_talks
from bot.settings import ROOT

WRITTEN = """
- {id: a, person: 刘姐, goal: 失业金, turns: [厂子黄了能领失业金不, 交了13年]}
- {id: b, turns: [找活]}
"""
MARKED = """
abc1234:
  a: {got: true, marks: [good, half]}
  b: {got: false, marks: [wrong]}
"""


def _round(folder: Path, written: str = WRITTEN, marked: str = MARKED) -> Path:
    (folder / TALKS).write_text(written, encoding="utf-8")
    (folder / JUDGEMENTS).write_text(marked, encoding="utf-8")
    return folder


def test_a_round_is_counted_by_version(tmp_path: Path) -> None:
    (judged,) = load_judgements(_round(tmp_path))
    assert (judged.version, judged.turns, judged.got, judged.talks) == ("abc1234", 3, 1, 2)
    assert judged.marks == {"good": 1, "half": 1, "wrong": 1}
    assert "good 1, half 1, asked 0, wrong 1, useless 0 of 3 (33% good)" in str(judged)


@pytest.mark.parametrize(
    ("written", "marked", "fault"),
    [
        (WRITTEN, MARKED.replace("[good, half]", "[good]"), "not one mark a turn"),
        (WRITTEN, MARKED.replace("half", "fine"), "not one mark a turn"),
        (WRITTEN, MARKED.replace("  b:", "  c:"), "'c'"),
        (WRITTEN.replace("[找活]", "[1]"), MARKED, "turns must be texts"),
        (WRITTEN.replace("id: b, ", ""), MARKED, "'id'"),
        ("- {", MARKED, TALKS),
    ],
)
def test_what_cannot_be_judged_is_refused(
    tmp_path: Path, written: str, marked: str, fault: str
) -> None:
    with pytest.raises(TalksError, match=fault):
        load_judgements(_round(tmp_path, written, marked))


def test_every_round_of_the_project_is_whole() -> None:
    folders = sorted(one.parent for one in (ROOT / "data" / "evaluation").rglob(TALKS))
    assert folders
    for folder in folders:
        assert load_talks(folder / TALKS)
        assert load_judgements(folder)

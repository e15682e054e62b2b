"""Where right units stand among those ranked."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.evaluation.talks import TALKS, TalksError, load_talks
from bot.evaluation.units import FILE, RightUnit, SaidStandings, Standings, load_units
from bot.settings import ROOT

ROUNDS = ROOT / "data" / "evaluation" / "rounds"


def test_places_are_counted_by_how_much_is_answered() -> None:
    standings = Standings()
    standings.add(RightUnit("a/1", "full"), ["a/1", "b/2"])
    standings.add(RightUnit("a/1", "full"), ["b/2", "c/3", "a/1"])
    standings.add(RightUnit("a/1", "full"), ["b/2"])
    standings.add(RightUnit("a#what", "part"), ["b/2", "c/3", "d/4", "a#what"])
    full, part = str(standings).splitlines()
    assert "full by a unit of the base: 3 turns" in full
    assert "among 1: 1 (33%), among 3: 2 (67%), among 10: 2 (67%)" in full
    assert "1 turns" in part
    assert "among 3: 0 (0%), among 10: 1 (100%)" in part


def test_every_file_of_units_is_of_the_talks_beside_it() -> None:
    files = sorted(ROUNDS.glob(f"*/{FILE}"))
    assert files
    for file in files:
        turns = {talk.id: len(talk.turns) for talk in load_talks(file.parent / TALKS)}
        for talk, units in load_units(file).items():
            assert max(units) <= turns[talk], (file, talk)


@pytest.mark.parametrize("text", ["M1: {1: {unit: a/1}}", "M1: {1: {unit: a/1, answers: no}}", "["])
def test_a_wrong_file_is_refused_with_its_name(tmp_path: Path, text: str) -> None:
    file = tmp_path / FILE
    file.write_text(text, encoding="utf-8")
    with pytest.raises(TalksError, match=FILE):
        load_units(file)


def test_what_was_ranked_first_and_not_said_is_counted() -> None:
    standings = SaidStandings()
    standings.add(["a/1", "b/2"], "b/2", "a/1")
    standings.add(["a/1"], "a/1", "c/3")
    standings.add(["a/1"], "c/3", "")
    standings.add([], "a/1", "a/1")
    standings.add([], "a/1", "")
    answered, others = str(standings).splitlines()
    assert "3 turns" in answered
    assert "ranked first 2 (66.7%), said 1 (33.3%), ranked first and not said 1" in answered
    assert others == "2 turns that none answers: a unit said to 1"

"""What a reply to a message about a sum is worth."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.evaluation.sums import SumsError, SumStandings, SumTurn, load_sums, verdict
from bot.settings import ROOT

N = SumTurn("补偿多少", "severance", ((26600.0,),))
TWO = SumTurn("哪天到期", "term", ((2027.0, 6.0, 18.0), (2027.0, 6.0, 17.0)))


@pytest.mark.parametrize(
    ("turn", "lines", "worth"),
    [
        (N, ["N = 3800元 × 7 = 26600元。"], "right"),
        (N, ["N = 3800元 × 6 = 22800元。"], "wrong"),
        (N, ["每满1年给1个月工资。"], "silent"),
        (N, ["先问单位。", "依据：《劳动合同法》第26600条"], "silent"),
        (TWO, ["自己报，到2027年6月17日为止。"], "right"),
        (SumTurn("还差", "gap", ((5958.62,),)), ["差5958.2元"], "right"),
        (SumTurn("他凭啥", "none", ()), ["先去投诉。"], "none"),
        (SumTurn("他凭啥", "none", ()), ["N = 3800元 × 7 = 26600元。"], "unasked"),
    ],
)
def test_a_reply_is_worth(turn: SumTurn, lines: list[str], worth: str) -> None:
    assert verdict(turn, lines) == worth


def test_the_counts_are_said_by_kind() -> None:
    standings = SumStandings()
    standings.add(N, "right")
    standings.add(N, "wrong")
    assert str(standings).splitlines()[0].strip() == "severance: right 1, wrong 1"


@pytest.mark.parametrize("name", ["first", "second", "third"])
def test_the_sets_are_in_order(name: str) -> None:
    talks = load_sums(ROOT / "data" / "evaluation" / "sums" / f"{name}.yml")
    turns = [turn for talk in talks for turn in talk.turns]
    assert len({talk.id for talk in talks}) == len(talks) >= 60
    assert all((turn.kind == "none") is not bool(turn.readings) for turn in turns)


def test_a_faulty_file_is_refused(tmp_path: Path) -> None:
    (tmp_path / "faulty.yml").write_text("- {id: a, turns: [{text: 多少}]}\n", "utf-8")
    with pytest.raises(SumsError, match=r"faulty\.yml"):
        load_sums(tmp_path / "faulty.yml")

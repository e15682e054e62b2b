"""Results of two runs compared."""

from __future__ import annotations

from bot.evaluation.cases import ExpectedTurn
from bot.evaluation.result import comparison
from tests.evaluation.turns import bot_turn, judged


def test_a_comparison_names_what_was_mended_and_broken() -> None:
    right = (ExpectedTurn("a", "policy"), bot_turn("policy"))
    wrong = (ExpectedTurn("a", "policy"), bot_turn("greet"))
    said = list(comparison(judged(right, wrong), judged(wrong, right)))
    assert any(line.startswith("mended: d/1") for line in said)
    assert any(line.startswith("broken: d/2") for line in said)

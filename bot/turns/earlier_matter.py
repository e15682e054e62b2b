"""Wind a talk back to the earlier matter that a message takes up: 刚才说的折现那事，能要回来吗."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from bot.dialogue.policy_talks import topic_of
from bot.dialogue.state import POLICY_FIELDS, DialogueState
from bot.policies.ranking.earlier import Matter, refers_back, resumed_matter
from bot.policies.ranking.index import current_answers
from bot.turns.arbitration import state_of
from bot.turns.turn import Turn

#: Fields of the talk in which only words of going back do so.
SEARCH_FIELDS = frozenset(("jobs", "subscription", "register", "training", "places", "fair"))


def resume_earlier_matter(turn: Turn) -> None:
    """Let a message be read after the matter that it goes back to, not after the last answer.

    Amid a search a sum is a wish for pay, and after words of despair nothing is business as usual.
    """
    state = state_of(turn)
    if state.field == "safety" or not refers_back(turn.text, by_words=state.field in SEARCH_FIELDS):
        return
    matter = resumed_matter(turn.text, _matters(turn.past), current_answers().rarity)
    if matter is None or matter.topic is None:
        return
    resumed = replace(
        state, field="knowledge", thread="policy", topic=matter.topic,
        messages=(matter.text,), unit="", asks="", shows="", offers=(), stated={},
    )  # fmt: skip
    turn.taken_up = True
    if matter.topic != turn.previous.topic:
        turn.set(facts=None, contribution_months=None)
    turn.set(topic=matter.topic, subject="policy")
    turn.slots = {**turn.slots, **turn.changes, "dialogue": resumed.to_slot()}


def _matters(events: Sequence[Mapping[str, Any]]) -> list[Matter]:
    """Return the person's messages before this one with the policy that answered each."""
    matters: list[Matter] = []
    for event in events:
        if event.get("event") == "user":
            matters.append(Matter(str(event.get("text") or ""), None))
        elif matters and event.get("event") == "slot" and event.get("name") == "dialogue":
            matters[-1] = replace(matters[-1], topic=_policy(event.get("value")))
    return matters[:-1]


def _policy(slot: Mapping[str, Any] | None) -> str | None:
    """Return the policy that the last answer of a state was of; None for another business."""
    state = DialogueState.from_slot(slot)
    if state.field not in POLICY_FIELDS:
        return None
    return topic_of(state.unit) if state.unit else state.topic

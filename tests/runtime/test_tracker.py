"""Our tracker beside Rasa's own: the same state, at a cost that does not grow."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from rasa.core.agent import Agent
from rasa.core.policies.rule_policy import RULES, RulePolicy
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import (
    ActionExecuted,
    ActionReverted,
    ActiveLoop,
    BotUttered,
    Event,
    Restarted,
    SessionStarted,
    SlotSet,
    UserUtteranceReverted,
    UserUttered,
)
from rasa.shared.core.trackers import DialogueStateTracker, EventVerbosity

from bot.runtime.tracker import VISIBLE_ACTIONS, Tracker
from bot.settings import ROOT


@pytest.fixture(scope="module")
def domain() -> Domain:
    """The domain of the assistant."""
    return Domain.load(str(ROOT / "domain.yml"))


def talk(turns: int) -> list[Event]:
    """Return the events of a conversation of so many turns."""
    events: list[Event] = [ActionExecuted("action_session_start"), SessionStarted()]
    events.append(ActionExecuted("action_listen"))
    for n in range(turns):
        intent = {"name": "policy" if n % 2 else "greet", "confidence": 0.9}
        events.append(UserUttered(f"第{n}句", intent, input_channel="web"))
        events += [ActionExecuted("action_answer"), BotUttered(f"答{n}"), SlotSet("age", n)]
        events.append(ActionExecuted("action_listen"))
    return events


def filled(kind: type[DialogueStateTracker], domain: Domain, turns: int) -> DialogueStateTracker:
    """Return a tracker of a kind with such a conversation."""
    tracker = kind("anna", domain.slots)
    for event in talk(turns):
        tracker.update(event, domain)
    return tracker


def test_a_copy_is_in_the_same_state_and_changes_by_itself(domain: Domain) -> None:
    tracker = filled(Tracker, domain, 3)
    copied = tracker.copy()
    assert copied.current_state(EventVerbosity.ALL) == tracker.current_state(EventVerbosity.ALL)
    replayed = DialogueStateTracker.copy(tracker)
    assert copied.current_state(EventVerbosity.ALL) == replayed.current_state(EventVerbosity.ALL)
    copied.update(SlotSet("age", 99), domain)
    copied.update(UserUttered("又来一句"), domain)
    assert tracker.get_slot("age") == 2
    assert tracker.latest_message is not None
    assert tracker.latest_message.text == "第2句"
    assert len(tracker.events) == len(copied.events) - 2


@pytest.mark.parametrize("turns", [0, 1, 2, 9])
def test_policies_see_the_last_states_as_rasa_gives_them(domain: Domain, turns: int) -> None:
    ours = filled(Tracker, domain, turns).past_states(domain)
    theirs = filled(DialogueStateTracker, domain, turns).past_states(domain)
    assert ours[1:] == theirs[len(theirs) - len(ours) + 1 :]
    assert len(ours) == min(len(theirs), VISIBLE_ACTIONS + 1)


def test_slots_that_policies_look_at_stand_in_the_first_state_seen() -> None:
    domain = Domain.from_dict(
        {
            "intents": ["greet", "policy"], "actions": ["action_answer"],
            "slots": {"told": {"type": "bool", "mappings": [{"type": "custom"}]},
                      "age": {"type": "any", "mappings": [{"type": "custom"}]}},
        }
    )  # fmt: skip
    states = []
    for kind in (Tracker, DialogueStateTracker):
        tracker = kind("anna", domain.slots)
        for event in [SlotSet("told", True), *talk(6)[2:]]:
            tracker.update(event, domain)
        states.append(tracker.past_states(domain)[-1])
    assert states[0] == states[1]
    assert states[0]["slots"] == {"told": (1.0, 1.0)}


@pytest.mark.parametrize(
    "between",
    [
        [],
        [SessionStarted(), ActionExecuted("action_listen")],
        [Restarted(), ActionExecuted("action_listen")],
        [ActionReverted()],
        [UserUtteranceReverted()],
        [ActiveLoop("form"), ActionExecuted("form"), ActionExecuted("form"), ActiveLoop(None)],
    ],
    ids=lambda events: events[0].type_name if events else "nothing",
)
def test_the_same_events_apply_as_in_rasas_own(domain: Domain, between: list[Event]) -> None:
    trackers = [filled(kind, domain, 3) for kind in (Tracker, DialogueStateTracker)]
    for tracker in trackers:
        for event in [*between, *talk(2)[2:]]:
            tracker.update(event)
    ours, theirs = (tracker.applied_events() for tracker in trackers)
    assert [event.as_dict() | {"timestamp": 0} for event in ours] == [
        event.as_dict() | {"timestamp": 0} for event in theirs
    ]


@pytest.mark.model
async def test_no_rule_looks_further_back_than_policies_see(model: Path) -> None:
    from bot.runtime.agent import open_agent

    longest = max(len(json.loads(rule)) for rule in _rules(await open_agent(model)))
    assert longest + 1 < VISIBLE_ACTIONS


def _rules(agent: Agent) -> list[str]:
    assert agent.processor is not None
    nodes = agent.processor.graph_runner._instantiated_nodes.values()
    (policy,) = (n._component for n in nodes if isinstance(n._component, RulePolicy))
    return [*policy.lookup[RULES]]

"""Predictions that are looked up are those that Rasa's rules make."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from rasa.core.policies.rule_policy import RulePolicy
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import (
    ActionExecuted,
    ActiveLoop,
    BotUttered,
    ConversationPaused,
    DefinePrevUserUtteredFeaturization,
    Event,
    SessionStarted,
    SlotSet,
    UserUttered,
)

from bot.channels import known_rules
from bot.channels.tracker import Tracker

ACTS = ("policy", "find_job", "inform", "nlu_fallback", "greet")


def said(act: str, entities: Sequence[dict[str, Any]] = ()) -> UserUttered:
    return UserUttered(f"说{act}", {"name": act, "confidence": 0.9}, list(entities))


def answered(act: str) -> list[Event]:
    return [
        said(act), DefinePrevUserUtteredFeaturization(False), ActionExecuted("action_answer"),
        BotUttered("答"), SlotSet("topic", act), ActionExecuted("action_listen"),
    ]  # fmt: skip


def conversations() -> list[list[Event]]:
    begun: list[Event] = [
        ActionExecuted("action_session_start"), SessionStarted(), ActionExecuted("action_listen"),
    ]  # fmt: skip
    region = [{"entity": "region", "value": "大连"}]
    made: list[list[Event]] = [[], begun]
    for act in ACTS:
        made += [
            [*begun, said(act)],
            [*begun, said(act, region)],
            [*begun, *answered("greet"), said(act)],
            [*begun, *answered("greet")[:-1]],
            [*begun, *answered("greet"), *answered(act), *answered("inform"), said(act)],
            [*begun, said(act), ActionExecuted("action_default_fallback")],
        ]
    for odd in ("restart", "session_start", "unheard"):
        made.append([*begun, said(odd)])
    return made


@pytest.fixture
async def rules(model: Path) -> tuple[RulePolicy, Domain]:
    from bot.channels.agent import open_agent

    processor = (await open_agent(model)).processor
    assert processor is not None
    nodes = processor.graph_runner._instantiated_nodes.values()
    policy = next(n._component for n in nodes if isinstance(n._component, RulePolicy))
    return policy, processor.domain


def _tracker(domain: Domain, events: Sequence[Event]) -> Tracker:
    made = Tracker("anna", domain.slots)
    for event in events:
        made.update(event, domain)
    return made


@pytest.mark.model
async def test_what_is_looked_up_is_what_the_rules_say(rules: tuple[RulePolicy, Domain]) -> None:
    policy, domain = rules
    for events in conversations() * 2:  # the second time from memory
        tracker = _tracker(domain, events)
        ours, our_source = known_rules.predict(policy, tracker, domain)
        theirs, their_source = known_rules._predict(policy, tracker, domain)
        assert (ours.probabilities, our_source) == (theirs.probabilities, their_source)
        assert ours.hide_rule_turn == theirs.hide_rule_turn
        ours.probabilities[0] = 7.0  # belongs to whoever asked


@pytest.mark.model
async def test_rules_are_not_asked_again_after_the_same_acts(
    rules: tuple[RulePolicy, Domain], monkeypatch: pytest.MonkeyPatch
) -> None:
    policy, domain = rules
    once = [*answered("greet"), said("policy")]
    known_rules.predict(policy, _tracker(domain, once), domain)
    monkeypatch.setattr(known_rules, "_predict", lambda *_: pytest.fail("asked"))
    known_rules.predict(policy, _tracker(domain, [*answered("greet"), said("policy")]), domain)


def test_where_more_than_names_counts_nothing_is_looked_up() -> None:
    domain = Domain.from_yaml("version: '3.1'\nintents: [greet]")
    acts = frozenset(("greet",))
    assert known_rules.key_of(_tracker(domain, [said("greet")]), acts) is not None
    assert known_rules.key_of(_tracker(domain, [said("greet")]), frozenset()) is None
    for more in (ActiveLoop("form"), ConversationPaused()):
        assert known_rules.key_of(_tracker(domain, [said("greet"), more]), acts) is None


@pytest.mark.parametrize(
    "domain",
    [
        "intents: [{greet: {use_entities: [region]}}]\nentities: [region]",
        "intents: [greet]\nslots: {age: {type: bool, mappings: [{type: custom}]}}",
    ],
)
def test_acts_whose_entities_or_slots_count_are_not_plain(domain: str) -> None:
    class Policy:
        lookup: dict[str, Any] = {}  # as Rasa's own

    read = Domain.from_yaml(f"version: '3.1'\n{domain}")
    assert "greet" not in known_rules._plain_acts(Policy(), read)

"""Predictions that are looked up are those that Rasa's rules make."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any
from unittest.mock import Mock

import pytest
from rasa.core.policies.policy import Policy, PolicyPrediction
from rasa.core.policies.rule_policy import RULES, RulePolicy
from rasa.core.processor import MessageProcessor
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

from bot.runtime import prediction_cache
from bot.runtime.message_processor import Processor
from bot.runtime.tracker import Tracker

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
async def processor(model: Path) -> Processor:
    """The processor of a model just loaded: it knows nothing yet."""
    from bot.runtime.agent import open_agent

    made = (await open_agent(model)).processor
    assert isinstance(made, Processor)
    return made


def _tracker(domain: Domain, events: Sequence[Event]) -> Tracker:
    made = Tracker("anna", domain.slots)
    for event in events:
        made.update(event, domain)
    return made


def _plain(prediction: PolicyPrediction) -> dict[str, Any]:
    told = dict(vars(prediction))
    told["events"] = [(one.type_name, one.use_text_for_featurization) for one in prediction.events]
    return told


@pytest.mark.model
async def test_what_is_looked_up_is_what_the_policies_say(processor: Processor) -> None:
    for events in conversations() * 2:  # the second time from memory
        ours = processor._predict_next_with_tracker(_tracker(processor.domain, events))
        theirs = MessageProcessor._predict_next_with_tracker(
            processor, _tracker(processor.domain, events)
        )
        assert _plain(ours) == _plain(theirs)
        ours.probabilities[0] = 7.0  # belongs to whoever asked
        ours.events.append(ActionExecuted("action_listen"))


@pytest.mark.model
async def test_policies_are_not_asked_again_after_the_same_acts(
    processor: Processor, monkeypatch: pytest.MonkeyPatch
) -> None:
    events = [*answered("greet"), said("policy")]
    first = processor._predict_next_with_tracker(_tracker(processor.domain, events))
    monkeypatch.setattr(processor.graph_runner, "run", lambda *_, **__: pytest.fail("asked"))
    again = processor._predict_next_with_tracker(_tracker(processor.domain, events))
    assert again.max_confidence_index == first.max_confidence_index
    assert again.events[0] is not first.events[0]


@pytest.mark.model
async def test_an_action_that_was_asked_for_comes_first(processor: Processor) -> None:
    for followed in (None, "action_restart"):
        tracker = _tracker(processor.domain, [*answered("greet"), said("policy")])
        tracker.followup_action = followed
        index = processor._predict_next_with_tracker(tracker).max_confidence_index
        assert processor.domain.action_names_or_texts[index] == (followed or "action_answer")


def test_where_more_than_names_counts_nothing_is_looked_up() -> None:
    domain = Domain.from_yaml("version: '3.1'\nintents: [greet]")
    acts = frozenset(("greet",))
    assert prediction_cache.cache_key(_tracker(domain, [said("greet")]), acts) is not None
    assert prediction_cache.cache_key(_tracker(domain, [said("greet")]), frozenset()) is None
    for more in (ActiveLoop("form"), ConversationPaused()):
        assert prediction_cache.cache_key(_tracker(domain, [said("greet"), more]), acts) is None


@pytest.mark.parametrize(
    "domain",
    [
        "intents: [{greet: {use_entities: [region]}}]\nentities: [region]",
        "intents: [greet]\nslots: {age: {type: bool, mappings: [{type: custom}]}}",
    ],
)
def test_acts_whose_entities_or_slots_count_are_not_plain(domain: str) -> None:
    rules = Mock(spec=RulePolicy, lookup={})
    read = Domain.from_yaml(f"version: '3.1'\n{domain}")
    assert "greet" not in prediction_cache.plain_acts([rules], read)


def test_where_others_than_rules_predict_nothing_is_looked_up() -> None:
    domain = Domain.from_yaml("version: '3.1'\nintents: [greet]")
    rules, other = Mock(spec=RulePolicy, lookup={}), Mock(spec=Policy)
    by_text = Mock(spec=RulePolicy, lookup={RULES: {'[{"user": {"text": "你好"}}]': "x"}})
    assert "greet" in prediction_cache.plain_acts([rules], domain)
    for policies in ([rules, other], [other], [], [by_text]):
        assert prediction_cache.plain_acts(policies, domain) == frozenset()

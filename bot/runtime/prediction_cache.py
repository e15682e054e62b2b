"""Cache of RulePolicy's predictions by the acts and actions before them.

RulePolicy of Rasa 3.6.21 builds the states of a conversation twice a prediction and compares them
with every rule. Where rules alone predict, and neither slots nor entities count, as in our domain,
the answer hangs on the names of the last acts and actions alone.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any

from rasa.core.policies.policy import Policy, PolicyPrediction
from rasa.core.policies.rule_policy import RULES, RulePolicy
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import (
    ActionExecuted,
    BotUttered,
    DefinePrevUserUtteredFeaturization,
    Event,
    SessionStarted,
    SlotSet,
    UserUttered,
)
from rasa.shared.core.trackers import DialogueStateTracker

from bot.runtime.tracker import VISIBLE_ACTIONS, shallow_copy

#: So many predictions are known at most; a domain of 24 acts and one action has some hundreds.
MAX_PREDICTIONS = 5_000
#: Kinds of events that change nothing that a rule looks at.
IGNORED_EVENTS = frozenset((BotUttered.type_name, SlotSet.type_name))

Predict = Callable[[DialogueStateTracker], PolicyPrediction]


class PredictionCache:
    """The predictions that a model's policies made."""

    def __init__(self, policies: Iterable[Policy], domain: Domain) -> None:
        self._acts = plain_acts(list(policies), domain)
        self._predictions: dict[tuple[Any, ...], PolicyPrediction] = {}

    def predict(self, tracker: DialogueStateTracker, ask: Predict) -> PolicyPrediction:
        """Return what `ask` returns, without asking when the names say it; a copy of its own."""
        key = cache_key(tracker, self._acts)
        cached = self._predictions.get(key) if key is not None else None
        if cached is not None:
            return _copied(cached)
        made = ask(tracker)
        # Other events would have to be made again by the policy.
        plain = all(isinstance(e, DefinePrevUserUtteredFeaturization) for e in made.events)
        if (
            key is not None
            and plain
            and not made.optional_events
            and len(self._predictions) < MAX_PREDICTIONS
        ):
            self._predictions[key] = _copied(made)
        return made


def _copied(prediction: PolicyPrediction) -> PolicyPrediction:
    duplicate = shallow_copy(prediction)
    duplicate.probabilities = list(prediction.probabilities)
    duplicate.events = [
        DefinePrevUserUtteredFeaturization(event.use_text_for_featurization)
        for event in prediction.events
    ]
    return duplicate


def cache_key(tracker: DialogueStateTracker, acts: frozenset[str]) -> tuple[Any, ...] | None:
    """Return the acts and actions back to the last that policies see; None when more counts.

    `acts` count by their name alone.
    """
    if tracker.active_loop or tracker.is_paused() or tracker.followup_action:
        return None
    key: list[Any] = []
    actions = 0
    for event in reversed(tracker.events):
        if event.type_name in IGNORED_EVENTS:
            continue
        element = _key_element(event, acts)
        if element is None:
            return None
        key.append(element)
        actions += event.type_name == ActionExecuted.type_name
        if actions == VISIBLE_ACTIONS:
            break
    return tuple(key)


def _key_element(event: Event, acts: frozenset[str]) -> Any:
    kind = event.type_name
    if kind == ActionExecuted.type_name:
        return (event.action_name, event.action_text, event.hide_rule_turn, event.unpredictable)
    if kind == UserUttered.type_name and event.intent_name in acts:
        return (event.intent_name, bool(event.text), event.use_text_for_featurization)
    if kind == DefinePrevUserUtteredFeaturization.type_name:
        return event.use_text_for_featurization
    return "session" if kind == SessionStarted.type_name else None


def plain_acts(policies: Sequence[Policy], domain: Domain) -> frozenset[str]:
    """Return the acts that count by their name alone; none when others than rules predict."""
    if len(policies) != 1 or not isinstance(policies[0], RulePolicy):
        return frozenset()
    by_slots = any(slot.influence_conversation for slot in domain.slots)
    if by_slots or _by_text(policies[0].lookup.get(RULES, ())):
        return frozenset()
    acts = domain.intent_properties.items()
    return frozenset(name for name, properties in acts if not properties["used_entities"])


def _by_text(rules: Iterable[str]) -> bool:
    return any('"text"' in rule for rule in rules)

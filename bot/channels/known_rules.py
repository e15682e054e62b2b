"""What Rasa's rules predict after the same acts and actions, looked up instead of compared anew.

RulePolicy of Rasa 3.6.21 builds the states of a conversation twice a prediction and compares them
with every rule. Where neither slots nor entities count, as in our domain, its answer hangs on the
names of the last acts and actions alone.
"""

from __future__ import annotations

import copy
from collections.abc import Iterable
from typing import Any, cast

from rasa.core.policies.policy import PolicyPrediction
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

from bot.channels.tracker import SEEN

#: So many predictions are known at most; a domain of 24 acts and one action has some hundreds.
MOST = 5_000
#: Events that change nothing that a rule looks at.
SILENT = (BotUttered, SlotSet)

Predicted = tuple[PolicyPrediction, "str | None"]
_predict = RulePolicy._predict


def predict(policy: RulePolicy, tracker: DialogueStateTracker, domain: Domain) -> Predicted:
    """Return what Rasa's own `_predict` returns."""
    known: dict[Any, Predicted] = policy.__dict__.setdefault("known", {})
    key = key_of(tracker, _plain_acts(policy, domain))
    if key is None:
        return cast("Predicted", _predict(policy, tracker, domain))
    if key not in known:
        predicted: Predicted = _predict(policy, tracker, domain)
        if predicted[0].events or predicted[0].optional_events or len(known) >= MOST:
            return predicted
        known[key] = predicted
    prediction, source = known[key]
    own = copy.copy(prediction)
    own.probabilities = list(prediction.probabilities)
    return own, source


def key_of(tracker: DialogueStateTracker, acts: frozenset[str]) -> tuple[Any, ...] | None:
    """Return the acts and actions back to the last that policies see; None when more counts.

    `acts` are those of which the name alone counts.
    """
    if tracker.active_loop or tracker.is_paused() or tracker.followup_action:
        return None
    key: list[Any] = []
    actions = 0
    for event in reversed(tracker.events):
        if isinstance(event, SILENT):
            continue
        named = _named(event, acts)
        if named is None:
            return None
        key.append(named)
        actions += isinstance(event, ActionExecuted)
        if actions == SEEN:
            break
    return tuple(key)


def _named(event: Event, acts: frozenset[str]) -> Any:
    if isinstance(event, ActionExecuted):
        return (event.action_name, event.action_text, event.hide_rule_turn, event.unpredictable)
    if isinstance(event, UserUttered) and event.intent_name in acts:
        return (event.intent_name, bool(event.text), event.use_text_for_featurization)
    if isinstance(event, DefinePrevUserUtteredFeaturization):
        return event.use_text_for_featurization
    return "session" if isinstance(event, SessionStarted) else None


def _plain_acts(policy: RulePolicy, domain: Domain) -> frozenset[str]:
    """Return the acts whose entities count for no rule; none when slots or texts count."""
    told: tuple[Domain, frozenset[str]] | None = policy.__dict__.get("plain_acts")
    if told is None or told[0] is not domain:
        counts = any(slot.influence_conversation for slot in domain.slots)
        counts = counts or _by_text(policy.lookup.get(RULES, ()))
        acts = domain.intent_properties.items()
        plain = {name for name, one in acts if not one["used_entities"] and not counts}
        told = policy.__dict__["plain_acts"] = (domain, frozenset(plain))
    return told[1]


def _by_text(rules: Iterable[str]) -> bool:
    return any('"text"' in rule for rule in rules)

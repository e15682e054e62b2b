"""Patches of the places of Rasa 3.6.21 that cost most of a message's time.

- `RemoteAction._validate_action_result` compiles a JSON schema for every action. Here it is
  compiled once; what our own process returns is not checked: rasa-sdk's executor has done so.
- `Event.resolve_by_type` walks through all classes of events for each event. Here it looks up.
- `default_actions` makes all of Rasa's own actions whenever one is looked up. They hold no
  state, so that each endpoint has its own once.
- `FailSafeTrackerStore` goes on with a conversation in memory while the database is away, without
  what was said before, and keeps nothing of it. Here the message fails and is answered later.
- `MessageProcessor` and the `DaskGraphRunner` that it loads models with: our own subclasses.

None of it can be configured. tests/runtime/test_rasa_patches.py fails when Rasa changes one of
them.
"""

from __future__ import annotations

from typing import Any

from jsonschema import Draft202012Validator, ValidationError
from rasa.core import agent, processor
from rasa.core.actions import action
from rasa.core.actions.action import Action, RemoteAction
from rasa.core.tracker_store import TrackerStore
from rasa.shared.core.events import Event
from rasa.shared.utils.common import all_subclasses
from rasa.utils.endpoints import EndpointConfig

from bot.caches import process_cache
from bot.runtime.action_endpoints import InProcessActionEndpoint
from bot.runtime.graph_runner import PlainRunner
from bot.runtime.message_processor import Processor

_resolve = Event.resolve_by_type
_make_default_actions = action.default_actions


def apply_patches() -> None:
    """Put the replacements in place; a second time changes nothing."""
    RemoteAction._validate_action_result = _validate_action_result
    Event.resolve_by_type = staticmethod(_resolve_by_type)
    action.default_actions = _default_actions
    agent.MessageProcessor = Processor
    processor.DaskGraphRunner = PlainRunner
    agent.FailSafeTrackerStore = _without_fallback


def _without_fallback(store: TrackerStore) -> TrackerStore:
    return store


@process_cache(size=1)
def _validator() -> Draft202012Validator:
    return Draft202012Validator(RemoteAction.action_response_format_spec())


def _validate_action_result(remote_action: RemoteAction, result: Any) -> bool:
    """Return True; raises ValidationError for what an action server must not send."""
    if isinstance(remote_action.action_endpoint, InProcessActionEndpoint):
        return True
    violation = next(_validator().iter_errors(result), None)
    if violation is not None:
        raise ValidationError(f"the action server's answer is not valid: {violation.json_path}")
    return True


@process_cache(size=1)
def _event_types() -> dict[str, type[Event]]:
    classes: dict[str, type[Event]] = {}
    for event_class in all_subclasses(Event):
        classes.setdefault(event_class.type_name, event_class)
    return classes


def _resolve_by_type(type_name: str, default: type[Event] | None = None) -> type[Event] | None:
    """Return the class of a type of events, as Rasa's own does."""
    event_class = _event_types().get(type_name)
    return event_class if event_class is not None else _resolve(type_name, default)


def _default_actions(endpoint: EndpointConfig | None = None) -> list[Action]:
    """Return Rasa's own actions; those of an endpoint are made once."""
    if endpoint is None:
        return list(_make_default_actions())
    made = endpoint.__dict__.get("default_actions")
    if made is None:
        made = endpoint.__dict__["default_actions"] = tuple(_make_default_actions(endpoint))
    return list(made)

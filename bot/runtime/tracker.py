"""A Rasa tracker that costs the same at the hundredth message as at the tenth.

Rasa's own replays all its events to copy itself, several times a message, and rebuilds the dialogue
states of the whole conversation for every prediction. This one copies its state, shows policies
the last states only, and keeps what its stored events look like as JSON.

What a message asks of each event goes by `type_name`: Rasa's events are abstract base classes, and
`isinstance` on one of those costs ten times as much.
"""

from __future__ import annotations

import copy
from collections import deque
from collections.abc import Generator
from itertools import islice
from typing import Any, TypeVar

from rasa.shared.core.events import (
    ActionExecuted,
    ActionReverted,
    ActiveLoop,
    AllSlotsReset,
    Event,
    Restarted,
    SessionStarted,
    SlotSet,
    UserUtteranceReverted,
    UserUttered,
)
from rasa.shared.core.trackers import DialogueStateTracker, EventVerbosity

T = TypeVar("T")
#: Actions back to which a policy sees. The longest of our rules has 3 states; a rule longer than
#: this would never apply (tests/runtime/test_tracker.py compares).
VISIBLE_ACTIONS = 5
#: Events with an effect that outlasts the actions that policies see.
LASTING = (SlotSet, AllSlotsReset, ActiveLoop)
#: Kinds of events that undo others, and those after which nothing earlier counts.
UNDOING = frozenset(
    (ActionReverted.type_name, UserUtteranceReverted.type_name, ActiveLoop.type_name)
)
BEGINNING = frozenset((SessionStarted.type_name, Restarted.type_name))


class Tracker(DialogueStateTracker):  # type: ignore[misc]
    """Made by `DatabaseTrackerStore` alone."""

    stored: int = 0
    """Number of first events that need not be stored: they are, or stand for older ones."""
    synced_up_to: int = 0
    """The id of an event up to which nothing in the database is unknown here; 0 before any."""
    added: int = 0
    """Number of events that were stored from here after `synced_up_to`."""

    def init_copy(self) -> Tracker:
        """Return a tracker of the same conversation without its events."""
        return Tracker(
            self.sender_id, self.slots.values(), self._max_event_history,
            is_rule_tracker=self.is_rule_tracker,
        )  # fmt: skip

    def copy(self) -> Tracker:
        """Return a tracker in the same state, which changes by itself."""
        made: Tracker = shallow_copy(self)
        made.events = deque(self.events, self._max_event_history)
        made.slots = {name: shallow_copy(slot) for name, slot in self.slots.items()}
        made.active_loop = copy.copy(self.active_loop)
        return made

    def generate_all_prior_trackers(
        self,
    ) -> Generator[tuple[DialogueStateTracker, bool], None, None]:
        """Yield the tracker as it was before each of the last actions, and as it is."""
        applied = self.applied_events()
        began = _last_actions(applied)
        replayed = DialogueStateTracker(self.sender_id, self.slots.values())
        for event in applied[:began]:
            if isinstance(event, LASTING):
                event.apply_to(replayed)
        for event in applied[began:]:
            if isinstance(event, ActionExecuted):
                yield replayed, event.hide_rule_turn
            replayed.update(event)
        yield replayed, False

    def applied_events(self) -> list[Event]:
        """Return the events since the session's beginning that nothing has undone."""
        kinds = [event.type_name for event in self.events]
        if not UNDOING.isdisjoint(kinds):
            undone: list[Event] = super().applied_events()
            return undone
        began = 0
        for index, kind in enumerate(kinds):
            if kind in BEGINNING:
                began = index + 1
        return list(islice(self.events, began, None))

    def current_state(self, event_verbosity: EventVerbosity = EventVerbosity.NONE) -> Any:
        """Return the state as Rasa's own does; each stored event was put into words once."""
        if event_verbosity is not EventVerbosity.ALL:
            return super().current_state(event_verbosity)
        state = super().current_state(EventVerbosity.NONE)
        state["events"] = [as_json(event) for event in self.events]
        return state

    def turns(self) -> int:
        """Return how many messages of the person it holds."""
        return sum(event.type_name == UserUttered.type_name for event in self.events)


def shallow_copy(instance: T) -> T:
    """Return a shallow copy, as copy.copy does at a quarter of its cost; there are 30 slots."""
    made = object.__new__(type(instance))
    made.__dict__.update(instance.__dict__)
    return made


def as_json(event: Event) -> dict[str, Any]:
    """Return what an event is stored as; that of a stored one is not to be changed."""
    stored: dict[str, Any] | None = event.__dict__.get("stored_as")
    return stored if stored is not None else event.as_dict()


def keep_json(event: Event, stored_as: dict[str, Any]) -> Event:
    """Remember what an event is stored as; it changes no more."""
    event.__dict__["stored_as"] = stored_as
    return event


def _last_actions(applied: list[Event]) -> int:
    """Return where the events begin that policies need."""
    remaining = VISIBLE_ACTIONS
    for index in range(len(applied) - 1, -1, -1):
        if isinstance(applied[index], ActionExecuted):
            remaining -= 1
            if not remaining:
                return index
    return 0

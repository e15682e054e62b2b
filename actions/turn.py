"""One turn as the actions see it: what was said, what was read from it, what is known."""

from __future__ import annotations

import logging
import uuid
from abc import ABC, abstractmethod
from dataclasses import dataclass, field
from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.events import SlotSet
from rasa_sdk.executor import CollectingDispatcher

from bot.messages import Message
from bot.replies import reply

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class Topic:
    """A topic the classifier found, with its calibrated probability."""

    name: str
    confidence: float


@dataclass
class Turn:
    """The latest message and the slots; changes are collected and returned as events."""

    text: str
    act: str
    confidence: float
    topics: list[Topic]
    entities: list[dict[str, Any]]
    slots: dict[str, Any]
    changes: dict[str, Any] = field(default_factory=dict)

    @classmethod
    def of(cls, tracker: Tracker) -> Turn:
        """Read a turn from Rasa's tracker."""
        latest = tracker.latest_message
        intent = latest.get("intent") or {}
        return cls(
            text=latest.get("text") or "",
            act=intent.get("name") or "out_of_scope",
            confidence=float(intent.get("confidence") or 0.0),
            topics=[Topic(t["name"], t["confidence"]) for t in latest.get("topics") or ()],
            entities=list(latest.get("entities") or ()),
            slots=dict(tracker.slots),
        )

    def of_kind(self, kind: str) -> list[dict[str, Any]]:
        """Return what was read of one kind, in the order of the text."""
        found = [entity for entity in self.entities if entity["entity"] == kind]
        return sorted(found, key=lambda entity: int(entity["start"]))

    def get(self, slot: str) -> Any:
        """Return a slot as it is after the changes of this turn."""
        return self.changes.get(slot, self.slots.get(slot))

    def set(self, **values: Any) -> None:
        """Change slots."""
        self.changes.update(values)

    def events(self) -> list[dict[str, Any]]:
        """Return the changes as Rasa's events; a slot that stays as it is makes none."""
        return [
            SlotSet(name, value)
            for name, value in self.changes.items()
            if self.slots.get(name) != value
        ]


class TurnAction(Action, ABC):
    """A custom action: reads the turn, says one message, changes slots.

    The outermost edge of all that our own code does for a message: whatever fails is said in a
    plain sentence with 12333, and logged under a number without what the person wrote.
    """

    @abstractmethod
    def answer(self, turn: Turn) -> Message:
        """Return what is said; slots are changed by `turn.set`."""

    def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> list[dict[str, Any]]:
        """Answer the latest message."""
        turn = Turn.of(tracker)
        try:
            message = self.answer(turn)
        except Exception:
            logger.exception("%s failed, message %s", self.name(), uuid.uuid4().hex)
            dispatcher.utter_message(json_message=reply("error", None).to_dict())
            return []
        dispatcher.utter_message(json_message=message.to_dict())
        return turn.events()

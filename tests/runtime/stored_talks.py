"""Conversations in the tracker store."""

from __future__ import annotations

from rasa.shared.core.domain import Domain
from rasa.shared.core.events import (
    ActionExecuted,
    BotUttered,
    Event,
    SessionStarted,
    SlotSet,
    UserUttered,
)
from rasa.shared.core.trackers import DialogueStateTracker

from bot.runtime.tracker_store import DatabaseTrackerStore
from bot.settings import ROOT

DOMAIN = Domain.load(str(ROOT / "domain.yml"))


def opened(database: str) -> DatabaseTrackerStore:
    """Return the store of another worker."""
    return DatabaseTrackerStore(DOMAIN, host=database)


def session_start(**slots: object) -> list[Event]:
    carried = [SlotSet(name, value) for name, value in slots.items()]
    listens = ActionExecuted("action_listen")
    return [ActionExecuted("action_session_start"), SessionStarted(), *carried, listens]


def turn(said: str, **slots: object) -> list[Event]:
    told = [SlotSet(name, value) for name, value in slots.items()]
    answer = [ActionExecuted("action_answer"), BotUttered(f"答{said}"), *told]
    parsed = {"name": "greet", "confidence": 1.0}
    heard = UserUttered(said, parsed, [], {"intent": parsed, "entities": [], "text": said}, "web")
    return [heard, *answer, ActionExecuted("action_listen")]


async def say(store: DatabaseTrackerStore, who: str, events: list[Event]) -> None:
    """Add events as Rasa does: read, update, save."""
    tracker = await store.get_or_create_tracker(who, append_action_listen=False)
    tracker.update_with_events(events, DOMAIN)
    await store.save(tracker)


def heard(tracker: DialogueStateTracker) -> list[str | None]:
    return [event.text for event in tracker.events if isinstance(event, UserUttered)]

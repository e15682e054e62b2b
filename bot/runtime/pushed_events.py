"""Pushed messages as events of Rasa's conversation: so a reply of `2` means the second posting.

The worker is another process than Rasa. Where both share a lock store (Redis) an event is added
under the person's lock; where they do not, `DatabaseTrackerStore` adds events without ever
overwriting those that the other process added.
"""

from __future__ import annotations

from pathlib import Path

from rasa.core.lock_store import LockStore
from rasa.core.tracker_store import TrackerStore
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import BotUttered, Event, SlotSet

from bot.delivery.conversation_log import ConversationLog
from bot.delivery.sender import Outgoing
from bot.rendering.plain import full_text
from bot.runtime.lock_store import QuickLockStore
from bot.runtime.tracker_store import DatabaseTrackerStore


class TrackedConversations(ConversationLog):
    """The conversations in Rasa's tracker store."""

    def __init__(self, store: TrackerStore, locks: LockStore | None = None) -> None:
        self._store = store
        self._locks = locks or QuickLockStore()

    @classmethod
    def open(cls, url: str, domain: Path) -> TrackedConversations:
        """Open the conversations of a database, without loading a model."""
        return cls(DatabaseTrackerStore(Domain.load(str(domain)), host=url))

    async def note(self, delivery: Outgoing) -> None:
        """Add what was said and the slots it sets; a delivery that stands there adds nothing."""
        async with self._locks.lock(delivery.address):
            tracker = await self._store.get_or_create_tracker(delivery.address)
            bot_messages = (e for e in reversed(tracker.events) if isinstance(e, BotUttered))
            if any(event.metadata.get("delivery") == delivery.key for event in bot_messages):
                return
            for event in _events(delivery):
                tracker.update(event, self._store.domain)
            await self._store.save(tracker)


def _events(delivery: Outgoing) -> list[Event]:
    body = dict(delivery.body)
    bot_message = BotUttered(full_text(body), {"custom": body}, {"delivery": delivery.key})
    return [bot_message, *(SlotSet(name, value) for name, value in delivery.slots.items())]

"""Rasa's SQL tracker store on the project's own engine: one database, one place that tunes it."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice
from typing import Any

from rasa.core.brokers.broker import EventBroker
from rasa.core.tracker_store import SQLTrackerStore, TrackerStore
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import Event
from rasa.shared.core.trackers import DialogueStateTracker
from sqlalchemy.orm import Session, sessionmaker

from bot.db.session import engine
from bot.settings import settings


class DatabaseTrackerStore(SQLTrackerStore):  # type: ignore[misc]
    """Keeps conversations in `DATABASE_URL`. Named in endpoints.yml."""

    def __init__(
        self,
        domain: Domain | None = None,
        host: str | None = None,
        event_broker: EventBroker | None = None,
        **kwargs: Any,
    ) -> None:
        # Not SQLTrackerStore.__init__: it would build a second engine, with its own pool.
        self.engine = engine(host or settings().database_url)
        self.Base.metadata.create_all(self.engine)
        self.sessionmaker = sessionmaker(bind=self.engine)
        TrackerStore.__init__(self, domain, event_broker, **kwargs)

    async def _retrieve(
        self, sender_id: str, fetch_events_from_all_sessions: bool
    ) -> DialogueStateTracker | None:
        tracker = await super()._retrieve(sender_id, fetch_events_from_all_sessions)
        if tracker is not None:
            tracker.stored = len(tracker.events)
        return tracker

    async def save(self, tracker: DialogueStateTracker) -> None:
        """Add the events that came since the tracker was read."""
        await super().save(tracker)
        tracker.stored = len(tracker.events)

    def _additional_events(
        self, session: Session, tracker: DialogueStateTracker
    ) -> Iterator[Event]:
        """Return the events that are not stored yet.

        Rasa's own counts what the database has by now. When another process (the push worker) added
        some since the tracker was read, it would leave out as many of ours: a person's words.
        """
        stored = getattr(tracker, "stored", None)
        if stored is None:
            added: Iterator[Event] = super()._additional_events(session, tracker)
            return added
        return islice(tracker.events, stored, None)

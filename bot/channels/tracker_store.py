"""Rasa's SQL tracker store on the project's own engine: one database, one place that tunes it."""

from __future__ import annotations

from typing import Any

from rasa.core.brokers.broker import EventBroker
from rasa.core.tracker_store import SQLTrackerStore, TrackerStore
from rasa.shared.core.domain import Domain
from sqlalchemy.orm import sessionmaker

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

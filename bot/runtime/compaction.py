"""Compaction of idle conversations: after a day without a message the last turn is enough.

What is known of the person stays in the slots; the older events are deleted.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from rasa.shared.core.domain import Domain

from bot import clock
from bot.db.session import engine
from bot.messaging.event_log import idle_since
from bot.runtime.tracker_store import DatabaseTrackerStore

#: How long a conversation rests before it is compacted. Its session has ended after one hour.
IDLE_PERIOD = timedelta(days=1)


@dataclass(frozen=True)
class Compacted:
    """Counts of a compaction."""

    conversations: int
    events: int
    """Deleted."""


def compact_idle(url: str, domain: Path, idle_period: timedelta = IDLE_PERIOD) -> Compacted:
    """Compact all conversations at rest, each in a transaction of its own.

    A person who writes at this moment loses nothing: events are only ever added, and a process that
    caches the conversation notices.
    """
    store = DatabaseTrackerStore(Domain.load(str(domain)), host=url)
    cutoff, last_sender = (clock.now() - idle_period).timestamp(), ""
    conversations = events = 0
    while True:
        with engine(url).connect() as db:
            senders = idle_since(db, cutoff, last_sender)
        if not senders:
            return Compacted(conversations, events)
        for sender in senders:
            dropped = store.compact(sender)
            conversations, events = conversations + bool(dropped), events + dropped
        last_sender = senders[-1]

"""Rasa's tracker store on the project's own database: a message reads and writes what is new.

A conversation in a worker's cache is used when no other process has added to it; one small query
tells. A conversation is held from its session's beginning, a long one from 20 turns
back, with the slots as they stood there.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable, Iterable, Sequence
from itertools import islice
from typing import Any, TypeVar

from rasa.core.brokers.broker import EventBroker
from rasa.core.tracker_store import TrackerStore
from rasa.shared.constants import DEFAULT_SENDER_ID
from rasa.shared.core.constants import ACTION_LISTEN_NAME
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import ActionExecuted, BotUttered, Event, SessionStarted, SlotSet
from rasa.shared.core.trackers import DialogueStateTracker
from rasa.shared.utils.common import all_subclasses

from bot.db.session import Connection, engine, is_dry_run, transaction
from bot.db.threads import in_database
from bot.messages import erases
from bot.messaging import event_log
from bot.messaging.event_log import Answer, EventRow
from bot.runtime.tracker import Tracker, as_json, keep_json
from bot.settings import settings

T = TypeVar("T")
#: Turns of a person that are kept when a conversation is cut, and from which on it is. A
#: counsellor is shown 20 (bot/turns/transcript.py).
KEPT_TURNS, MAX_TURNS = 20, 30
#: Events of all conversations that a worker remembers; about 1.5 KB each.
MAX_CACHED_EVENTS = 20_000
#: Rasa's own look-up walks through all subclasses for every event.
_EVENT_TYPES: dict[str, Any] = {
    event_class.type_name: event_class for event_class in all_subclasses(Event)
}


class DatabaseTrackerStore(TrackerStore):  # type: ignore[misc]
    """Keeps conversations in `DATABASE_URL`. Named in endpoints.yml."""

    def __init__(
        self,
        domain: Domain | None = None,
        host: str | None = None,
        event_broker: EventBroker | None = None,
        **kwargs: Any,
    ) -> None:
        self._engine = engine(host or settings().database_url.reveal())
        self._cache = TrackerCache()
        super().__init__(domain, event_broker, **kwargs)
        self.domain = domain

    @property
    def domain(self) -> Domain:
        """The domain of the model that is served."""
        return self._domain

    @domain.setter
    def domain(self, domain: Domain | None) -> None:
        self._domain = domain or Domain.empty()
        # Copied for each that is read: Rasa's own makes thirty slots each time.
        self._blank = Tracker(DEFAULT_SENDER_ID, self._domain.slots)

    async def retrieve(self, sender_id: str) -> Tracker:
        """Return the conversation as it stands; an empty one for a new person."""
        return await self._run(self._retrieve, sender_id)

    async def retrieve_full_tracker(self, conversation_id: str) -> DialogueStateTracker | None:
        """Return all events that are still kept, of all sessions; None when there are none."""
        read = await self._run(event_log.read, conversation_id, True)
        return self._tracker(conversation_id, {}, read.rows) if read.rows else None

    async def exists(self, conversation_id: str) -> bool:
        """Return whether anything is kept of a sender."""
        return bool((await self.retrieve(conversation_id)).events)

    async def get_or_create_tracker(
        self,
        sender_id: str,
        max_event_history: int | None = None,
        append_action_listen: bool = True,
    ) -> DialogueStateTracker:
        """Return the conversation; one that is new waits for its first message."""
        tracker = await self.retrieve(sender_id or DEFAULT_SENDER_ID)
        if append_action_listen and not tracker.events:
            tracker.update(ActionExecuted(ACTION_LISTEN_NAME))
        return tracker

    async def keys(self) -> Iterable[str]:
        """Return the senders with stored events."""
        return await self._run(event_log.senders)

    async def save(self, tracker: DialogueStateTracker) -> None:
        """Add the events that came since the tracker was read, in one transaction."""
        await self.stream_events(tracker)
        if not isinstance(tracker, Tracker):
            tracker = await self._as_read(tracker)
        new = list(islice(tracker.events, tracker.stored, None))
        if any(map(_erases, new)):
            # The person had their data deleted: neither is this turn kept, nor what went before.
            await self._run(event_log.forget, tracker.sender_id)
            return
        if new:
            for event in new:
                keep_json(event, event.as_dict())
            await self._run(
                event_log.add, tracker.sender_id, [as_json(new_event) for new_event in new]
            )
            tracker.stored += len(new)
            tracker.added += len(new)
        _forget_past_sessions(tracker)
        if tracker.events and tracker.turns() <= MAX_TURNS and not is_dry_run():
            self._cache.put(tracker)

    async def answer_to(self, sender_id: str, message_id: str) -> Answer | None:
        """Return what was answered to a message that its sender has named; None when it is new."""
        return await self._run(event_log.answer_to, sender_id, message_id)

    def compact(self, sender_id: str) -> int:
        """Delete what is not read any more of a conversation; return how many events.

        For one that has rested: of its events the last turn stays, of the others the slots.
        """
        with self._engine.begin() as db:
            self._load(db, sender_id, max_turns=1, kept_turns=1)
            return event_log.drop_compacted(db, sender_id)

    async def _run(self, work: Callable[..., T], *arguments: Any) -> T:
        """Run something in a transaction of its own, in a thread: it may wait for a lock."""

        def run() -> T:
            with transaction(self._engine) as db:
                return work(db, *arguments)

        return await in_database(run)

    def _retrieve(self, db: Connection, sender_id: str) -> Tracker:
        tracker = self._cache.pop(sender_id)
        if tracker is not None:
            expected = tracker.added + bool(tracker.synced_up_to)
            count, last = event_log.since(db, sender_id, tracker.synced_up_to)
            if count == expected:
                tracker.synced_up_to, tracker.added = last, 0
                return tracker
        return self._load(db, sender_id)

    def _load(
        self,
        db: Connection,
        sender_id: str,
        max_turns: int = MAX_TURNS,
        kept_turns: int = KEPT_TURNS,
    ) -> Tracker:
        """Read a conversation; a long one, or one of several sessions, is cut for next time."""
        read = event_log.read(db, sender_id)
        slots, rows = read.slots, read.rows
        began = _last_session(rows)
        if began:
            slots = {}
        cut = began + _cut(rows[began:], max_turns, kept_turns)
        if cut > began:
            cut_off = self._tracker(sender_id, slots, rows[began:cut])
            if cut_off.is_paused() or cut_off.active_loop:
                cut = began  # what only events can tell
            else:
                slots = _slots(cut_off)
        if cut > 1:  # before the first session stands its action alone
            event_log.begin_after(db, sender_id, rows[cut - 1].id, slots)
        return self._tracker(sender_id, slots, rows[cut:])

    def _tracker(self, sender_id: str, slots: dict[str, Any], rows: Sequence[EventRow]) -> Tracker:
        """Build a tracker from rows; the slots stand in front of them as events."""
        tracker = self._blank.copy()
        tracker.sender_id = sender_id
        began = rows[0].data.get("timestamp") if rows else None
        events = [SlotSet(name, value, began) for name, value in slots.items()]
        for event in [*events, *map(_event, rows)]:
            tracker.update(event, self.domain)
        tracker.stored = len(tracker.events)
        tracker.synced_up_to = rows[-1].id if rows else 0
        return tracker

    async def _as_read(self, tracker: DialogueStateTracker) -> Tracker:
        """Return a tracker that Rasa made, as if it had been read here."""
        loaded = await self.retrieve(tracker.sender_id)
        for event in islice(tracker.events, len(loaded.events), None):
            loaded.update(event)
        return loaded


class TrackerCache:
    """Cache of recent conversations; each is taken out by the task that works on it."""

    def __init__(self, max_events: int = MAX_CACHED_EVENTS) -> None:
        self._max_events, self._event_count = max_events, 0
        self._trackers: OrderedDict[str, Tracker] = OrderedDict()
        self._one_at_a_time = threading.Lock()

    def pop(self, sender_id: str) -> Tracker | None:
        """Return a conversation and forget it: a failure leaves nothing half done."""
        with self._one_at_a_time:
            tracker = self._trackers.pop(sender_id, None)
            self._event_count -= len(tracker.events) if tracker else 0
            return tracker

    def put(self, tracker: Tracker) -> None:
        """Remember a conversation as it is stored."""
        self.pop(tracker.sender_id)
        with self._one_at_a_time:
            self._trackers[tracker.sender_id] = tracker
            self._event_count += len(tracker.events)
            while self._event_count > self._max_events:
                _, oldest = self._trackers.popitem(last=False)
                self._event_count -= len(oldest.events)


def _event(row: EventRow) -> Event:
    kind = _EVENT_TYPES.get(row.kind)
    read = kind._from_parameters(row.data) if kind else Event.from_parameters(row.data)
    return keep_json(read, row.data)


def _last_session(rows: Sequence[EventRow]) -> int:
    """Return where the latest session begins."""
    begins = [index for index, row in enumerate(rows) if row.kind == SessionStarted.type_name]
    return begins[-1] if begins else 0


def _cut(rows: Sequence[EventRow], max_turns: int, kept_turns: int) -> int:
    """Return the index at which to cut a session of more than `max_turns`; 0: it is not cut.

    `kept_turns` are left.
    """
    turns = [index for index, row in enumerate(rows) if row.kind == "user"]
    if len(turns) <= max_turns:
        return 0
    index = turns[-kept_turns]
    return index - 1 if index and rows[index - 1].data.get("name") == ACTION_LISTEN_NAME else index


def _slots(tracker: Tracker) -> dict[str, Any]:
    return {
        name: slot.value for name, slot in tracker.slots.items() if slot.value != slot.initial_value
    }


def _erases(event: Event) -> bool:
    return isinstance(event, BotUttered) and erases((event.data or {}).get("custom") or {})


def _forget_past_sessions(tracker: Tracker) -> None:
    """Leave out the events before the latest session, as they would be when it is read."""
    last, kind = len(tracker.events) - 1, SessionStarted.type_name
    began = next(
        (last - back for back, event in enumerate(reversed(tracker.events))
         if event.type_name == kind),
        0,
    )  # fmt: skip
    for _ in range(began):
        tracker.events.popleft()
    tracker.stored -= began

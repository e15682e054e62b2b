"""The stored events of Rasa's conversations: read from their start, added to, dropped when old.

What an event means is Rasa's matter (bot/runtime/tracker_store.py); here it is a row.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, bindparam, delete, func, insert, select, text, update

from bot import fast_json
from bot.db.compiled_statement import Prepared
from bot.db.sealing import keyring
from bot.db.tables import ConversationEvent, ConversationStart

_EVENTS: Any = ConversationEvent.__table__
_STARTS: Any = ConversationStart.__table__
_who: Any = bindparam("who")
_DATA, _SLOTS = "events.data", "conversation_starts.slots"
_START = Prepared(select(_STARTS.c.after, _STARTS.c.slots).where(_STARTS.c.sender_id == _who))
_SINCE = Prepared(
    select(func.count(), func.max(_EVENTS.c.id)).where(
        _EVENTS.c.sender_id == _who, _EVENTS.c.id >= bindparam("known")
    )
)
_READ = Prepared(
    select(_EVENTS.c.id, _EVENTS.c.type_name, _EVENTS.c.data)
    .where(_EVENTS.c.sender_id == _who, _EVENTS.c.id > bindparam("after"))
    .order_by(_EVENTS.c.id)
)
_ADD = Prepared(
    text(
        "insert into events (sender_id, type_name, timestamp, intent_name, action_name, data)"
        " values (:sender_id, :type_name, :timestamp, :intent_name, :action_name, :data)"
    )
)
#: Messages of both sides among which a repeated one is looked for: far more than a turn or two.
MAX_RECENT_MESSAGES = 60
_RECENT_MESSAGES = (
    select(_EVENTS.c.type_name, _EVENTS.c.data)
    .where(_EVENTS.c.sender_id == _who, _EVENTS.c.type_name.in_(("user", "bot")))
    .order_by(_EVENTS.c.id.desc())
    .limit(MAX_RECENT_MESSAGES)
)
#: Events of a conversation that is not worth compacting: about a turn.
SMALL_CONVERSATION = 12
_SENDERS = select(_EVENTS.c.sender_id).distinct()


@dataclass(frozen=True)
class EventRow:
    """One stored event."""

    id: int
    kind: str
    """Rasa's type of it: user, bot, slot, action, session_started…"""
    data: dict[str, Any]


@dataclass(frozen=True)
class Stored:
    """A conversation as far as it is read: the slots it begins with and the events from there."""

    slots: dict[str, Any]
    rows: list[EventRow]


def read(db: Connection, sender_id: str, all_events: bool = False) -> Stored:
    """Return a conversation from its start on; `all_events`: all that are stored."""
    keys = keyring()
    sealed = keys.seal_address(sender_id)  # what is prepared goes to the driver as it is
    after, slots = (None if all_events else _START.row(db, {"who": sealed})) or (0, "{}")
    rows = _READ.rows(db, {"who": sealed, "after": after})
    return Stored(
        fast_json.loads(keys.open(slots, _SLOTS)),
        [
            EventRow(event_id, kind, fast_json.loads(keys.open(data, _DATA)))
            for event_id, kind, data in rows
        ],
    )


def since(db: Connection, sender_id: str, first_id: int) -> tuple[int, int]:
    """Return how many events there are from `first_id` on, itself counted, and the last one's id.

    One small range of an index: so a worker with a cached conversation learns whether another
    process has added to it, or deleted it.
    """
    sender_id = keyring().seal_address(sender_id)
    [(count, last)] = _SINCE.rows(db, {"who": sender_id, "known": first_id})
    return int(count), int(last or 0)


def add(db: Connection, sender_id: str, events: Sequence[Mapping[str, Any]]) -> None:
    """Add events, as Rasa's `as_dict` gives them, in one statement."""
    keys = keyring()
    sealed = keys.seal_address(sender_id)
    _ADD.run_all(
        db,
        [
            {
                "sender_id": sealed,
                "type_name": event["event"],
                "timestamp": event.get("timestamp"),
                "intent_name": _intent(event),
                "action_name": event.get("name"),
                "data": keys.seal(fast_json.dumps(event), _DATA),
            }
            for event in events
        ],
    )


@dataclass(frozen=True)
class Answer:
    """The answer to a message."""

    last: bool
    """True when the message is the last of the lines that were read as one."""
    messages: list[dict[str, Any]]
    """The bot's messages, each as Rasa sends it: `text`, or `custom`."""


def answer_to(db: Connection, sender_id: str, message_id: str) -> Answer | None:
    """Return the answer to a message of a sender; None when no recent message has that id.

    `message_id` is one word; an event holds those of all lines that were read as one.
    """
    messages: list[dict[str, Any]] = []
    for kind, stored in db.execute(_RECENT_MESSAGES, {"who": sender_id}):
        data = fast_json.loads(stored)
        if kind == "bot":
            messages.append(_as_sent(data))
            continue
        line_ids = (data.get("message_id") or "").split(" ")
        if message_id in line_ids:
            return Answer(line_ids[-1] == message_id, messages[::-1])
        messages.clear()
    return None


def _as_sent(data: Mapping[str, Any]) -> dict[str, Any]:
    parts = {name: part for name, part in (data.get("data") or {}).items() if part}
    return {**parts, **({"text": data["text"]} if data.get("text") else {})}


def begin_after(db: Connection, sender_id: str, after: int, slots: Mapping[str, Any]) -> None:
    """Let a conversation begin after the event `after`, with these slots."""
    values = {"after": after, "slots": fast_json.dumps(slots)}
    moved = db.execute(update(_STARTS).where(_STARTS.c.sender_id == sender_id).values(**values))
    if not moved.rowcount:
        db.execute(insert(_STARTS).values(sender_id=sender_id, **values))


def senders(db: Connection) -> list[str]:
    """Return all senders with events."""
    return list(db.scalars(_SENDERS))


def idle_since(
    db: Connection, cutoff: float, after_sender: str = "", limit: int = 500
) -> list[str]:
    """Return the senders without a message in or out since a time (seconds of the epoch), by name.

    Only conversations of more events than a last turn has. `after_sender`: only names that sort
    after this one, to go on from.
    """
    last = func.max(_EVENTS.c.timestamp)
    query = (
        select(_EVENTS.c.sender_id)
        .where(_EVENTS.c.sender_id > after_sender)
        .group_by(_EVENTS.c.sender_id)
        .having(last < cutoff, func.count() > SMALL_CONVERSATION)
        .order_by(_EVENTS.c.sender_id)
        .limit(limit)
    )
    return list(db.scalars(query))


def drop_compacted(db: Connection, sender_id: str) -> int:
    """Delete the events that are not read any more; return how many."""
    start = _START.row(db, {"who": keyring().seal_address(sender_id)})
    if start is None:
        return 0
    old = delete(_EVENTS).where(_EVENTS.c.sender_id == sender_id, _EVENTS.c.id <= start[0])
    return int(db.execute(old).rowcount)


def forget(db: Connection, sender_id: str) -> None:
    """Delete all of a conversation."""
    for table in (_EVENTS, _STARTS):
        db.execute(delete(table).where(table.c.sender_id == sender_id))


def _intent(event: Mapping[str, Any]) -> str | None:
    intent = (event.get("parse_data") or {}).get("intent") or {}
    name = intent.get("name")
    return str(name) if name else None

"""Accepted messages without an answer yet: a process that dies loses none of them.

A row is written before the provider is told that its message is accepted. The answer is stored with
it before it is sent, each of its texts is struck off once the medium has it, and with the last the
row is deleted. So a process that takes a message over from one that was killed sends the rest of
its answer and processes nothing twice. One text can come twice: the one that the medium took in the
instant before the process was killed.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Sequence
from datetime import timedelta

from sqlalchemy import delete, or_, select, update
from sqlalchemy.orm import Session

from bot import clock
from bot.db.tables import InboxMessage
from bot.messaging.deduplication import MAX_KEY_CHARS, mark_all_seen
from bot.messaging.incoming import Incoming
from bot.messaging.rows import insert_into

#: How long a process holds a message before others may take it over; it moves that on in time.
HOLD_DURATION = timedelta(seconds=20)
#: How often a message is begun with: one that kills its process must not do so for ever.
MAX_TRIES = 3
#: What is older is not answered any more: the person has long gone on.
MAX_AGE = timedelta(hours=12)


def take_in(db: Session, messages: Sequence[Incoming], holder: str) -> set[Incoming]:
    """Keep messages until they are answered; return those that come for the first time.

    All of one channel.
    """
    by_key = {message.key: message for message in reversed(messages)}
    if not by_key:
        return set()
    new = mark_all_seen(db, messages[0].channel, by_key.keys())
    now = clock.now()
    rows = [
        {
            "channel": message.channel, "key": message.key[:MAX_KEY_CHARS],
            "address": message.address, "text": message.text, "holder": holder,
            "held_until": now + HOLD_DURATION, "tries": 1, "taken_at": now,
        }
        for message in map(by_key.__getitem__, new)
    ]  # fmt: skip
    if rows:
        db.execute(insert_into(db, InboxMessage).values(rows).on_conflict_do_nothing())
    return {by_key[key] for key in new}


def delete_answered(db: Session, channel: str, keys: Collection[str]) -> None:
    """Forget messages that are answered."""
    is_answered = InboxMessage.key.in_([key[:MAX_KEY_CHARS] for key in keys])
    db.execute(delete(InboxMessage).where(InboxMessage.channel == channel, is_answered))


def save_answer(db: Session, channel: str, key: str, texts: Sequence[str]) -> None:
    """Store the unsent texts of a message's answer; nothing for a message that is not stored."""
    statement = update(InboxMessage).where(
        InboxMessage.channel == channel, InboxMessage.key == key[:MAX_KEY_CHARS]
    )
    db.execute(statement.values(to_send=json.dumps(list(texts), ensure_ascii=False)))


def extend_hold(db: Session, holder: str) -> None:
    """Say that a process is alive: no other takes over the messages it holds."""
    statement = update(InboxMessage).where(InboxMessage.holder == holder)
    db.execute(statement.values(held_until=clock.now() + HOLD_DURATION))


def release(db: Session, holder: str) -> None:
    """Release the messages of a process that ends to others at once."""
    statement = update(InboxMessage).where(InboxMessage.holder == holder)
    db.execute(statement.values(held_until=clock.now()))


def take_over(db: Session, channel: str, holder: str) -> list[Incoming]:
    """Return what processes that are gone have left on a channel, oldest first; it is held now.

    Deleted instead: what is too old, and what was begun with too often.
    """
    now = clock.now()
    abandoned = (
        InboxMessage.channel == channel,
        InboxMessage.holder != holder,
        InboxMessage.held_until <= now,
    )
    is_hopeless = or_(InboxMessage.tries >= MAX_TRIES, InboxMessage.taken_at <= now - MAX_AGE)
    db.execute(delete(InboxMessage).where(*abandoned, is_hopeless))
    claim = {"holder": holder, "held_until": now + HOLD_DURATION, "tries": InboxMessage.tries + 1}
    rows = db.execute(
        update(InboxMessage).where(*abandoned).values(**claim).returning(InboxMessage)
        .execution_options(synchronize_session=False)
    ).scalars().all()  # fmt: skip
    return [_read(row) for row in sorted(rows, key=lambda row: row.taken_at)]


def held_by(db: Session, channel: str, holder: str, keys: Collection[str]) -> list[Incoming]:
    """Return those of some messages that stand there as held by a process, oldest first."""
    if not keys:
        return []
    query = select(InboxMessage).where(
        InboxMessage.channel == channel,
        InboxMessage.holder == holder,
        InboxMessage.key.in_([key[:MAX_KEY_CHARS] for key in keys]),
    )
    return [_read(row) for row in db.scalars(query.order_by(InboxMessage.taken_at))]


def _read(row: InboxMessage) -> Incoming:
    to_send = None if row.to_send is None else tuple(json.loads(row.to_send))
    return Incoming(row.channel, row.address, row.key, row.text, to_send)

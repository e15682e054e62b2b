"""Accepted messages without an answer yet: a process that dies loses none of them.

A row is written before the provider is told that its message is accepted. The answer is stored with
it before it is sent, each of its texts is struck off once the medium has it, and with the last the
row is deleted. So a process that takes a message over from one that was killed sends the rest of
its answer and processes nothing twice. One text can come twice: the one that the medium took in the
instant before the process was killed.

A hold is a lease: who is slow loses it to another process. So an answer is stored, and with that
may be sent, only while the message is held by the process that made it.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, delete, or_, select, update
from sqlalchemy.orm import Session

from bot import clock
from bot.db.tables import InboxMessage
from bot.messaging.deduplication import MAX_KEY_CHARS, mark_all_seen
from bot.messaging.incoming import Incoming
from bot.messaging.rows import insert_into

#: How long a process holds a message before others may take it over; it moves that on in time.
HOLD_DURATION = timedelta(seconds=20)
#: How often a message is begun with: one that kills its process must not do so for ever. Then its
#: sender is told, once.
MAX_TRIES = 3
#: The holders of what a process that ended has released, and of replies that can be given again.
NOBODY, PASSED_ON = "", "passed on"
#: From when on and how long a reply can be given again: WeChat repeats a request that has had none
#: within 5 seconds, and once more after another 5.
REPEATED_AFTER, REPEAT_WINDOW = timedelta(seconds=4.5), timedelta(seconds=60)
#: What is older is not answered any more: the person has long gone on.
MAX_AGE = timedelta(hours=12)


class HeldElsewhere(Exception):
    """Another process has taken a message over, or it is answered: nothing is to be sent here."""


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


def save_answer(
    db: Session, channel: str, key: str, texts: Sequence[str], holder: str | None = None
) -> tuple[str, ...]:
    """Store the unsent texts of a message's answer; return those that are to be sent.

    `holder`: the process that answers. Raises HeldElsewhere when another one has taken the message
    over, or has answered it. An answer that is stored already stands: its writer heard that it was
    not, while a database that hung carried the transaction through.
    Nothing is stored for a message that is not in the inbox, which has no holder.
    """
    if holder is None:
        return tuple(texts)
    stored = stored_answer(db, channel, key, holder)
    if stored is None:
        save_unsent(db, channel, key, texts, holder)
    return tuple(texts) if stored is None else stored


def stored_answer(db: Session, channel: str, key: str, holder: str) -> tuple[str, ...] | None:
    """Return what is left to send of a message's answer; None when none is stored yet.

    Raises HeldElsewhere when `holder` does not hold the message any more.
    """
    query = select(InboxMessage.holder, InboxMessage.to_send).where(*_row_is(channel, key))
    row = db.execute(query.with_for_update()).one_or_none()
    if row is None or row.holder != holder:
        raise HeldElsewhere
    return None if row.to_send is None else tuple(json.loads(row.to_send))


def save_unsent(db: Session, channel: str, key: str, texts: Sequence[str], holder: str) -> None:
    """Store what of an answer is left to send; nothing for a message that is held elsewhere."""
    statement = update(InboxMessage).where(*_row_is(channel, key), InboxMessage.holder == holder)
    unsent = json.dumps(list(texts), ensure_ascii=False)
    db.execute(statement.values(to_send=unsent, held_until=clock.now() + HOLD_DURATION))


def _row_is(channel: str, key: str) -> tuple[ColumnElement[bool], ...]:
    return (InboxMessage.channel == channel, InboxMessage.key == key[:MAX_KEY_CHARS])


def extend_hold(db: Session, holder: str) -> None:
    """Say that a process is alive: no other takes over the messages it holds."""
    statement = update(InboxMessage).where(InboxMessage.holder == holder)
    db.execute(statement.values(held_until=clock.now() + HOLD_DURATION))


def confirm(db: Session, channel: str, key: str, holder: str) -> None:
    """Raise HeldElsewhere unless a process holds a message."""
    if db.scalar(select(InboxMessage.holder).where(*_row_is(channel, key))) != holder:
        raise HeldElsewhere


def release(db: Session, holder: str) -> None:
    """Release the messages of a process that ends to others at once."""
    statement = update(InboxMessage).where(InboxMessage.holder == holder)
    db.execute(statement.values(holder=NOBODY, held_until=clock.now()))


@dataclass(frozen=True)
class Expired:
    """A message whose holder has not moved its hold on in time."""

    key: str
    holder: str
    held_until: datetime


def expired(db: Session, channel: str, holder: str) -> list[Expired]:
    """Return the messages of a channel that others than `holder` hold no longer."""
    columns = (InboxMessage.key, InboxMessage.holder, InboxMessage.held_until)
    return [Expired(*row) for row in db.execute(select(*columns).where(*_expired(channel, holder)))]


def take_over(
    db: Session, channel: str, holder: str, abandoned: Collection[Expired]
) -> list[Incoming]:
    """Take over what is released, and those of `abandoned` that stand as they did; oldest first.

    What was begun with too often comes `given_up`: its sender is to be told. What is too old, or
    was given up before, is deleted instead.
    """
    now = clock.now()
    of_channel = _expired(channel, holder)
    is_hopeless = or_(InboxMessage.tries > MAX_TRIES, InboxMessage.taken_at <= now - MAX_AGE)
    db.execute(delete(InboxMessage).where(*of_channel, is_hopeless))
    claim = {"holder": holder, "held_until": now + HOLD_DURATION, "tries": InboxMessage.tries + 1}
    rows: list[InboxMessage] = []
    conditions = [(InboxMessage.holder == NOBODY,)] + [
        (*_row_is(channel, one.key), InboxMessage.holder == one.holder,
         InboxMessage.held_until == one.held_until)
        for one in abandoned
    ]  # fmt: skip
    for condition in conditions:
        rows += db.execute(
            update(InboxMessage).where(*of_channel, *condition).values(**claim)
            .returning(InboxMessage).execution_options(synchronize_session=False)
        ).scalars()  # fmt: skip
    return [_read(row) for row in sorted(rows, key=lambda row: row.taken_at)]


def _expired(channel: str, holder: str) -> tuple[ColumnElement[bool], ...]:
    return (
        InboxMessage.channel == channel,
        InboxMessage.holder.not_in((holder, PASSED_ON)),
        InboxMessage.held_until <= clock.now(),
    )


def held_by(
    db: Session, channel: str, holder: str, except_for: Collection[str] = ()
) -> list[Incoming]:
    """Return what a process holds on a channel, oldest first, without the keys it knows of."""
    known = {key[:MAX_KEY_CHARS] for key in except_for}
    query = select(InboxMessage.key).where(
        InboxMessage.channel == channel, InboxMessage.holder == holder
    )
    unknown = [key for key in db.scalars(query) if key not in known]
    if not unknown:
        return []
    rows = select(InboxMessage).where(
        InboxMessage.channel == channel, InboxMessage.holder == holder,
        InboxMessage.key.in_(unknown),
    )  # fmt: skip
    return [_read(row) for row in db.scalars(rows.order_by(InboxMessage.taken_at))]


@dataclass(frozen=True)
class PassedOn:
    """What was given as the reply to a provider's request."""

    texts: tuple[str, ...]
    repeated: bool
    """True when it was given to a repeated request as well: that one asked because it had none."""


def keep_passed_on(
    db: Session, incoming: Incoming, texts: Sequence[str], arrived: datetime
) -> None:
    """Remember what is given as the reply to a provider's request: nobody says that it arrived.

    Who has no reply repeats the request; then it is given again (`passed_on`). `arrived`: when the
    request came in.
    """
    values = {
        "channel": incoming.channel, "key": _passed_on_key(incoming.key),
        "address": incoming.address, "text": "", "holder": PASSED_ON,
        "held_until": arrived + REPEAT_WINDOW, "tries": 0, "taken_at": arrived,
        "to_send": json.dumps(list(texts), ensure_ascii=False),
    }  # fmt: skip
    db.execute(insert_into(db, InboxMessage).values(values).on_conflict_do_nothing())


def passed_on(db: Session, incoming: Incoming) -> tuple[str, ...] | None:
    """Return what was given as the reply to a message that is repeated, to give it again.

    None when nothing was given to this sender, when it has been taken back, and when the repetition
    comes too soon for a provider that had no reply.
    """
    now = clock.now()
    given = db.scalars(
        update(InboxMessage)
        .where(
            *_passed_on(incoming.channel, incoming.key),
            InboxMessage.address == incoming.address,
            InboxMessage.held_until > now,
            InboxMessage.taken_at <= now - REPEATED_AFTER,
        )
        .values(tries=InboxMessage.tries + 1)
        .returning(InboxMessage.to_send)
    ).one_or_none()
    return tuple(json.loads(given)) if given is not None else None


def take_back(db: Session, channel: str, key: str) -> PassedOn | None:
    """Give a reply to no request any more; return it, None when there was none."""
    is_kept = _passed_on(channel, key)
    query = select(InboxMessage.to_send, InboxMessage.tries).where(*is_kept).with_for_update()
    row = db.execute(query).one_or_none()
    if row is None:
        return None
    if not row.tries:
        db.execute(delete(InboxMessage).where(*is_kept))
    return PassedOn(tuple(json.loads(row.to_send)), bool(row.tries))


def forget_passed_on(db: Session) -> None:
    """Delete the replies that nobody asks for again."""
    is_old = (InboxMessage.holder == PASSED_ON, InboxMessage.held_until <= clock.now())
    db.execute(delete(InboxMessage).where(*is_old))


def _passed_on(channel: str, key: str) -> tuple[ColumnElement[bool], ...]:
    return (*_row_is(channel, _passed_on_key(key)), InboxMessage.holder == PASSED_ON)


def _passed_on_key(key: str) -> str:
    return f"passed on:{key}"[:MAX_KEY_CHARS]


def _read(row: InboxMessage) -> Incoming:
    to_send = None if row.to_send is None else tuple(json.loads(row.to_send))
    given_up = row.tries > MAX_TRIES and to_send is None
    return Incoming(row.channel, row.address, row.key, row.text, to_send, given_up)

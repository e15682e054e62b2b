"""Inbox of a dispatcher: accepted messages stay in the database until they are answered.

Written in groups: of a thousand messages at once many share a transaction. While the database is
away messages are refused, and what was answered or sent is noted when it is back.

What others have left is taken over when they did not move on their hold between two looks in which
the database answered at once: after an outage everybody's hold has run out, and nobody is dead.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import uuid
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from bot.channels.base.incoming import IntakeResult
from bot.db.session import DatabaseError, session
from bot.db.threads import in_database, in_inbox
from bot.messaging import inbox_table
from bot.messaging.deduplication import forget_expired
from bot.messaging.inbox_table import Expired
from bot.messaging.incoming import Incoming

logger = logging.getLogger(__name__)
#: Seconds between two looks at what other processes have left; well below `inbox.HOLD_DURATION`.
POLL_SECONDS = 5.0
#: Seconds until a group that could not be written is tried again; until an inbox that is closed
#: gives up writing.
WRITE_RETRY_S, CLOSE_TIMEOUT_S = 0.5, 5.0
#: Seconds for which a hold that was moved on is taken to stand; well below `inbox.HOLD_DURATION`.
CONFIRMED_S = 10.0
#: Messages of one transaction, and messages after which expired keys are cleared away.
MAX_BATCH, CLEAR_EVERY = 200, 2_000
#: Goes on with a message, which says what of its answer is left to send.
Resume = Callable[[Incoming], object]
#: Channel and key of a message.
Key: TypeAlias = tuple[str, str]


class Inbox:
    """The inbox of one process's dispatcher."""

    def __init__(self) -> None:
        self._holder = uuid.uuid4().hex
        self._accepted: list[tuple[Incoming, asyncio.Future[IntakeResult]]] = []
        self._answered: list[Incoming] = []
        self._unsent: dict[Key, Sequence[str]] = {}
        self._to_note: dict[Key, asyncio.Future[None]] = {}
        #: What is held, and from when on by the loop's clock.
        self._held: dict[Key, float] = {}
        #: What has been held since the last look began, whether or not it is answered by now.
        self._lately_held: set[Key] = set()
        #: Holds that had run out at the last look, when the database answered at once.
        self._expired: dict[str, set[Expired]] = {}
        self._in_flight: set[Key] = set()
        self._writing: asyncio.Task[None] | None = None
        self._watching: asyncio.Task[None] | None = None
        self._count = 0
        self._careful_until = 0.0
        self._confirmed_at = -CONFIRMED_S
        self._looked_at: dict[str, float] = {}

    @property
    def writes(self) -> bool:
        """True while there are messages that are not persisted yet."""
        return bool(self._accepted)

    def accept(self, incoming: Incoming) -> asyncio.Future[IntakeResult]:
        """Take a message; the future says once it is kept, or that it cannot be."""
        result: asyncio.Future[IntakeResult] = asyncio.get_running_loop().create_future()
        self._accepted.append((incoming, result))
        self._write_soon()
        return result

    def acknowledge(self, *incoming: Incoming) -> None:
        """Let go of messages after their answers have gone out."""
        self._answered += incoming
        self._write_soon()

    def holder_of(self, incoming: Incoming) -> str | None:
        """Return as whom this process holds a message; None when it is not in the inbox."""
        return self._holder if (incoming.channel, incoming.key) in self._held else None

    async def confirm(self, incoming: Incoming) -> None:
        """Return when a message is still held by this process, or its holders cannot be known.

        Raises HeldElsewhere when it is not: this process was too slow to say that it is alive.
        """
        now = asyncio.get_running_loop().time
        held_at = self._held.get((incoming.channel, incoming.key))
        if held_at is None or now() < max(held_at, self._confirmed_at) + CONFIRMED_S:
            return
        began = now()
        try:
            await in_inbox(_confirm, incoming, self._holder)
        except DatabaseError as error:
            # Nobody can take anything over now: what is in hand goes out, and is noted later.
            logger.error("not known who holds a message: %s", type(error).__name__)
            return
        self._confirmed_at = began

    def forget(self, incoming: Incoming) -> None:
        """Let go of a message that another process has taken over, or that its sender deleted."""
        key = (incoming.channel, incoming.key)
        self._held.pop(key, None)
        self._unsent.pop(key, None)
        self._to_note.pop(key, None)

    def begin_sending(self, incoming: Incoming, texts: Sequence[str]) -> None:
        """Remember what is to be sent of an answer, which stands in the database already."""
        key = (incoming.channel, incoming.key)
        if key in self._held:
            self._unsent[key] = list(texts)

    async def note_unsent(self, incoming: Incoming, texts: Sequence[str]) -> None:
        """Note what of an answer has not gone out yet.

        Returns when that is written; while the database is away at once: it is written later.
        """
        key = (incoming.channel, incoming.key)
        if key not in self._held:
            return
        self._unsent[key] = list(texts)
        tried = self._to_note.get(key)
        if tried is None or tried.done():
            tried = self._to_note[key] = asyncio.get_running_loop().create_future()
        self._write_soon()
        await asyncio.shield(tried)

    def unsent(self, incoming: Incoming) -> Sequence[str] | None:
        """Return what of an answer has not gone out; None when its sending has not begun."""
        return self._unsent.get((incoming.channel, incoming.key))

    def watch(self, channel: str, resume: Resume) -> None:
        """Begin to hold what is taken, and to resume what processes that died have left."""
        self._watching = asyncio.get_running_loop().create_task(self._watch(channel, resume))

    async def close(self) -> None:
        """Write what is to be written; what is not answered is left to the next process."""
        if self._watching is not None:
            self._watching.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._watching
        ends = asyncio.get_running_loop().time() + CLOSE_TIMEOUT_S
        while self._writing is not None and asyncio.get_running_loop().time() < ends:
            await asyncio.wait({self._writing}, timeout=WRITE_RETRY_S)
        if self._writing is not None:
            self._writing.cancel()
        if self._held:
            try:
                await in_database(_let_go, self._holder)
            except Exception as error:  # others take it over when it is held no longer
                logger.error("messages were not let go of: %s", type(error).__name__)

    def _write_soon(self) -> None:
        if self._writing is None:
            self._writing = asyncio.get_running_loop().create_task(self._write())

    async def _write(self) -> None:
        """Write group after group until nothing is left; new messages form the next group."""
        try:
            while self._accepted or self._answered or self._to_note:
                batch, self._accepted = self._accepted[:MAX_BATCH], self._accepted[MAX_BATCH:]
                done, self._answered = self._answered, []
                if not await self._write_group(batch, done):
                    self._answered = done + self._answered
                    if not self._accepted:
                        await asyncio.sleep(WRITE_RETRY_S)
        finally:
            self._writing = None

    async def _write_group(
        self, batch: list[tuple[Incoming, asyncio.Future[IntakeResult]]], done: list[Incoming]
    ) -> bool:
        """Write one group; False when it could not be: the messages in it are refused."""
        clear = self._count // CLEAR_EVERY < (self._count + len(batch)) // CLEAR_EVERY
        self._count += len(batch)
        messages = [incoming for incoming, _ in batch]
        done_keys = {(incoming.channel, incoming.key) for incoming in done}
        notes = {key: self._unsent[key] for key in self._to_note if key not in done_keys}
        tried = list(self._to_note.values())
        self._in_flight = {(incoming.channel, incoming.key) for incoming in messages}
        began = asyncio.get_running_loop().time()
        try:
            new = await in_inbox(_commit, messages, done, notes, self._holder, clear)
        except Exception as error:
            # The edge of this task: whatever it is, nothing is taken that is not kept.
            logger.error("messages could not be kept: %s", type(error).__name__)
            _resolve_all(batch, dict.fromkeys(messages, IntakeResult.REFUSED))
            return False
        finally:
            self._in_flight = set()
            for future in tried:
                if not future.done():
                    future.set_result(None)
        for key, texts in notes.items():
            if self._unsent.get(key) is texts:
                self._to_note.pop(key, None)
        for key in done_keys:
            self._unsent.pop(key, None)
            self._to_note.pop(key, None)
            self._held.pop(key, None)
        self._hold(((incoming.channel, incoming.key) for incoming in new), began)
        _resolve_all(batch, dict.fromkeys(new, IntakeResult.NEW))
        return True

    async def _watch(self, channel: str, resume: Resume) -> None:
        while True:
            try:
                await self._take_over(channel, resume)
            except Exception as error:
                # The edge of this task: one failure must not end it.
                logger.error("the inbox was not looked after: %s", type(error).__name__)
                self._be_careful()
            await asyncio.sleep(POLL_SECONDS)

    def _hold(self, keys: Iterable[Key], since: float) -> None:
        for key in keys:
            self._held[key] = since
            self._lately_held.add(key)

    def _be_careful(self) -> None:
        """Take nothing over for a while: others could not say either that they are alive."""
        self._expired.clear()
        self._careful_until = (
            asyncio.get_running_loop().time() + inbox_table.HOLD_DURATION.total_seconds()
        )

    async def _take_over(self, channel: str, resume: Resume) -> None:
        """Take over what is left; also what was kept although we heard that it was not."""
        now = asyncio.get_running_loop().time
        began = now()
        if began - self._looked_at.get(channel, began) > 2 * POLL_SECONDS:
            self._be_careful()  # this process stood still, and others may have as well
        self._looked_at[channel] = began
        known = self._own_keys()
        self._lately_held = set(self._held)
        left = await in_inbox(
            _look, channel, self._holder, sorted(key for name, key in known if name == channel)
        )
        self._confirmed_at = began
        orphaned = list(left.own)
        if now() - began > POLL_SECONDS:
            self._be_careful()
        elif now() >= self._careful_until:
            expired = set(left.expired)
            abandoned = expired & self._expired.get(channel, set())
            self._expired[channel] = expired - abandoned
            if abandoned or left.released:
                orphaned += await in_inbox(_claim, channel, self._holder, list(abandoned))
        known |= self._own_keys() | self._lately_held
        for incoming in orphaned:
            key = (incoming.channel, incoming.key)
            if key not in known:
                self._hold([key], began)
                resume(incoming)

    def _own_keys(self) -> set[Key]:
        """Return what this process works on, or is about to keep."""
        accepted = {(incoming.channel, incoming.key) for incoming, _ in self._accepted}
        return self._held.keys() | self._in_flight | accepted


def _resolve_all(
    batch: Sequence[tuple[Incoming, asyncio.Future[IntakeResult]]],
    verdicts: Mapping[Incoming, IntakeResult],
) -> None:
    for incoming, future in batch:
        if not future.done():
            future.set_result(verdicts.get(incoming, IntakeResult.REPEATED))


def _commit(
    messages: list[Incoming],
    done: list[Incoming],
    notes: Mapping[Key, Sequence[str]],
    holder: str,
    clear: bool,
) -> set[Incoming]:
    with session() as db:
        if clear:
            forget_expired(db)
        for channel in {incoming.channel for incoming in done}:
            keys = [incoming.key for incoming in done if incoming.channel == channel]
            inbox_table.delete_answered(db, channel, keys)
        for (channel, key), texts in notes.items():
            inbox_table.save_unsent(db, channel, key, texts, holder)
        new: set[Incoming] = set()
        for channel in {incoming.channel for incoming in messages}:
            of_channel = [incoming for incoming in messages if incoming.channel == channel]
            new |= inbox_table.take_in(db, of_channel, holder)
        return new


@dataclass(frozen=True)
class _Left:
    """What a look at the inbox has found."""

    own: list[Incoming]
    """What stands there as held by this process, which does not know of it."""
    expired: list[Expired]
    released: bool
    """True when something is held by nobody."""


def _look(channel: str, holder: str, known: Sequence[str]) -> _Left:
    """Say that this process is alive, and see what others have left."""
    with session() as db:
        inbox_table.extend_hold(db, holder)
        inbox_table.forget_passed_on(db)
        expired = inbox_table.expired(db, channel, holder)
        released = any(one.holder == inbox_table.NOBODY for one in expired)
        return _Left(inbox_table.held_by(db, channel, holder, known), expired, released)


def _confirm(incoming: Incoming, holder: str) -> None:
    with session() as db:
        inbox_table.confirm(db, incoming.channel, incoming.key, holder)
        inbox_table.extend_hold(db, holder)


def _claim(channel: str, holder: str, abandoned: Sequence[Expired]) -> list[Incoming]:
    with session() as db:
        return inbox_table.take_over(db, channel, holder, abandoned)


def _let_go(holder: str) -> None:
    with session() as db:
        inbox_table.release(db, holder)

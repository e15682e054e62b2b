"""A desk's inbox: what it has taken stands in the database until it is answered.

Written in groups: of a thousand messages at once many share a transaction. While the database is
away messages are refused, and what was answered or sent meanwhile is noted when it is back.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import uuid
from collections.abc import Callable, Mapping, Sequence
from typing import TypeAlias

from bot.channels.frame.database import in_database, in_inbox
from bot.channels.frame.incoming import Incoming, Taken
from bot.contact import inbox
from bot.contact.inbox import Written
from bot.contact.seen import forget_expired
from bot.db.session import session

logger = logging.getLogger(__name__)
#: Seconds between two looks at what others have left behind; well below `inbox.HOLD_DURATION`.
EVERY = 5.0
#: Seconds until a group that could not be written is tried again; until an inbox that is closed
#: gives up writing.
AGAIN, FAREWELL = 0.5, 5.0
#: Messages of one transaction, and messages after which expired keys are cleared away.
GROUP, CLEAR_EVERY = 200, 2_000
#: Goes on with a message: what of its answer is left to send, None when it has no answer.
Resume = Callable[[Incoming, Sequence[str] | None], object]
#: Channel and key of a message.
Key: TypeAlias = tuple[str, str]


class Inbox:
    """The inbox of one process's desk."""

    def __init__(self) -> None:
        self._holder = uuid.uuid4().hex
        self._taken: list[tuple[Incoming, asyncio.Future[Taken]]] = []
        self._answered: list[Incoming] = []
        self._unsent: dict[Key, Sequence[str]] = {}
        self._to_note: dict[Key, asyncio.Future[None]] = {}
        self._held: set[Key] = set()
        self._unsure: set[Key] = set()
        self._on_the_way: set[Key] = set()
        self._writing: asyncio.Task[None] | None = None
        self._watching: asyncio.Task[None] | None = None
        self._count = 0
        self._careful_until = 0.0

    @property
    def writes(self) -> bool:
        """Whether there are messages that are not kept yet."""
        return bool(self._taken)

    def take(self, incoming: Incoming) -> asyncio.Future[Taken]:
        """Take a message; the future says once it is kept, or that it cannot be."""
        taken: asyncio.Future[Taken] = asyncio.get_running_loop().create_future()
        self._taken.append((incoming, taken))
        self._write_soon()
        return taken

    def answered(self, *incoming: Incoming) -> None:
        """Let go of messages whose answer has gone out."""
        self._answered += incoming
        self._write_soon()

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
        ends = asyncio.get_running_loop().time() + FAREWELL
        while self._writing is not None and asyncio.get_running_loop().time() < ends:
            await asyncio.wait({self._writing}, timeout=AGAIN)
        if self._writing is not None:
            self._writing.cancel()
        if self._held:
            try:
                await in_database(_let_go, self._holder)
            except Exception as away:  # others take it over when it is held no longer
                logger.error("messages were not let go of: %s", type(away).__name__)

    def _write_soon(self) -> None:
        if self._writing is None:
            self._writing = asyncio.get_running_loop().create_task(self._write())

    async def _write(self) -> None:
        """Write group after group until nothing is left; what comes meanwhile is the next one."""
        try:
            while self._taken or self._answered or self._to_note:
                taken, self._taken = self._taken[:GROUP], self._taken[GROUP:]
                done, self._answered = self._answered, []
                if not await self._write_group(taken, done):
                    self._answered = done + self._answered
                    if not self._taken:
                        await asyncio.sleep(AGAIN)
        finally:
            self._writing = None

    async def _write_group(
        self, taken: list[tuple[Incoming, asyncio.Future[Taken]]], done: list[Incoming]
    ) -> bool:
        """Write one group; False when it could not be: the messages in it are refused."""
        clear = self._count // CLEAR_EVERY < (self._count + len(taken)) // CLEAR_EVERY
        self._count += len(taken)
        written = [_written(one) for one, _ in taken]
        gone = {(one.channel, one.key) for one in done}
        notes = {key: self._unsent[key] for key in self._to_note if key not in gone}
        tried = list(self._to_note.values())
        self._on_the_way = {(one.channel, one.key) for one in written}
        try:
            new = await in_inbox(_commit, written, done, notes, self._holder, clear)
        except Exception as away:
            # The edge of this task: whatever it is, nothing is taken that is not kept.
            logger.error("messages could not be kept: %s", type(away).__name__)
            self._unsure |= self._on_the_way
            _answer_all(taken, dict.fromkeys(written, Taken.REFUSED))
            return False
        finally:
            self._on_the_way = set()
            for one in tried:
                if not one.done():
                    one.set_result(None)
        for key, texts in notes.items():
            if self._unsent.get(key) is texts:
                del self._to_note[key]
        for key in gone:
            self._unsent.pop(key, None)
            self._to_note.pop(key, None)
        self._held -= gone
        self._held |= {(one.channel, one.key) for one in new}
        _answer_all(taken, dict.fromkeys(new, Taken.NEW))
        return True

    async def _watch(self, channel: str, resume: Resume) -> None:
        while True:
            try:
                await self._look(channel, resume)
            except Exception as away:
                # The edge of this task: one failure must not end it.
                logger.error("the inbox was not looked after: %s", type(away).__name__)
                self._be_careful()
            await asyncio.sleep(EVERY)

    def _be_careful(self) -> None:
        """Take nothing over for a while: others could not say either that they are alive."""
        self._careful_until = (
            asyncio.get_running_loop().time() + inbox.HOLD_DURATION.total_seconds()
        )

    async def _look(self, channel: str, resume: Resume) -> None:
        """Take over what is left; also what was kept although we heard that it was not."""
        unsure = {key for key in self._unsure if key[0] == channel}
        now = asyncio.get_running_loop().time
        began, careful = now(), now() < self._careful_until
        looked = await in_database(
            _look, channel, self._holder, bool(self._held), sorted(unsure), not careful
        )
        if now() - began > EVERY:
            self._be_careful()
        coming = self._on_the_way | {(one.channel, one.key) for one, _ in self._taken}
        self._unsure -= unsure - coming
        for one in looked:
            key = (one.channel, one.key)
            if key not in self._held and key not in coming:
                self._held.add(key)
                resume(Incoming(one.channel, one.address, one.key, one.text), one.to_send)


def _written(one: Incoming) -> Written:
    return Written(one.channel, one.address, one.key, one.text)


def _answer_all(
    taken: Sequence[tuple[Incoming, asyncio.Future[Taken]]], verdicts: Mapping[Written, Taken]
) -> None:
    for one, future in taken:
        if not future.done():
            future.set_result(verdicts.get(_written(one), Taken.REPEATED))


def _commit(
    taken: list[Written],
    done: list[Incoming],
    notes: Mapping[Key, Sequence[str]],
    holder: str,
    clear: bool,
) -> set[Written]:
    with session() as db:
        if clear:
            forget_expired(db)
        for channel in {one.channel for one in done}:
            inbox.delete_answered(db, channel, [one.key for one in done if one.channel == channel])
        for (channel, key), texts in notes.items():
            inbox.save_answer(db, channel, key, texts)
        new: set[Written] = set()
        for channel in {one.channel for one in taken}:
            mine = [one for one in taken if one.channel == channel]
            new |= inbox.take_in(db, mine, holder)
        return new


def _look(
    channel: str, holder: str, holding: bool, unsure: Sequence[Key], take: bool
) -> list[Written]:
    with session() as db:
        if holding:
            inbox.extend_hold(db, holder)
        left = inbox.take_over(db, channel, holder) if take else []
        return left + inbox.held_by(db, channel, holder, [key for _, key in unsure])


def _let_go(holder: str) -> None:
    with session() as db:
        inbox.release(db, holder)

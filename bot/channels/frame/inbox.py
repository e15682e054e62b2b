"""A desk's inbox: what it has taken stands in the database until it is answered.

Written in groups: of a thousand messages at once many share a transaction.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import uuid
from collections.abc import Callable, Sequence

from bot.channels.frame.database import in_database
from bot.channels.frame.incoming import Incoming
from bot.contact import inbox
from bot.contact.inbox import Written
from bot.contact.seen import forget_expired
from bot.db.session import session

logger = logging.getLogger(__name__)
#: Seconds between two looks at what others have left behind; well below `inbox.HELD`.
EVERY = 5.0
#: Messages of one transaction, and messages after which expired keys are cleared away.
GROUP, CLEAR_EVERY = 200, 2_000
#: Goes on with a message: what of its answer is left to send, None when it has no answer.
Resume = Callable[[Incoming, Sequence[str] | None], object]


class Inbox:
    """The inbox of one process's desk."""

    def __init__(self) -> None:
        self._holder = uuid.uuid4().hex
        self._taken: list[tuple[Incoming, asyncio.Future[bool]]] = []
        self._answered: list[Incoming] = []
        self._held: set[tuple[str, str]] = set()
        self._writing: asyncio.Task[None] | None = None
        self._watching: asyncio.Task[None] | None = None
        self._count = 0

    @property
    def writes(self) -> bool:
        """Whether there are messages that are not kept yet."""
        return bool(self._taken)

    def take(self, incoming: Incoming) -> asyncio.Future[bool]:
        """Take a message; the future says, once it is kept, whether it is new to all processes."""
        is_new: asyncio.Future[bool] = asyncio.get_running_loop().create_future()
        self._taken.append((incoming, is_new))
        self._write_soon()
        return is_new

    def answered(self, *incoming: Incoming) -> None:
        """Let go of messages whose answer has gone out."""
        self._answered += incoming
        self._write_soon()

    def watch(self, channel: str, resume: Resume) -> None:
        """Begin to hold what is taken, and to resume what processes that died have left."""
        self._watching = asyncio.get_running_loop().create_task(self._watch(channel, resume))

    async def close(self) -> None:
        """Write what is to be written; what is not answered is left to the next process."""
        if self._watching is not None:
            self._watching.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._watching
        while self._writing is not None:
            await self._writing
        if self._held:
            await in_database(_let_go, self._holder)

    def _write_soon(self) -> None:
        if self._writing is None:
            self._writing = asyncio.get_running_loop().create_task(self._write())

    async def _write(self) -> None:
        """Write group after group until nothing is left; what comes meanwhile is the next one."""
        try:
            while self._taken or self._answered:
                taken, self._taken = self._taken[:GROUP], self._taken[GROUP:]
                done, self._answered = self._answered, []
                await self._write_group(taken, done)
        finally:
            self._writing = None

    async def _write_group(
        self, taken: list[tuple[Incoming, asyncio.Future[bool]]], done: list[Incoming]
    ) -> None:
        clear = self._count // CLEAR_EVERY < (self._count + len(taken)) // CLEAR_EVERY
        self._count += len(taken)
        written = [_written(one) for one, _ in taken]
        try:
            new = await in_database(_commit, written, done, self._holder, clear)
        except Exception as away:
            # Without the database the bot cannot answer either: better twice than not at all.
            logger.error("not known whether messages are new: %s", type(away).__name__)
            new = set(written)
        self._held -= {(one.channel, one.key) for one in done}
        self._held |= {(one.channel, one.key) for one in new}
        for one, is_new in taken:
            if not is_new.done():
                is_new.set_result(_written(one) in new)

    async def _watch(self, channel: str, resume: Resume) -> None:
        while True:
            try:
                for one in await in_database(_look, channel, self._holder, bool(self._held)):
                    self._held.add((one.channel, one.key))
                    resume(Incoming(one.channel, one.address, one.key, one.text), one.to_send)
            except Exception as away:
                # The edge of this task: one failure must not end it.
                logger.error("the inbox was not looked after: %s", type(away).__name__)
            await asyncio.sleep(EVERY)


def _written(one: Incoming) -> Written:
    return Written(one.channel, one.address, one.key, one.text)


async def keep_to_send(incoming: Incoming, texts: Sequence[str]) -> None:
    """Note what of an answer has not gone out yet."""
    await in_database(_keep_to_send, incoming, texts)


def _keep_to_send(incoming: Incoming, texts: Sequence[str]) -> None:
    with session() as db:
        inbox.put_answer(db, incoming.channel, incoming.key, texts)


def _commit(taken: list[Written], done: list[Incoming], holder: str, clear: bool) -> set[Written]:
    with session() as db:
        if clear:
            forget_expired(db)
        for channel in {one.channel for one in done}:
            inbox.answered(db, channel, [one.key for one in done if one.channel == channel])
        new: set[Written] = set()
        for channel in {one.channel for one in taken}:
            mine = [one for one in taken if one.channel == channel]
            new |= inbox.take_in(db, mine, holder)
        return new


def _look(channel: str, holder: str, holding: bool) -> list[Written]:
    with session() as db:
        if holding:
            inbox.hold(db, holder)
        return inbox.take_over(db, channel, holder)


def _let_go(holder: str) -> None:
    with session() as db:
        inbox.let_go(db, holder)

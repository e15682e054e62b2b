"""FIFO lock per key among processes, in Redis.

Every name has a list of tickets; the one at its head works. A ticket that leaves wakes the
next. A ticket names its worker, and a thread of each worker writes a heartbeat every second: so one
that was killed is passed over within seconds, and one that works long, or has a busy loop, is not.
"""

from __future__ import annotations

import asyncio
import itertools
import threading
import uuid
from collections.abc import AsyncGenerator, Awaitable, Sequence
from contextlib import asynccontextmanager, suppress

import redis
import redis.asyncio
from rasa.core.lock_store import LockError
from redis.exceptions import RedisError

from bot.runtime.fifo_lock import FifoLock

#: Before every key of ours, so that others may use the same Redis.
PREFIX = "jiuye:"
#: Seconds after which a worker that says nothing is dead, and between two signs of life.
DEAD_AFTER_S, HEARTBEAT_S = 5.0, 1.0
#: Seconds after which one who waits looks whether the one before is still alive.
POLL_SECONDS = 1.0

#: KEYS: line, held. ARGV: ticket, lifetime in ms, prefix. Returns 1 when it is the ticket's turn.
_ENTER = """
redis.call('RPUSH', KEYS[1], ARGV[1])
if redis.call('LINDEX', KEYS[1], 0) ~= ARGV[1] then return 0 end
redis.call('SET', KEYS[2], ARGV[1], 'PX', ARGV[2])
return 1
"""
#: Lets the next of a line begin, and wakes it.
_NEXT = """
local function next_one()
  local head = redis.call('LINDEX', KEYS[1], 0)
  if not head then redis.call('DEL', KEYS[2]) return end
  redis.call('SET', KEYS[2], head, 'PX', ARGV[2])
  redis.call('LPUSH', ARGV[3] .. 'wake:' .. head, 1)
  redis.call('PEXPIRE', ARGV[3] .. 'wake:' .. head, 60000)
end
"""
_LEAVE = f"""{_NEXT}
local first = redis.call('LINDEX', KEYS[1], 0) == ARGV[1]
redis.call('LREM', KEYS[1], 0, ARGV[1])
if first then next_one() end
"""
#: Returns 1 when it is the ticket's turn, -1 when the line has lost it. A head with a dead
#: worker, or that has worked longer than its lifetime, is taken out.
_POLL = f"""{_NEXT}
if not redis.call('LPOS', KEYS[1], ARGV[1]) then return -1 end
local head = redis.call('LINDEX', KEYS[1], 0)
if head == ARGV[1] then return 1 end
local alive = redis.call('EXISTS', ARGV[3] .. 'worker:' .. string.match(head, '^[^:]*')) == 1
if alive and redis.call('GET', KEYS[2]) == head then return 0 end
redis.call('LPOP', KEYS[1])
next_one()
return redis.call('LINDEX', KEYS[1], 0) == ARGV[1] and 1 or 0
"""


class RedisFifoLock:
    """A waiting queue for each key, shared by all that open the same Redis."""

    def __init__(self, url: str) -> None:
        self._redis = redis.asyncio.Redis.from_url(url)
        self._enter = self._redis.register_script(_ENTER)
        self._leave = self._redis.register_script(_LEAVE)
        self._poll = self._redis.register_script(_POLL)
        self._heartbeat = WorkerHeartbeat(url)
        self._numbers = itertools.count()
        self._local_lock = FifoLock()
        self._calls: set[asyncio.Future[int]] = set()

    @asynccontextmanager
    async def hold(self, key: str, lifetime: float) -> AsyncGenerator[None, None]:
        """Wait for a turn and work; raises LockError when Redis is away or has lost the line."""
        keys = [f"{PREFIX}line:{key}", f"{PREFIX}held:{key}"]
        ticket = f"{self._heartbeat.beat()}:{next(self._numbers)}"
        arguments: list[str | int] = [ticket, int(lifetime * 1000), PREFIX]
        entering: asyncio.Future[int] | None = None
        try:
            try:
                # Two of one name would come to Redis on connections that race.
                async with self._local_lock.hold(key, lifetime):
                    entering = self._call(self._enter(keys, arguments))
                    granted = await asyncio.shield(entering)
                while not granted:
                    await self._redis.blpop(f"{PREFIX}wake:{ticket}", POLL_SECONDS)
                    granted = await self._poll(keys, arguments)
            except RedisError as error:
                raise LockError(f"no lock: {type(error).__name__}") from error
            if granted < 0:
                raise LockError("the line of a conversation was lost")
            yield
        finally:
            if entering is not None:
                await asyncio.shield(self._call(self._withdraw(entering, keys, arguments)))

    def _call(self, coroutine: Awaitable[int]) -> asyncio.Future[int]:
        """Begin a call that goes on when its waiting task is cancelled."""
        call = asyncio.ensure_future(coroutine)
        self._calls.add(call)
        call.add_done_callback(self._calls.discard)
        return call

    async def _withdraw(
        self, entering: asyncio.Future[int], keys: Sequence[str], arguments: Sequence[str | int]
    ) -> int:
        """Leave a line once the ticket has come to Redis, where it would stay for its lifetime."""
        with suppress(RedisError):  # was raised to the task that waited for it
            await entering
        with suppress(RedisError):
            await self._leave(keys, arguments)
        return 0


class WorkerHeartbeat:
    """Heartbeat of this process, from a thread of its own."""

    def __init__(self, url: str) -> None:
        self._worker = uuid.uuid4().hex
        self._redis = redis.Redis.from_url(url, socket_timeout=HEARTBEAT_S)
        self._thread: threading.Thread | None = None
        self._stopped = threading.Event()

    def beat(self) -> str:
        """Return the worker's name; from the first time on the heart beats.

        Raises LockError when Redis is away at the first beat.
        """
        if self._thread is None:
            try:
                self._sign()
            except RedisError as error:
                raise LockError(f"no lock: {type(error).__name__}") from error
            self._thread = threading.Thread(target=self._run, name="heart", daemon=True)
            self._thread.start()
        return self._worker

    def stop(self) -> None:
        """Beat no more, as a process that was killed does."""
        self._stopped.set()

    def _run(self) -> None:
        while not self._stopped.wait(HEARTBEAT_S):
            with suppress(RedisError):  # away for a moment: the next beat may reach it
                self._sign()

    def _sign(self) -> None:
        self._redis.set(f"{PREFIX}worker:{self._worker}", 1, px=int(DEAD_AFTER_S * 1000))

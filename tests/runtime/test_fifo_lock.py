"""The lock of a key goes to who asked first; other keys do not wait."""

from __future__ import annotations

import asyncio

import pytest

from bot.runtime.fifo_lock import FifoLock


async def test_who_asks_first_gets_it_first() -> None:
    lock, order = FifoLock(), []

    async def use(number: int) -> None:
        async with lock.hold("a", 60):
            await asyncio.sleep(0)
            order.append(number)

    await asyncio.gather(*(use(number) for number in range(20)))
    assert order == list(range(20))


async def test_another_key_does_not_wait() -> None:
    lock = FifoLock()
    async with lock.hold("a", 60):
        await asyncio.wait_for(lock.hold("b", 60).__aenter__(), 5)


async def test_who_gives_up_waiting_holds_up_nobody() -> None:
    lock = FifoLock()
    async with lock.hold("a", 60):
        with pytest.raises(asyncio.TimeoutError):
            await asyncio.wait_for(lock.hold("a", 60).__aenter__(), 0.01)
        third = asyncio.ensure_future(lock.hold("a", 60).__aenter__())
        await asyncio.sleep(0)
        assert not third.done()
    await asyncio.wait_for(third, 5)


async def test_after_its_lifetime_the_next_one_gets_it_as_well() -> None:
    lock = FifoLock()
    async with lock.hold("a", 0.01):
        await asyncio.wait_for(lock.hold("a", 60).__aenter__(), 5)

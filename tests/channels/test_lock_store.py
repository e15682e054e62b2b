import asyncio
import time

from bot.channels.lock_store import QuickLockStore


async def test_a_second_message_does_not_wait_a_whole_second() -> None:
    store, done = QuickLockStore(), []

    async def answer(n: int) -> None:
        async with store.lock("anna"):
            await asyncio.sleep(0.05)
            done.append(n)

    began = time.monotonic()
    await asyncio.gather(*(answer(n) for n in range(4)))
    assert done == [0, 1, 2, 3]
    assert time.monotonic() - began < 0.9

"""Database work of the channels, off the event loop."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextvars import copy_context
from typing import TypeVar

T = TypeVar("T")

#: Few threads: SQLite has one writer, and more would only take turns at the interpreter.
_threads = ThreadPoolExecutor(2, thread_name_prefix="channels-db")
#: What is taken is kept within seconds, whatever else waits for the database.
_inbox_thread = ThreadPoolExecutor(1, thread_name_prefix="inbox-db")


async def in_database(work: Callable[..., T], *arguments: object) -> T:
    """Run a function that opens its own session, in a thread; return or raise what it does."""
    return await _in_thread(_threads, work, *arguments)


async def in_inbox(work: Callable[..., T], *arguments: object) -> T:
    """Do the same ahead of all others, for the writes of the inbox."""
    return await _in_thread(_inbox_thread, work, *arguments)


async def _in_thread(threads: ThreadPoolExecutor, work: Callable[..., T], *arguments: object) -> T:
    context = copy_context()  # a dry run is one in the thread, too
    return await asyncio.get_running_loop().run_in_executor(threads, context.run, work, *arguments)

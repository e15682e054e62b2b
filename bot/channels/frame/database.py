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


async def in_database(work: Callable[..., T], *given: object) -> T:
    """Run a function that opens its own session, in a thread; return or raise what it does."""
    context = copy_context()  # a dry run is one in the thread, too
    return await asyncio.get_running_loop().run_in_executor(_threads, context.run, work, *given)

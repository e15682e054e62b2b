"""Waiting for something to be so, however slow the machine is: never for a time."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable

#: Seconds after which what was waited for counts as never coming.
PATIENCE = 60.0
_PAUSE = 0.02


async def until(so: Callable[[], object], seconds: float = PATIENCE) -> None:
    """Wait until it is so; fails when it has not become so in time."""
    ends = time.monotonic() + seconds
    while not so():
        assert time.monotonic() < ends, "what was waited for did not come"
        await asyncio.sleep(_PAUSE)


def wait_until(so: Callable[[], object], seconds: float = PATIENCE) -> None:
    """Do the same without a loop."""
    ends = time.monotonic() + seconds
    while not so():
        assert time.monotonic() < ends, "what was waited for did not come"
        time.sleep(_PAUSE)

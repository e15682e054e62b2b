"""Return of freed memory to the operating system, after work that needed much for a moment."""

from __future__ import annotations

import ctypes
import gc
import sys
from collections.abc import Callable

from bot.caches import process_cache


def release_memory() -> None:
    """Collect garbage, and give back the pages that nothing of this process needs any more.

    glibc keeps what was freed below something still in use; a server holds it for good.
    """
    gc.collect()
    _trim()(0)


@process_cache(size=1)
def _trim() -> Callable[[int], int]:
    """Return glibc's malloc_trim; a function that does nothing where the C library has none."""
    if sys.platform == "linux":
        trim: Callable[[int], int] | None = getattr(ctypes.CDLL(None), "malloc_trim", None)
        if trim is not None:
            return trim
    return lambda _: 0

"""Moving windows in the memory of one process, bounded.

The memory of the package `limits` is not used: it has no bound, goes by the wall clock and takes a
thread for each entry.
"""

from __future__ import annotations

import time
from collections import OrderedDict, deque
from collections.abc import Callable

#: Names that are counted at once; the one not heard of longest is forgotten first.
MAX_NAMES = 20_000


class MemoryWindows:
    """At most so many entries within a window of seconds for each name."""

    def __init__(
        self, max_count: int, window: int, now: Callable[[], float] = time.monotonic
    ) -> None:
        self._max_count, self._window, self._now = max_count, window, now
        self._entries: OrderedDict[str, deque[float]] = OrderedDict()

    def __len__(self) -> int:
        return len(self._entries)

    def acquire(self, name: str) -> bool:
        """Enter one; False when the window is full, and nothing is entered."""
        now = self._now()
        times = self._entries.pop(name, None) or deque(maxlen=self._max_count)
        self._entries[name] = times
        while len(self._entries) > MAX_NAMES:
            self._entries.popitem(last=False)
        if len(times) == self._max_count and now - times[0] < self._window:
            return False
        times.append(now)
        return True

"""Limit of login attempts: counted in memory, bounded."""

from __future__ import annotations

import time
from collections import OrderedDict, deque
from collections.abc import Callable

#: Names that are counted at once; who has not tried longest is forgotten first.
MAX_COUNTED = 5_000


class Attempts:
    """At most so many tries within a window of seconds for each name."""

    def __init__(
        self, limit: int, window: float, now: Callable[[], float] = time.monotonic
    ) -> None:
        self._limit, self._window, self._now = limit, window, now
        self._tries: OrderedDict[str, deque[float]] = OrderedDict()

    def allowed(self, name: str) -> bool:
        """Count one try; tell whether it is within the limit."""
        now = self._now()
        times = self._tries.pop(name, None) or deque()
        self._tries[name] = times
        while len(self._tries) > MAX_COUNTED:
            self._tries.popitem(last=False)
        while times and times[0] <= now - self._window:
            times.popleft()
        if len(times) >= self._limit:
            return False
        times.append(now)
        return True

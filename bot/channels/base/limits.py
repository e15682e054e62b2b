"""Rate limits of senders and addresses, counted in memory; the first excess is reported once."""

from __future__ import annotations

import time
from collections import OrderedDict, deque
from collections.abc import Callable
from typing import Literal

from sanic.request import Request

#: Senders that are counted at once; who was not heard of longest is forgotten first.
MAX_SENDERS = 20_000
Verdict = Literal["ok", "tell", "silent"]


def other_machine(request: Request) -> str | None:
    """Return the address that a request comes from; None when that is this machine.

    What a proxy hands on is the other machine's (`SANIC_PROXIES_COUNT`).
    """
    if not request.remote_addr and request.ip in ("127.0.0.1", "::1"):
        return None
    return str(request.remote_addr or request.ip)


class RateLimit:
    """At most so many within a window of seconds for each name."""

    def __init__(
        self, max_count: int, window: float, now: Callable[[], float] = time.monotonic
    ) -> None:
        self._max_count, self._window, self._now = max_count, window, now
        self._counted: OrderedDict[str, deque[float]] = OrderedDict()
        self._warned_at: dict[str, float] = {}

    def check(self, name: str) -> Verdict:
        """Count one; `tell` for the first too many within a window, `silent` for the next."""
        now = self._now()
        times = self._counted.pop(name, None) or deque(maxlen=self._max_count)
        self._counted[name] = times
        while len(self._counted) > MAX_SENDERS:
            forgotten, _ = self._counted.popitem(last=False)
            self._warned_at.pop(forgotten, None)
        if len(times) == self._max_count and now - times[0] < self._window:
            return self._over_limit(name, now)
        times.append(now)
        return "ok"

    def _over_limit(self, name: str, now: float) -> Verdict:
        last = self._warned_at.get(name)
        if last is not None and now - last < self._window:
            return "silent"
        self._warned_at[name] = now
        return "tell"

"""Rasa's lock of a conversation without its whole second of waiting for a second message."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from typing import Any

from rasa.core.lock import TicketLock
from rasa.core.lock_store import LOCK_LIFETIME, InMemoryLockStore

#: Seconds between two looks at a lock; Rasa's own are 1 s apart.
LOOK_EVERY = 0.02


class QuickLockStore(InMemoryLockStore):  # type: ignore[misc]
    """Locks in this process, looked at every 20 ms. Named in endpoints.yml."""

    def __init__(self, **_: Any) -> None:
        super().__init__()

    @asynccontextmanager
    async def lock(
        self,
        conversation_id: str,
        lock_lifetime: float = LOCK_LIFETIME,
        wait_time_in_seconds: float = LOOK_EVERY,
    ) -> AsyncGenerator[TicketLock, None]:
        """Hold a conversation's lock; raises LockError when it has expired."""
        async with super().lock(conversation_id, lock_lifetime, wait_time_in_seconds) as lock:
            yield lock

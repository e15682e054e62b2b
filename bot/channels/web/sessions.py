"""Sessions of the web widget, signed by the server.

What was said in them stands in the database (`bot.messaging.web_history`).
"""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import secrets
from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

#: Sessions kept at once; the one not used longest goes first.
MAX_SESSIONS = 10_000


@dataclass
class Session:
    """One person's widget, in one or several tabs."""

    id: str
    hand_off: Mapping[str, Any] | None = None
    """State of the hand-off when it was shown last."""
    kept_from: int = 0
    """The number of the oldest message that was kept when that was told last; 0: none was."""
    order: asyncio.Lock = field(default_factory=asyncio.Lock)
    """Held while a message is kept and shown: all tabs see them in the order of their numbers."""


class Sessions:
    """All sessions, found by the token that only this server can sign."""

    def __init__(self, secret: bytes, old: bytes | None = None) -> None:
        """`old`: the previous secret; its tokens hold on while it is replaced."""
        self.secret, self._old = secret, old
        self._open: OrderedDict[str, Session] = OrderedDict()

    def token(self, session: Session) -> str:
        """Return what the browser keeps: the session's id with our signature."""
        return f"{session.id}.{self._signature(session.id)}"

    def resume(self, token: object) -> Session:
        """Return the session of a token; a new one for a token that is missing or forged."""
        return self.get_or_create(self._verified(token) or f"web-{secrets.token_urlsafe(18)}")

    def get_or_create(self, session_id: str) -> Session:
        """Return the session of an id that is known to be genuine."""
        session = self._open.pop(session_id, None) or Session(session_id)
        self._open[session_id] = session
        while len(self._open) > MAX_SESSIONS:
            self._open.popitem(last=False)
        return session

    def _verified(self, token: object) -> str | None:
        if not isinstance(token, str) or token.count(".") != 1 or len(token) > 200:
            return None
        session_id, signature = token.split(".")
        secrets_now = (self.secret, *((self._old,) if self._old else ()))
        signed = (self._signature(session_id, secret).encode() for secret in secrets_now)
        genuine = [hmac.compare_digest(signature.encode(), expected) for expected in signed]
        return session_id if any(genuine) else None

    def _signature(self, session_id: str, secret: bytes | None = None) -> str:
        key = secret or self.secret
        return hmac.new(key, session_id.encode(), hashlib.sha256).hexdigest()[:40]

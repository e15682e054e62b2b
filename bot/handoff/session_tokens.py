"""Signed sessions, CSRF tokens and origins of counsellors' browsers."""

from __future__ import annotations

import hashlib
import hmac
import time
from collections.abc import Callable, Mapping
from urllib.parse import urlsplit

from bot.handoff.accounts import Account

#: Seconds that a login holds: a working day.
SESSION_SECONDS = 12 * 3600
#: Seconds between the password and the code of the second factor.
HALF_SECONDS = 300
#: Most characters of a cookie that is looked at.
MAX_COOKIE_CHARS = 200


def is_same_origin(headers: Mapping[str, str]) -> bool:
    """Tell whether a call comes from a page of this server: browsers send Origin with a POST."""
    origin = headers.get("Origin")
    hosts = (headers.get("Host"), headers.get("X-Forwarded-Host"))
    return origin is not None and urlsplit(origin).netloc in [host for host in hosts if host]


class Signer:
    """Signs sessions; the key is derived, so that no other signature of this server fits."""

    def __init__(self, secret: bytes, now: Callable[[], float] = time.time) -> None:
        self._key = hmac.new(secret, b"counsellors' desk", hashlib.sha256).digest()
        self._now = now

    def session(self, account: Account) -> str:
        """Return the session of a counsellor who has just logged in."""
        return self._signed("session", account)

    def half_session(self, account: Account) -> str:
        """Return what a counsellor has who typed the password and not yet the second code."""
        return self._signed("half session", account)

    def _signed(self, purpose: str, account: Account) -> str:
        payload = f"{account.id}.{int(self._now() * 1000)}"
        return f"{payload}.{self._mac(purpose, payload, account.stamp)}"

    def claimed_id(self, cookie: str | None, seconds: int = SESSION_SECONDS) -> int | None:
        """Return the account's id that a cookie claims, None for a foreign or old cookie.

        `is_valid` says whether it is genuine.
        """
        parts = (cookie or "")[:MAX_COOKIE_CHARS].split(".")
        if len(parts) != 3 or not all(part.isascii() and part.isdigit() for part in parts[:2]):
            return None
        if max(map(len, parts[:2])) > 20:
            return None
        age = self._now() - int(parts[1]) / 1000
        return int(parts[0]) if age + 1 >= 0 and age < seconds and len(parts[0]) < 10 else None

    def is_valid(self, cookie: str, account: Account) -> bool:
        """Tell whether a cookie was signed here for this counsellor with the present password.

        One from before the last logout holds no longer.
        """
        return self._is_signed("session", cookie, account)

    def is_half_valid(self, cookie: str, account: Account) -> bool:
        """Tell whether a half session was signed here; `claimed_id` says whether it is too old."""
        return self._is_signed("half session", cookie, account)

    def _is_signed(self, purpose: str, cookie: str, account: Account) -> bool:
        payload, _, mac = cookie.rpartition(".")
        issued = payload.rpartition(".")[2]
        if not (issued.isascii() and issued.isdigit()) or len(issued) > 20:
            return False
        if int(issued) / 1000 <= account.signed_out_at:
            return False
        return hmac.compare_digest(
            mac.encode(), self._mac(purpose, payload, account.stamp).encode()
        )

    def csrf(self, cookie: str) -> str:
        """Return the token that a page of ours sends along with what changes something."""
        return self._mac("csrf", cookie)

    def is_csrf(self, token: str | None, cookie: str) -> bool:
        """Tell whether a token belongs to a session."""
        return hmac.compare_digest((token or "").encode(), self.csrf(cookie).encode())

    def _mac(self, *parts: str) -> str:
        return hmac.new(self._key, "\0".join(parts).encode(), hashlib.sha256).hexdigest()

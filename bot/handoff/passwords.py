"""Passwords of counsellors: scrypt with a salt of their own, compared in constant time."""

from __future__ import annotations

import hashlib
import hmac
import secrets

from bot.handoff.errors import UnfitPassword

#: Costs: 16 MB and about 50 ms a try. Kept with each hash, so that they can be raised later.
N, R, P = 2**14, 8, 1
MIN_CHARS, MAX_CHARS = 10, 200


def hashed(password: str) -> str:
    """Return what is kept of a password; raises UnfitPassword when it is too short or too long."""
    if not MIN_CHARS <= len(password) <= MAX_CHARS:
        raise UnfitPassword(f"a password has {MIN_CHARS} to {MAX_CHARS} characters")
    salt = secrets.token_bytes(16)
    return f"scrypt${N}${R}${P}${salt.hex()}${_derive(password, salt, N, R, P).hex()}"


def is_correct(password: str, stored_hash: str) -> bool:
    """Tell whether a password is the one that was kept; False for a hash of another kind."""
    kind, *rest = stored_hash.split("$")
    if kind != "scrypt" or len(rest) != 5:
        return False
    n, r, p, salt, derived = rest
    computed = _derive(password[:MAX_CHARS], bytes.fromhex(salt), int(n), int(r), int(p))
    return hmac.compare_digest(computed, bytes.fromhex(derived))


def _derive(password: str, salt: bytes, n: int, r: int, p: int) -> bytes:
    return hashlib.scrypt(password.encode("utf-8", "replace"), salt=salt, n=n, r=r, p=p)


#: Compared with when there is no such name, so that the answer takes as long.
NOBODY = hashed(secrets.token_urlsafe(20))

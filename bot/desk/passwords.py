"""Passwords of counsellors: scrypt with a salt of their own, compared in constant time."""

from __future__ import annotations

import hashlib
import hmac
import secrets

from bot.desk.errors import UnfitPassword

#: Costs: 16 MB and about 50 ms a try. Kept with each hash, so that they can be raised later.
N, R, P = 2**14, 8, 1
SHORTEST, LONGEST = 10, 200


def hashed(password: str) -> str:
    """Return what is kept of a password; raises UnfitPassword when it is too short or too long."""
    if not SHORTEST <= len(password) <= LONGEST:
        raise UnfitPassword(f"a password has {SHORTEST} to {LONGEST} characters")
    salt = secrets.token_bytes(16)
    return f"scrypt${N}${R}${P}${salt.hex()}${_derive(password, salt, N, R, P).hex()}"


def fits(password: str, kept: str) -> bool:
    """Tell whether a password is the one that was kept; False for a hash of another kind."""
    kind, *rest = kept.split("$")
    if kind != "scrypt" or len(rest) != 5:
        return False
    n, r, p, salt, derived = rest
    given = _derive(password[:LONGEST], bytes.fromhex(salt), int(n), int(r), int(p))
    return hmac.compare_digest(given, bytes.fromhex(derived))


def _derive(password: str, salt: bytes, n: int, r: int, p: int) -> bytes:
    return hashlib.scrypt(password.encode("utf-8", "replace"), salt=salt, n=n, r=r, p=p)


#: Compared with when there is no such name, so that the answer takes as long.
NOBODY = hashed(secrets.token_urlsafe(20))

"""Codes of an authenticator as RFC 6238 computes them, independently of the library in use."""

from __future__ import annotations

import base64
import hashlib
import hmac
import struct
from datetime import datetime


def code_of(key: str, moment: datetime, steps: int = 0) -> str:
    """The six digits that an authenticator with this key shows at a moment, or steps later."""
    counter = int(moment.timestamp()) // 30 + steps
    raw = base64.b32decode(key.replace(" ", ""))
    digest = hmac.new(raw, struct.pack(">Q", counter), hashlib.sha1).digest()
    at = digest[-1] & 15
    number = int.from_bytes(digest[at : at + 4], "big") & 0x7FFFFFFF
    return f"{number % 10**6:06d}"

"""The installation's secret, and the keys that are derived from it for each purpose."""

from __future__ import annotations

import hashlib
import hmac
import secrets
from contextlib import suppress
from pathlib import Path

from bot.caches import process_cache
from bot.private_files import make_own_folder, narrow, write_secret
from bot.settings import ROOT, settings

#: Where the secret stands when the settings name none.
FILE = ROOT / "var" / "secret"


def secret(file: Path, configured: str = "") -> bytes:
    """Return the secret: the one set, or the one in a file made at the first start."""
    if configured:
        return configured.encode()
    if not file.exists():
        make_own_folder(file.parent)
        with suppress(FileExistsError):  # another process of ours made it just now
            write_secret(file, secrets.token_hex(32))
    narrow(file)
    return file.read_bytes()


def installation_secret() -> bytes:
    """Return the secret of this installation: `JIUYE_SECRET`, or the one in var/secret."""
    configured = settings().secret
    return configured.reveal().encode() if configured else _of_file()


@process_cache(size=1)
def _of_file() -> bytes:
    return secret(FILE)


def old_secret() -> bytes | None:
    """Return the secret before, while it is replaced (`JIUYE_OLD_SECRET`); None: there is none."""
    configured = settings().old_secret
    return configured.reveal().encode() if configured else None


def derived(purpose: str, base_secret: bytes | None = None) -> bytes:
    """Return 32 bytes that only this secret gives for a purpose (HMAC-SHA256)."""
    return hmac.new(base_secret or installation_secret(), purpose.encode(), hashlib.sha256).digest()

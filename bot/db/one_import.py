"""One import at a time: ids and the keys of jobs are given out by who reads and then writes.

Another one waits until the first has committed or was killed.
"""

from __future__ import annotations

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import text
from sqlalchemy.engine import make_url
from sqlalchemy.orm import Session

from bot.db.session import session

#: Number of PostgreSQL's advisory lock.
_LOCK = 0x6A697579


@contextmanager
def importing(url: str) -> Iterator[Session]:
    """Open a session in one transaction that no other import runs beside."""
    parsed = make_url(url)
    if parsed.get_backend_name() != "sqlite":
        with session(url) as db:
            db.execute(text("select pg_advisory_xact_lock(:lock)"), {"lock": _LOCK})
            yield db
        return
    if not parsed.database or parsed.database == ":memory:":
        with session(url) as db:
            yield db
        return
    # Beside the file: its own locks would keep the messages of a whole import waiting.
    with Path(f"{parsed.database}.import").open("a") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        with session(url) as db:
            yield db

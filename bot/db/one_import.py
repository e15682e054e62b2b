"""One import at a time: ids and the keys of jobs are given out by who reads and then writes.

Another one waits until the first has committed or was killed.
"""

from __future__ import annotations

import fcntl
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import text
from sqlalchemy.engine import make_url
from sqlalchemy.orm import Session

from bot.db.session import session

#: Number of PostgreSQL's advisory lock.
_LOCK = 0x6A697579
#: Seconds at least and at most between two transactions of one import.
_MIN_PAUSE_S, _MAX_PAUSE_S = 0.03, 0.5
#: Rows of each index that SQLite's planner looks at.
_SAMPLE = 1_000


@contextmanager
def importing(url: str) -> Iterator[Session]:
    """Open a session in one transaction that excludes other imports."""
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


def is_importing(url: str) -> bool:
    """Tell whether an import into a SQLite file runs now; of other databases False."""
    parsed = make_url(url)
    file = Path(f"{parsed.database}.import")
    if parsed.get_backend_name() != "sqlite" or not file.exists():
        return False
    with file.open("a") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return True
    return False


class WriterTurns:
    """The writer of SQLite, given up again and again during an import, so that others write.

    Of PostgreSQL, where writers do not wait for each other, nothing is committed before the end.
    """

    def __init__(self, db: Session) -> None:
        self._db = db
        bind = db.get_bind()
        self.single_writer = bind.dialect.name == "sqlite"
        #: `serve` holds it while it runs (bot.data_lock): with nobody else there is no pause.
        self._served = Path(f"{bind.engine.url.database}.pid")
        self._began = time.monotonic()

    def begin(self) -> None:
        """Note that a transaction begins."""
        self._began = time.monotonic()

    def give_up(self) -> None:
        """Commit, and leave the writer to others as long as it was held (30 to 500 ms).

        Who waits for it asks again every 1 to 50 ms (SQLite's busy handler), and gets it then.
        """
        if not self.single_writer:
            return
        seconds_held = time.monotonic() - self._began
        self._db.commit()
        if self._served.exists():
            time.sleep(min(max(_MIN_PAUSE_S, seconds_held), _MAX_PAUSE_S))
        self.begin()


def renew_statistics(db: Session) -> None:
    """Let the planner choose indexes by what the tables hold now.

    On SQLite, which keeps others from writing during it, by a sample of each index.
    """
    if db.get_bind().dialect.name == "sqlite":
        db.execute(text(f"pragma analysis_limit = {_SAMPLE}"))
    db.execute(text("analyze"))

"""Report of a worker's caches to the status server: once a minute a line for each."""

from __future__ import annotations

import os
import threading
from dataclasses import dataclass

from bot.caches import CacheUse, cache_uses
from bot.monitoring.pipe import worker_end

#: Seconds between two reports.
INTERVAL_S = 60.0
#: Beginning of these lines; an act of a turn has no such sign.
_MARK = "@cache"


@dataclass(frozen=True)
class CacheRecord:
    """Use of a cache in one process."""

    process: int
    use: CacheUse

    def line(self) -> str:
        """Return the record as one line."""
        return f"{_MARK} {self.process} {self.use.name} {self.use.entries} {self.use.bound}"

    @classmethod
    def read(cls, line: str) -> CacheRecord | None:
        """Return the record of a line; None when it is none."""
        try:
            mark, process, name, entries, bound = line.split()
            record = cls(int(process), CacheUse(name, int(entries), int(bound)))
        except ValueError:
            return None
        return record if mark == _MARK else None


def report_caches() -> None:
    """Write a line for each cache of this process."""
    for use in cache_uses():
        worker_end.write(CacheRecord(os.getpid(), use).line())


def start_reporting() -> None:
    """Report from now on, in a thread; nothing is done where no status server is to hear of it."""
    if worker_end.descriptor() is not None:
        threading.Thread(target=_report_forever, name="cache report", daemon=True).start()


def _report_forever() -> None:
    pause = threading.Event()
    while True:
        report_caches()
        pause.wait(INTERVAL_S)

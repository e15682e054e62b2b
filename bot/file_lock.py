"""Locks on files that name the process which holds them; the kernel frees those of the dead."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TextIO


class FileLocked(RuntimeError):
    """Another process holds the lock."""

    def __init__(self, process: str) -> None:
        super().__init__(f"held by process {process}")
        self.process = process
        """Its number; `?` when it has not written it yet."""


@contextmanager
def locked(path: Path) -> Iterator[TextIO]:
    """Hold the lock of a file, which is removed in the end. Raises FileLocked.

    `sign` writes this process's number into what is yielded.
    """
    while True:
        with path.open("a+", encoding="ascii") as lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                lock.seek(0)
                raise FileLocked(lock.read().strip() or "?") from None
            if not _same(lock, path):  # one that its owner removed meanwhile
                continue
            try:
                yield lock
            finally:
                path.unlink(missing_ok=True)
            return


def sign(lock: TextIO) -> None:
    """Write into a lock which process holds it."""
    lock.seek(0)
    lock.truncate(0)
    lock.write(f"{os.getpid()}\n")
    lock.flush()


def _same(lock: TextIO, path: Path) -> bool:
    try:
        return os.path.samestat(os.fstat(lock.fileno()), path.stat())
    except FileNotFoundError:
        return False

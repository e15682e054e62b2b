"""Files and folders that only their owner may read, whatever the umask is."""

from __future__ import annotations

import os
from contextlib import suppress
from pathlib import Path

FILE, FOLDER = 0o600, 0o700
#: What SQLite writes beside a database.
SQLITE_SUFFIXES = ("", "-wal", "-shm", "-journal")


def make_folder(folder: Path) -> None:
    """Make a folder, and those above it that are missing, for its owner alone.

    One that is there already stays as it is: it may be everybody's, like /tmp.
    """
    missing = [folder]
    while not missing[-1].exists() and missing[-1] != missing[-1].parent:
        missing.append(missing[-1].parent)
    for path in reversed(missing):
        with suppress(FileExistsError):
            path.mkdir(FOLDER)
            path.chmod(FOLDER)  # mkdir lets the umask take away more


def make_own_folder(folder: Path) -> None:
    """Make a folder that is ours alone, like var/; one that others can look into is narrowed."""
    make_folder(folder)
    with suppress(OSError):  # somebody else's: he lets us write, and knows why
        if folder.stat().st_mode & 0o077:
            folder.chmod(FOLDER)


def make_file(file: Path) -> None:
    """Make an empty file for its owner alone, or narrow the one that is there.

    One that is there is not opened: to close it would take away all locks that this process has on
    it, and another program would take SQLite's log away from under us.
    """
    if not file.exists():
        os.close(os.open(file, os.O_RDWR | os.O_CREAT, FILE))
    narrow(file)


def narrow(file: Path) -> None:
    """Take the rights of all others from a file, if it is there."""
    if file.exists() and file.stat().st_mode & 0o077:
        file.chmod(FILE)


def write_secret(file: Path, text: str) -> None:
    """Write a file that appears whole, for its owner alone. Raises FileExistsError."""
    partial = file.with_name(f".{file.name}.{os.getpid()}")
    try:
        with os.fdopen(os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_EXCL, FILE), "w") as out:
            out.write(text)
        os.link(partial, file)
    finally:
        partial.unlink(missing_ok=True)

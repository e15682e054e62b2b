"""Keys of a person in files: logs, queues, backups, whatever they are packed in."""

from __future__ import annotations

import gzip
import mmap
import os
import shutil
import subprocess
import threading
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, closing, contextmanager
from pathlib import Path
from typing import IO, cast

from bot.backup import archive
from bot.backup.errors import BackupError

#: What is raised where a file cannot be read to its end.
UNREADABLE = (OSError, EOFError, BackupError, subprocess.SubprocessError)
_PIECE = 2**20


def files_in(place: Path, not_read: list[str]) -> Iterator[Path]:
    """Yield the files of a folder, or the file itself; what cannot be listed is noted."""
    if place.is_file():
        yield place
        return
    errors: list[OSError] = []
    for folder, _, names in os.walk(place, onerror=errors.append):
        for name in sorted(names):
            file = Path(folder) / name
            if file.is_file():
                yield file
    not_read += [f"{wrong.filename}: {wrong.strerror}" for wrong in errors]


def times_in(file: Path, keys: Sequence[str]) -> int:
    """Return how often keys stand in a file; what is packed (gzip, our backups) is unpacked.

    Raises one of UNREADABLE.
    """
    encoded_keys = [key.encode() for key in keys]
    if not file.stat().st_size:
        return 0
    with file.open("rb") as raw:
        packed = raw.read(2) == b"\x1f\x8b"
        if not packed:
            with closing(mmap.mmap(raw.fileno(), 0, access=mmap.ACCESS_READ)) as bytes_:
                return sum(_times(bytes_, key) for key in encoded_keys)
    with _unpacked(file) as stream:
        return _times_in_stream(stream, encoded_keys)


@contextmanager
def _unpacked(file: Path) -> Iterator[IO[bytes]]:
    """Open what is in a packed file: of a backup its database, of a dump its rows."""
    with ExitStack() as opened:
        try:
            kind = archive.manifest(file).kind
        except BackupError:
            yield cast(IO[bytes], opened.enter_context(gzip.open(file)))
            return
        stream = opened.enter_context(archive.database_of(file))
        if kind == "sqlite":
            yield stream
            return
        program = shutil.which("pg_restore")
        if program is None:
            raise BackupError("pg_restore is not installed", "")
        run = subprocess.Popen([program, "--file=-"], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        opened.enter_context(run)
        assert run.stdin is not None
        assert run.stdout is not None
        yield _fed(run, stream)
        if run.wait(60):
            raise BackupError("its dump cannot be read", "")


def _fed(run: subprocess.Popen[bytes], stream: IO[bytes]) -> IO[bytes]:
    """Feed a program from a thread, and return what it says."""

    def feed() -> None:
        assert run.stdin is not None
        with run.stdin as to:
            shutil.copyfileobj(stream, to)

    threading.Thread(target=feed, daemon=True).start()
    assert run.stdout is not None
    return run.stdout


def _times(bytes_: mmap.mmap | bytes, key: bytes) -> int:
    count, position = 0, bytes_.find(key)
    while position >= 0:
        count, position = count + 1, bytes_.find(key, position + len(key))
    return count


def _times_in_stream(stream: IO[bytes], keys: Sequence[bytes]) -> int:
    """Count keys in a stream, also those that lie across two pieces of it."""
    longest, count, overlap = max(map(len, keys), default=1), 0, b""
    while piece := stream.read(_PIECE):
        together = overlap + piece
        count += sum(_times(together, key) for key in keys)
        overlap = together[-(longest - 1) :] if longest > 1 else b""
        count -= sum(_times(overlap, key) for key in keys)  # a shorter one would count twice
    return count + sum(_times(overlap, key) for key in keys)

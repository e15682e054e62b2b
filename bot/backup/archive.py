"""The file of a backup: a gzipped tar of a manifest, the database and the models."""

from __future__ import annotations

import io
import os
import shutil
import tarfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path, PurePosixPath
from typing import IO

from bot.backup.errors import BackupError
from bot.backup.manifest import BackupManifest, digest

MANIFEST = "manifest.json"
DATABASE = "database"
MODELS = "models/"
_LARGEST_MANIFEST = 10 * 2**20
_ANOTHER = "Take another backup; this one cannot be trusted."


def write(file: Path, manifest: BackupManifest, parts: dict[str, Path]) -> None:
    """Write a backup, whole or not at all, readable by its owner alone."""
    partial = file.with_name(f"{file.name}.partial")
    partial.unlink(missing_ok=True)
    try:
        with (
            os.fdopen(os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as raw,
            tarfile.open(fileobj=raw, mode="w:gz", compresslevel=6) as packed,
        ):
            text = manifest.to_json().encode()
            member = tarfile.TarInfo(MANIFEST)
            member.size, member.mode = len(text), 0o600
            packed.addfile(member, io.BytesIO(text))
            for name, part in parts.items():
                member = tarfile.TarInfo(name)
                member.size, member.mode = part.stat().st_size, 0o600
                with part.open("rb") as content:
                    packed.addfile(member, content)
            packed.close()
            raw.flush()
            os.fsync(raw.fileno())
        partial.rename(file)
    finally:
        partial.unlink(missing_ok=True)


def manifest(file: Path) -> BackupManifest:
    """Return the manifest of a backup without looking at its parts. Raises BackupError."""
    with _opened(file) as packed:
        return _manifest(file, packed)


@contextmanager
def database_of(file: Path) -> Iterator[IO[bytes]]:
    """Open the database within a backup, as a stream of its bytes. Raises BackupError."""
    with _opened(file) as packed:
        for member in packed:
            content = packed.extractfile(member) if member.name == DATABASE else None
            if content is not None:
                yield content
                return
    raise BackupError(f"{file}: {DATABASE} is missing", _ANOTHER)


def verified(file: Path) -> BackupManifest:
    """Return the manifest of a backup after comparing all parts with it. Raises BackupError."""
    with _opened(file) as packed:
        manifest = _manifest(file, packed)
        expected = dict(manifest.parts)
        for member in packed:
            if member.name == MANIFEST:
                continue
            part = expected.pop(member.name, None)
            content = packed.extractfile(member) if member.isfile() else None
            if part is None or content is None or not _is_ours(member.name):
                raise BackupError(
                    f"{file}: holds {member.name[:80]}, which it should not", _ANOTHER
                )
            if member.size != part.size or digest(content) != part.sha256:
                raise BackupError(f"{file}: {member.name} is not as it was written", _ANOTHER)
    if expected:
        raise BackupError(f"{file}: {', '.join(expected)} is missing", _ANOTHER)
    return manifest


def unpack(file: Path, folder: Path) -> None:
    """Write the parts of a verified backup into a folder, under their own names."""
    with _opened(file) as packed:
        for member in packed:
            content = packed.extractfile(member) if _is_ours(member.name) else None
            if content is not None:
                to = folder / member.name
                to.parent.mkdir(exist_ok=True)
                with to.open("wb") as out:
                    shutil.copyfileobj(content, out)


def _is_ours(name: str) -> bool:
    """Tell whether a name is one that is written here: no path leads out of a folder."""
    model = name.removeprefix(MODELS)
    return name == DATABASE or (model != name and PurePosixPath(model).name == model != "..")


def _manifest(file: Path, packed: tarfile.TarFile) -> BackupManifest:
    first = packed.next()
    content = packed.extractfile(first) if first is not None and first.isfile() else None
    if first is None or first.name != MANIFEST or content is None:
        raise BackupError(f"{file}: is no backup of this program", "Name a file of `db backup`.")
    try:
        if first.size > _LARGEST_MANIFEST:
            raise ValueError("too large")
        return BackupManifest.read(content.read())
    except (ValueError, RecursionError) as wrong:
        raise BackupError(f"{file}: its manifest cannot be read ({wrong})", _ANOTHER) from wrong


@contextmanager
def _opened(file: Path) -> Iterator[tarfile.TarFile]:
    if not file.is_file():
        raise BackupError(f"there is no file {file}", "Name a file of `db backup`.")
    try:
        with tarfile.open(file, "r:gz") as packed:
            yield packed
    except (tarfile.TarError, EOFError, zlib.error, OSError) as wrong:
        if isinstance(wrong, OSError) and wrong.errno is not None:
            raise
        raise BackupError(f"{file}: is cut off, broken or no backup", _ANOTHER) from wrong

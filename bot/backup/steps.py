"""Make, verify and restore a backup."""

from __future__ import annotations

import os
import shutil
import sqlite3
from dataclasses import dataclass, replace
from pathlib import Path
from tempfile import TemporaryDirectory

from bot import clock
from bot.backup import archive, postgresql, sqlite
from bot.backup.archive import DATABASE, MODELS
from bot.backup.errors import BackupError
from bot.backup.manifest import FORMAT, BackupManifest, folder_digest, part_of, public_settings
from bot.data_lock import claimed_data
from bot.db import migrate
from bot.private_files import make_folder
from bot.settings import Settings

#: Tables in which a new database has rows: its revision, and where the chain of looks begins.
_OF_THE_SCHEMA = ("alembic_version", "audit_head")
_FORCE = "Say --force to put the backup in its place, or set DATABASE_URL to another database."


@dataclass(frozen=True)
class Restored:
    """Result of a restore."""

    manifest: BackupManifest
    notes: tuple[str, ...]
    """What differs from where the backup was made, a sentence each."""


def make(using: Settings, file: Path) -> BackupManifest:
    """Write a backup of a database that may be in use, and of the models. Raises BackupError."""
    if file.exists():
        raise BackupError(f"{file} is there already", "Name another file, or remove it.")
    make_folder(file.resolve().parent)
    with TemporaryDirectory(dir=file.resolve().parent, prefix=".backup-") as folder:
        database = Path(folder) / DATABASE
        kind = _kind(using)
        if kind == "sqlite":
            sqlite.copy(_sqlite_file(using), database)
            rows, revision = sqlite.rows(database), sqlite.revision(database)
        else:
            rows, revision = postgresql.dump(using.database_url.reveal(), database)
        parts = {DATABASE: database, **_models(using)}
        manifest = BackupManifest(
            FORMAT, clock.now().isoformat(timespec="seconds"), kind, revision, rows,
            folder_digest(using.data), public_settings(using),
            {name: part_of(path) for name, path in parts.items()},
        )  # fmt: skip
        archive.write(file, manifest, parts)
    return manifest


def verify(file: Path) -> BackupManifest:
    """Check every part of a backup, and the database in it. Raises BackupError."""
    manifest = archive.verified(file)
    with TemporaryDirectory(prefix="jiuye-verify-") as folder:
        archive.unpack(file, Path(folder))
        _check_database(file, manifest, Path(folder) / DATABASE)
    return manifest


def restore(using: Settings, file: Path, force: bool) -> Restored:
    """Put a backup's database and models where the settings say. Raises BackupError, DataTaken.

    A database with rows in it and models that differ are replaced with `force` alone; before that
    is known nothing is changed.
    """
    manifest = archive.verified(file)
    # Redis or not: nobody may serve what is being replaced.
    with (
        claimed_data(replace(using, redis_url=None)),
        TemporaryDirectory(prefix="jiuye-restore-") as temporary,
    ):
        folder = Path(temporary)
        archive.unpack(file, folder)
        _check_database(file, manifest, folder / DATABASE)
        _refuse_other(using, manifest)
        if not force:
            _refuse_filled(using)
            _refuse_other_models(using, folder)
        if manifest.kind == "sqlite":
            sqlite.put_back(folder / DATABASE, _sqlite_file(using))
        else:
            postgresql.put_back(folder / DATABASE, using.database_url.reveal())
        _put_models(using, folder)
        row_counts = _rows(using)
        if any(row_counts.get(table) != count for table, count in manifest.rows.items()):
            raise BackupError("the restored database has other rows than the backup", _FORCE)
    return Restored(manifest, tuple(_notes(using, manifest)))


def _check_database(file: Path, manifest: BackupManifest, database: Path) -> None:
    faults = sqlite.faults(database) if manifest.kind == "sqlite" else postgresql.faults(database)
    if not faults and manifest.kind == "sqlite" and sqlite.rows(database) != manifest.rows:
        faults = ["its rows are not those that were counted"]
    if faults:
        raise BackupError(f"{file}: its database is damaged: {faults[0]}", "Take another backup.")


def _refuse_other(using: Settings, manifest: BackupManifest) -> None:
    """Refuse a backup of another kind of database, or of a release after this one."""
    if manifest.kind != _kind(using):
        raise BackupError(
            f"the backup is of {manifest.kind}, DATABASE_URL names {_kind(using)}",
            f"Set DATABASE_URL to a database of {manifest.kind}.",
        )
    if manifest.revision and not migrate.is_known(manifest.revision):
        raise BackupError(
            f"the backup's schema {manifest.revision} is later than this release's",
            "Restore it with the release that made it, or a later one.",
        )


def _refuse_filled(using: Settings) -> None:
    try:
        filled = {name: count for name, count in _rows(using).items() if count}
    except sqlite3.DatabaseError as wrong:
        raise BackupError(f"the database cannot be read ({wrong})", _FORCE) from wrong
    for name in _OF_THE_SCHEMA:
        filled.pop(name, None)
    if filled:
        raise BackupError(
            f"the database is not empty: {sum(filled.values())} rows in {len(filled)} tables",
            _FORCE,
        )


def _refuse_other_models(using: Settings, folder: Path) -> None:
    for saved in sorted((folder / MODELS).glob("*")):
        present = using.models / saved.name
        if present.is_file() and part_of(present) != part_of(saved):
            raise BackupError(f"{present} is another model than the backup's", _FORCE)


def _put_models(using: Settings, folder: Path) -> None:
    using.models.mkdir(parents=True, exist_ok=True)
    for saved in sorted((folder / MODELS).glob("*")):
        partial = using.models / f"{saved.name}.partial"
        shutil.copyfile(saved, partial)
        os.replace(partial, using.models / saved.name)


def _notes(using: Settings, manifest: BackupManifest) -> list[str]:
    notes = []
    if folder_digest(using.data) != manifest.data_sha256:
        notes.append("the data folder is not the one of the backup: the next start loads this one")
    now = public_settings(using)
    differ = sorted(name for name, value in manifest.settings.items() if now.get(name) != value)
    if differ:
        notes.append(f"settings that were others: {', '.join(differ)}")
    if manifest.revision != migrate.newest():
        notes.append(f"schema {manifest.revision or 'none'}: the next start brings it up to date")
    return notes


def _rows(using: Settings) -> dict[str, int]:
    if _kind(using) == "sqlite":
        return sqlite.rows(_sqlite_file(using))
    return postgresql.rows(using.database_url.reveal())


def _models(using: Settings) -> dict[str, Path]:
    files = using.models.glob("*") if using.models.is_dir() else ()
    return {f"{MODELS}{file.name}": file for file in sorted(files) if _is_model(file)}


def _is_model(file: Path) -> bool:
    return file.is_file() and not file.name.startswith(".")


def _kind(using: Settings) -> str:
    return "sqlite" if using.database_url.is_sqlite else "postgresql"


def _sqlite_file(using: Settings) -> Path:
    file = using.database_url.sqlite_file
    if file is None:
        raise BackupError("the database is in memory", "Set DATABASE_URL to a file.")
    return file.resolve()

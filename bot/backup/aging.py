"""Backups by age: what people had deleted is gone once the backups from before are gone too."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from bot.backup import archive
from bot.backup.errors import BackupError


@dataclass(frozen=True)
class Aged:
    """A backup and when it was taken, as its manifest says."""

    file: Path
    made_at: datetime
    kind: str


def backups(folder: Path) -> list[Aged]:
    """Return the backups of a folder, the oldest first; other files are left out."""
    aged = []
    for file in folder.iterdir() if folder.is_dir() else ():
        try:
            manifest = archive.manifest(file)
            aged.append(Aged(file, datetime.fromisoformat(manifest.made_at), manifest.kind))
        except (BackupError, ValueError, OSError):
            continue  # no backup of ours
    return sorted(aged, key=lambda one: one.made_at)


def drop_old(folder: Path, days: int, now: datetime, dry_run: bool = False) -> list[Aged]:
    """Delete the backups that are older than so many days; the latest one stays in any case."""
    existing = backups(folder)
    old = [backup for backup in existing[:-1] if backup.made_at < now - timedelta(days=days)]
    for backup in old if not dry_run else ():
        backup.file.unlink(missing_ok=True)
    return old

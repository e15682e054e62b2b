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
    found = []
    for file in folder.iterdir() if folder.is_dir() else ():
        try:
            about = archive.manifest(file)
            found.append(Aged(file, datetime.fromisoformat(about.made_at), about.kind))
        except (BackupError, ValueError, OSError):
            continue  # no backup of ours
    return sorted(found, key=lambda one: one.made_at)


def drop_old(folder: Path, days: int, now: datetime, dry_run: bool = False) -> list[Aged]:
    """Delete the backups that are older than so many days; the latest one stays in any case."""
    there = backups(folder)
    old = [one for one in there[:-1] if one.made_at < now - timedelta(days=days)]
    for one in old if not dry_run else ():
        one.file.unlink(missing_ok=True)
    return old

"""The manifest of a backup: what is in it and what it was taken of; no secrets."""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import IO, Any

from bot.settings import Settings, setting_fields

#: Of backups that this code writes and reads.
FORMAT = 1
_PIECE = 2**20


@dataclass(frozen=True)
class BackupPart:
    """A file within a backup."""

    size: int
    sha256: str


@dataclass(frozen=True)
class BackupManifest:
    """Contents of a backup."""

    format: int
    made_at: str
    kind: str
    """sqlite or postgresql."""
    revision: str
    """Of the schema."""
    rows: dict[str, int]
    """By table, of the same moment as the database in the backup."""
    data_sha256: str
    """Of the data folder, which belongs to the code and is not in the backup."""
    settings: dict[str, str]
    """By variable; those that may hold a secret are left out."""
    parts: dict[str, BackupPart]

    def to_json(self) -> str:
        """Return it as JSON."""
        return json.dumps(asdict(self), ensure_ascii=False, indent=1, sort_keys=True)

    @classmethod
    def read(cls, text: bytes) -> BackupManifest:
        """Read it from JSON. Raises ValueError when it is none."""
        content = json.loads(text)
        if not isinstance(content, dict) or content.get("format") != FORMAT:
            raise ValueError("another format")
        try:
            parts = {
                name: BackupPart(**part_fields) for name, part_fields in content["parts"].items()
            }
            return cls(**{**content, "parts": parts})
        except (KeyError, TypeError, AttributeError) as wrong:
            raise ValueError("fields are missing") from wrong


def digest(stream: IO[bytes]) -> str:
    """Return the SHA-256 of a stream, read piece by piece."""
    sha256 = hashlib.sha256()
    while piece := stream.read(_PIECE):
        sha256.update(piece)
    return sha256.hexdigest()


def part_of(file: Path) -> BackupPart:
    """Return what the manifest says of a file."""
    with file.open("rb") as opened:
        return BackupPart(file.stat().st_size, digest(opened))


def folder_digest(folder: Path) -> str:
    """Return one SHA-256 of all files of a folder, by their paths within it."""
    folder_hash = hashlib.sha256()
    for file in sorted(path for path in folder.rglob("*") if path.is_file()):
        folder_hash.update(f"{file.relative_to(folder).as_posix()}\0".encode())
        folder_hash.update(part_of(file).sha256.encode())
    return folder_hash.hexdigest()


def public_settings(using: Settings) -> dict[str, Any]:
    """Return the settings that hold no secret, by their variables."""
    return {
        setting.metadata["variable"]: using.text(setting.name)
        for setting in setting_fields()
        if not setting.metadata["secret"]
    }

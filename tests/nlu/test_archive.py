"""The canonical form of a model archive."""

from __future__ import annotations

import io
import json
import tarfile
from pathlib import Path

from bot.nlu.archive import METADATA, TRAINED_AT, make_canonical


def _write(archive: Path, metadata: dict[str, object], names: list[str], at: int) -> Path:
    """Write an archive as Rasa does: in any order, with times and a folder of the members."""
    with tarfile.open(archive, "w:gz") as tar:
        folder = tarfile.TarInfo("components")
        folder.type, folder.mtime = tarfile.DIRTYPE, at
        tar.addfile(folder)
        for name in names:
            content = json.dumps(metadata).encode() if name == METADATA else name.encode()
            member = tarfile.TarInfo(name)
            member.size, member.mtime, member.uname = len(content), at, f"user{at}"
            tar.addfile(member, io.BytesIO(content))
    return archive


def _metadata(archive: Path) -> dict[str, str]:
    with tarfile.open(archive) as tar:
        file = tar.extractfile(METADATA)
        assert file
        found: dict[str, str] = json.load(file)
        return found


def test_archives_of_the_same_content_are_the_same_bytes(tmp_path: Path) -> None:
    first = _write(
        tmp_path / "a.tar.gz",
        {"trained_at": "2026-01-01", "model_id": "a", "project_fingerprint": "x", "language": "zh"},
        ["components/one/a.json", "components/two/b.json", METADATA],
        1,
    )
    second = _write(
        tmp_path / "b.tar.gz",
        {"language": "zh", "project_fingerprint": "y", "trained_at": "2026-02-02", "model_id": "b"},
        [METADATA, "components/two/b.json", "components/one/a.json"],
        2,
    )
    make_canonical(first)
    make_canonical(second)
    assert first.read_bytes() == second.read_bytes()
    assert _metadata(first)["trained_at"] == TRAINED_AT


def test_another_content_has_another_id(tmp_path: Path) -> None:
    metadata: dict[str, object] = {"trained_at": "", "model_id": "", "project_fingerprint": ""}
    one = _write(tmp_path / "a.tar.gz", metadata, [METADATA, "components/a"], 1)
    other = _write(tmp_path / "b.tar.gz", metadata, [METADATA, "components/b"], 1)
    make_canonical(one)
    make_canonical(other)
    assert _metadata(one)["model_id"] != _metadata(other)["model_id"]

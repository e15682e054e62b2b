"""A model archive as Rasa writes it, in one canonical form: the same content is the same bytes.

Rasa 3.6 puts the time of training, a random number and the address of the git remote into the
metadata, and the times and owners of temporary files into the archive. Nothing reads them.
"""

from __future__ import annotations

import gzip
import hashlib
import io
import json
import tarfile
from collections.abc import Iterable
from pathlib import Path

METADATA = "metadata.json"
#: What RulePolicy keeps of a set, in whatever order Python gave it.
_UNORDERED = "rules_not_in_stories"
#: Stands for the time of training in a model that is the same whenever it is trained.
TRAINED_AT = "2000-01-01T00:00:00"


def make_canonical(archive: Path) -> None:
    """Rewrite an archive (.tar.gz) in place."""
    with tarfile.open(archive, "r:gz") as source:
        files = {
            member.name.removeprefix("./").lstrip("/"): _content(source, member)
            for member in source.getmembers()
            if member.isfile()
        }
    files = {name: _ordered(name, content) for name, content in files.items()}
    metadata = json.loads(files.pop(METADATA))
    # What the metadata holds besides follows from config.yml and domain.yml.
    metadata |= {"trained_at": TRAINED_AT, "model_id": "", "project_fingerprint": ""}
    _empty(metadata, "output_fingerprint")
    digest = hashlib.sha256(_json(metadata))
    for name in sorted(files):
        digest.update(name.encode() + b"\0" + hashlib.sha256(files[name]).digest())
    files[METADATA] = _json(metadata | {"model_id": digest.hexdigest()[:32]})
    partial = archive.with_suffix(".partial")
    partial.write_bytes(_packed(files))
    partial.replace(archive)


def _empty(value: object, field: str) -> None:
    """Empty a field wherever it stands: random where Rasa cannot tell what a component gave."""
    parts: Iterable[object] = value if isinstance(value, list) else ()
    if isinstance(value, dict):
        if field in value:
            value[field] = ""
        parts = value.values()
    for part in parts:
        _empty(part, field)


def _ordered(name: str, content: bytes) -> bytes:
    """Return a file's content with its unordered lists sorted."""
    if not name.endswith("/rule_policy.json"):
        return content
    learned = json.loads(content)
    learned["lookup"][_UNORDERED] = sorted(learned["lookup"][_UNORDERED])
    return json.dumps(learned, ensure_ascii=False, indent=2).encode()


def _content(archive: tarfile.TarFile, member: tarfile.TarInfo) -> bytes:
    file = archive.extractfile(member)
    assert file  # only files are asked for
    return file.read()


def _json(value: object) -> bytes:
    return json.dumps(value, ensure_ascii=False, indent=1, sort_keys=True).encode()


def _packed(files: dict[str, bytes]) -> bytes:
    tar = io.BytesIO()
    with tarfile.open(fileobj=tar, mode="w", format=tarfile.USTAR_FORMAT) as written:
        for name in sorted(files):
            member = tarfile.TarInfo(name)
            member.size, member.mode = len(files[name]), 0o644
            written.addfile(member, io.BytesIO(files[name]))
    return gzip.compress(tar.getvalue(), 9, mtime=0)

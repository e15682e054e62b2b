"""Train the model, and know whether the one on disk is stale."""

from __future__ import annotations

import contextlib
import hashlib
import io
import json
from collections.abc import Iterator
from pathlib import Path

from bot.settings import ROOT, Settings

#: The file name of the trained model, and beside it what it was trained from.
MODEL = "jiuye.tar.gz"
FINGERPRINT = "jiuye.fingerprint.json"


def _sources(settings: Settings) -> Iterator[Path]:
    """All files that the model depends on: change one and it is stale."""
    yield from (ROOT / name for name in ("config.yml", "domain.yml"))
    for folder, pattern in (
        (settings.data / "nlu", "*.yml"),
        (settings.data / "rules", "*.yml"),
        (settings.data / "vocab", "*.*"),
        (ROOT / "bot" / "nlu", "*.py"),
        (ROOT / "bot" / "text", "*.py"),
    ):
        yield from sorted(folder.rglob(pattern))


def fingerprint(settings: Settings) -> str:
    """Return a hash of all that goes into a model."""
    digest = hashlib.sha256()
    for path in _sources(settings):
        digest.update(path.name.encode())
        digest.update(hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()


def current_model(settings: Settings) -> Path | None:
    """Return the trained model's path, None when it is missing or stale."""
    model, mark = settings.models / MODEL, settings.models / FINGERPRINT
    if not (model.is_file() and mark.is_file()):
        return None
    try:
        trained_from = json.loads(mark.read_text(encoding="utf-8")).get("sources")
    except ValueError:  # cut off by a full disk, say: trained anew
        return None
    return model if trained_from == fingerprint(settings) else None


def train(settings: Settings) -> Path:
    """Train on data/nlu and data/rules; return the model's path.

    Raises RuntimeError when Rasa gives no model.
    """
    from rasa.model_training import train as rasa_train

    before = fingerprint(settings)
    settings.models.mkdir(parents=True, exist_ok=True)
    # Rasa prints of its success; standard output belongs to the command's own answer.
    with contextlib.redirect_stdout(io.StringIO()):
        result = rasa_train(
            domain=str(ROOT / "domain.yml"),
            config=str(ROOT / "config.yml"),
            training_files=[str(settings.data / "nlu"), str(settings.data / "rules")],
            output=str(settings.models),
            fixed_model_name=MODEL.removesuffix(".tar.gz"),
            force_training=True,
        )
    if not result.model:
        raise RuntimeError(f"rasa trained no model (code {result.code})")
    mark = {"sources": before}
    (settings.models / FINGERPRINT).write_text(json.dumps(mark), encoding="utf-8")
    return Path(result.model)

"""Training of the model, and the check whether the one on disk is stale."""

from __future__ import annotations

import contextlib
import io
import tempfile
from pathlib import Path

from bot.dialogue.annotated import load_dialogues
from bot.dialogue.arbiter import FILE as ARBITER
from bot.dialogue.learning import ArbiterReport, learn
from bot.nlu.archive import make_canonical
from bot.nlu.interpreter import Parser
from bot.nlu.manifest import MODEL, Manifest, hash_file
from bot.progress import progress
from bot.settings import ROOT, Settings


def current_model(settings: Settings) -> Path | None:
    """Return the trained model's path, None when it is missing or stale.

    Takes some milliseconds when no file is changed that the model was made from, else some seconds
    once.
    """
    model, manifest = settings.models / MODEL, Manifest.read(settings.models)
    if manifest is None or not model.is_file() or hash_file(model) != manifest.sha256:
        return None
    dialogues = any((settings.data / "dialogues").glob("*.yml"))
    if dialogues and not (settings.models / ARBITER).is_file():
        return None
    return None if manifest.stale_parts(settings) else model


def refresh_manifest(settings: Settings) -> bool:
    """Note changed files that leave the current model valid; tell whether there were any."""
    new = Manifest.describe(settings)
    if new.files == getattr(Manifest.read(settings.models), "files", None):
        return False
    new.write(settings.models)
    return True


def train(settings: Settings) -> Path:
    """Train on data/nlu and data/rules; return the model's path.

    The same data gives the same bytes on the same machine. Raises RuntimeError when Rasa gives no
    model.
    """
    from rasa.model_training import train as rasa_train

    settings.models.mkdir(parents=True, exist_ok=True)
    # Rasa prints of its success; standard output belongs to the command's own answer.
    with (
        tempfile.TemporaryDirectory(dir=settings.models, prefix=".training-") as folder,
        contextlib.redirect_stdout(io.StringIO()),
    ):
        result = rasa_train(
            domain=str(ROOT / "domain.yml"),
            config=str(ROOT / "config.yml"),
            training_files=[str(settings.data / "nlu"), str(settings.data / "rules")],
            output=folder,
            fixed_model_name=MODEL.removesuffix(".tar.gz"),
            force_training=True,
        )
        if not result.model:
            raise RuntimeError(f"rasa trained no model (code {result.code})")
        make_canonical(Path(result.model))
        model = Path(result.model).replace(settings.models / MODEL)
    train_arbiter(settings, model)
    Manifest.describe(settings).write(settings.models)
    return model


def train_arbiter(settings: Settings, model: Path) -> ArbiterReport | None:
    """Learn from data/dialogues how messages are read within a talk, by what a model makes of them.

    None, and no arbiter, where there are no dialogues. Raises DialogueError.
    """
    file = settings.models / ARBITER
    dialogues = load_dialogues(settings.data / "dialogues")
    if not dialogues:
        file.unlink(missing_ok=True)
        return None
    progress(f"model: learning from {len(dialogues)} dialogues")
    learned, report = learn(dialogues, Parser(model).parse)
    learned.save(file)
    progress(f"model: {report}")
    return report

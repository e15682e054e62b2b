"""The committed model, its manifest, and that training gives the same bytes again."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from bot.embeddings.sentence_model import ENCODER_FILE
from bot.nlu import manifest, training
from bot.nlu.manifest import MODEL, Manifest, hash_file
from bot.settings import ROOT, Settings

COMMITTED = ROOT / "models"
#: What the committed files of the model may weigh together.
MOST_BYTES = 18_000_000
TRAIN = """
import sys
from pathlib import Path
from bot.rasa_stubs import install_stubs
install_stubs()
from bot.nlu import training
from bot.settings import Settings
training.train(Settings(data=Path(sys.argv[1]), models=Path(sys.argv[2])))
"""


def test_the_committed_model_fits_the_checkout() -> None:
    """When this fails: `python -m bot train`, then commit models/."""
    committed = Manifest.read(COMMITTED)
    assert committed
    assert hash_file(COMMITTED / MODEL) == committed.sha256
    assert committed.stale_parts(Settings()) == []


def test_the_committed_files_are_small() -> None:
    files = [ENCODER_FILE, *(COMMITTED / name for name in (MODEL, manifest.MANIFEST))]
    assert sum(file.stat().st_size for file in files) < MOST_BYTES


@pytest.fixture
def small(tmp_path: Path) -> Path:
    """A data folder with a few of the examples."""
    shutil.copytree(ROOT / "data" / "rules", tmp_path / "rules")
    shutil.copytree(ROOT / "data" / "vocab", tmp_path / "vocab")
    for name in ("acts/greet", "acts/thanks", "policy/overtime", "policy/severance"):
        lines = (ROOT / "data" / "nlu" / f"{name}.yml").read_text(encoding="utf-8").splitlines()
        file = tmp_path / "nlu" / f"{name}.yml"
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text("\n".join(lines[:20]) + "\n", encoding="utf-8")
    return tmp_path


def _trained(data: Path, models: Path, seed: str) -> bytes:
    """Train in a process with another order of sets and dictionaries' keys."""
    environment = {**os.environ, "PYTHONHASHSEED": seed, "JIUYE_DATA": str(data)}
    words = [sys.executable, "-c", TRAIN, str(data), str(models)]
    subprocess.run(words, check=True, cwd=ROOT, env=environment, capture_output=True, timeout=600)
    return (models / MODEL).read_bytes()


def test_two_trainings_give_the_same_bytes(small: Path, tmp_path: Path) -> None:
    (small / "dialogues").mkdir()
    shutil.copy(ROOT / "data" / "dialogues" / "remarks-of-feeling.yml", small / "dialogues")
    first = _trained(small, tmp_path / "one", "1")
    assert _trained(small, tmp_path / "two", "2") == first


@pytest.fixture
def described(small: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    """The settings of a folder whose manifest fits its data (the model is a stand-in)."""
    monkeypatch.setattr(manifest, "PARTS_CACHE", tmp_path / "var" / "model-input.json")
    using = Settings(data=small, models=tmp_path / "models")
    using.models.mkdir()
    (using.models / MODEL).write_bytes(b"a model")
    Manifest.describe(using).write(using.models)
    return using


def _add(file: Path, line: str) -> None:
    file.write_text(file.read_text(encoding="utf-8") + line, encoding="utf-8")


def test_the_model_is_current_until_an_example_changes(described: Settings) -> None:
    assert training.current_model(described) == described.models / MODEL
    _add(described.data / "nlu" / "acts" / "greet.yml", "    - 大家下午好呀\n")
    assert training.current_model(described) is None
    stale = Manifest.read(described.models)
    assert stale
    assert stale.stale_parts(described) == ["examples"]


def test_a_change_that_alters_no_reading_leaves_the_model_valid(described: Settings) -> None:
    _add(described.data / "nlu" / "acts" / "greet.yml", "# a comment\n")
    _add(described.data / "vocab" / "words_with_care.yml", "# another\n")
    assert training.current_model(described) == described.models / MODEL
    assert training.refresh_manifest(described)
    assert not training.refresh_manifest(described)


def test_what_was_read_once_is_not_read_again(
    described: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    def never(settings: Settings) -> str:
        raise AssertionError("read")

    _add(described.data / "nlu" / "acts" / "greet.yml", "# a comment\n")
    assert training.current_model(described)
    monkeypatch.setattr(manifest, "_examples", never)
    assert training.current_model(described)


def test_a_model_of_other_bytes_or_without_a_manifest_is_not_used(described: Settings) -> None:
    (described.models / MODEL).write_bytes(b"another model")
    assert training.current_model(described) is None
    (described.models / manifest.MANIFEST).write_text('{"sha256": 1}', encoding="utf-8")
    assert training.current_model(described) is None
    (described.models / manifest.MANIFEST).unlink()
    assert training.current_model(described) is None


def test_comments_and_docstrings_of_the_learning_code_do_not_count(tmp_path: Path) -> None:
    plain, commented = tmp_path / "a.py", tmp_path / "b.py"
    plain.write_text("def f(x):\n    return x\n", encoding="utf-8")
    commented.write_text(
        '"""A module."""\n\n# Why.\ndef f(x):\n    """Give\n    x."""\n    return x\n',
        encoding="utf-8",
    )
    assert manifest._statements(plain) == manifest._statements(commented)
    plain.write_text("def f(x):\n    return x + 1\n", encoding="utf-8")
    assert manifest._statements(plain) != manifest._statements(commented)

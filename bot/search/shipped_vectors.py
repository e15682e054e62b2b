"""Sentence vectors shipped with the model, so that a new database need not make them.

The file has the vectors of the longest texts of the policies, by the hash of the text: a text
that changed is not in it and is embedded again, and so is every text when the encoder changes.
"""

from __future__ import annotations

import hashlib
import json
import logging
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from zipfile import BadZipFile

import numpy as np
from numpy.typing import NDArray

from bot.caches import process_cache
from bot.embeddings.sentence_model import SentenceModel
from bot.settings import settings

logger = logging.getLogger(__name__)

#: The file, in the folder of the trained model.
FILE = "policy_vectors.npz"
#: Limit of the bytes of the vectors in the file: each change of policies commits it again.
MAX_BYTES = 2_900_000

Halves = NDArray[np.float16]


def text_key(text: str) -> str:
    """Return the key of a text's vector: 32 hexadecimal digits of its SHA-256."""
    return hashlib.sha256(text.encode()).hexdigest()[:32]


@dataclass(frozen=True)
class ShippedVectors:
    """Vectors of one sentence model by the keys of their texts."""

    model: str
    """The name of the model that made them."""
    places: Mapping[str, int]
    """The row of each key."""
    vectors: Halves
    """A row a text, as the database stores it."""

    @classmethod
    def from_texts(cls, model: SentenceModel, texts: Iterable[str]) -> ShippedVectors:
        """Embed the longest of some texts, as many as MAX_BYTES have room for."""
        rows = MAX_BYTES // (model.dimensions * np.dtype(np.float16).itemsize)
        longest = sorted(set(texts), key=lambda text: (-len(text), text))[:rows]
        ordered = sorted(longest, key=text_key)  # a changed text moves no other row
        vectors = model.passages(ordered).astype(np.float16)
        return cls(model.name, _places(map(text_key, ordered)), vectors)

    @classmethod
    def load(cls, file: Path) -> ShippedVectors:
        """Read what `save` wrote. Raises OSError, ValueError, KeyError or BadZipFile."""
        with np.load(file, allow_pickle=False) as arrays:
            keys = [bytes(row).hex() for row in arrays["keys"]]
            vectors = arrays["vectors"]
            if vectors.dtype != np.float16 or len(vectors) != len(keys):
                raise ValueError(f"{file.name}: {len(keys)} keys, {vectors.shape} {vectors.dtype}")
            return cls(str(json.loads(str(arrays["about"]))["model"]), _places(keys), vectors)

    def save(self, file: Path) -> None:
        """Write it, uncompressed: so git stores the rows that changed alone."""
        keys = np.array([list(bytes.fromhex(key)) for key in self.places], dtype=np.uint8)
        metadata = np.array(json.dumps({"model": self.model}))
        np.savez(file, about=metadata, keys=keys.reshape(-1, 16), vectors=self.vectors)

    def among(self, keys: Iterable[str]) -> dict[str, Halves]:
        """Return the vectors of those keys that are here."""
        return {key: self.vectors[self.places[key]] for key in keys if key in self.places}


def _places(keys: Iterable[str]) -> dict[str, int]:
    return {key: row for row, key in enumerate(keys)}


@process_cache(size=2)
def shipped_vectors(model: str, folder: Path | None = None) -> ShippedVectors:
    """Return the vectors shipped for a model (default folder: the models'); without any, none.

    A file of another model, or none that can be read, is passed over with a line in the log.
    """
    try:
        shipped = ShippedVectors.load((folder or settings().models) / FILE)
    except (OSError, EOFError, ValueError, KeyError, BadZipFile) as error:
        logger.info("no vectors beside the model: %s", type(error).__name__)
        return ShippedVectors(model, {}, np.zeros((0, 0), np.float16))
    if shipped.model != model:
        logger.info("vectors beside the model are of another encoder")
        return ShippedVectors(model, {}, np.zeros((0, 0), np.float16))
    return shipped

"""Sentence encoder of this project in numpy alone: texts to vectors.

Three small layers of attention over characters, made by models/encoder (training data, method and
quality: models/encoder/README.md). A character is looked up as itself, by its sound and with the
one after it; distance is a bias of the attention and order a short convolution, so that a text may
have any length. Inference needs no PyTorch and is thread-safe.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from bot.text.pinyin import syllable

Floats = NDArray[np.float32]
Ints = NDArray[np.intp]
#: Characters that go through the layers together, at most; a longer text goes alone.
BATCH = 2048
#: Decimals of a vector: the order in which a processor adds numbers up changes none of them.
DECIMALS = 4
_SMALL = 1e-6


@dataclass(frozen=True)
class Layer:
    """The weights of one layer; the scale of attention and the weights of norms are in them."""

    qkv: Floats
    qkv_bias: Floats
    out: Floats
    out_bias: Floats
    up: Floats
    up_bias: Floats
    down: Floats
    down_bias: Floats


@dataclass(frozen=True)
class Encoder:
    """Characters, sounds and pairs, and the layers over them."""

    name: str
    """Its training data and date: vectors of two encoders never mix."""
    characters: Mapping[str, int]
    """The row of each character; others share row 1."""
    sounds: Mapping[str, int]
    """The row of each syllable; other characters have row 0."""
    by_character: Floats
    by_sound: Floats
    by_pair: Floats
    order: Floats
    """The convolution: a row for each place that is looked at."""
    slopes: Floats
    """The slope of each head: its attention falls with distance."""
    layers: tuple[Layer, ...]
    last: Floats
    mean: Floats
    """Mean vector of many texts; subtracted, so that unrelated texts have a similarity near 0."""

    @classmethod
    def load(cls, file: Path) -> Encoder:
        """Read an encoder that models/encoder wrote.

        Raises:
            OSError, ValueError, KeyError: the file is missing or is none.
        """
        with np.load(file, allow_pickle=False) as arrays:
            metadata = json.loads(str(arrays["about"]))
            weights = {name: _floats(arrays, name) for name in arrays.files if _is_weight(name)}
        layers = tuple(
            Layer(
                **{name: weights[f"layers.{index}.{name}"] for name in Layer.__dataclass_fields__}
            )
            for index in range(metadata["layers"])
        )
        return cls(
            metadata["name"],
            {char: index for index, char in enumerate(metadata["characters"], 2)},
            {sound: index for index, sound in enumerate(metadata["sounds"], 1)},
            layers=layers,
            **{name: value for name, value in weights.items() if "." not in name},
        )

    @property
    def width(self) -> int:
        """The length of a vector."""
        return int(self.by_character.shape[1])

    @cached_property
    def _of_character(self) -> Any:
        """Return the rows of a character: as itself and by its sound."""

        def rows(char: str) -> tuple[int, int]:
            return self.characters.get(char, 1), self.sounds.get(syllable(char), 0)

        return lru_cache(maxsize=20000)(rows)

    def embed(self, texts: Sequence[str]) -> Floats:
        """Return one unit vector a text; zeros for an empty text."""
        vectors = np.zeros((len(texts), self.width), dtype=np.float32)
        indexes_by_length: dict[int, list[int]] = {}
        for index, text in enumerate(texts):
            indexes_by_length.setdefault(len(text), []).append(index)
        for length, indexes in sorted(indexes_by_length.items()):
            batch_size = max(1, BATCH // max(length, 1))
            for start in range(0, len(indexes) if length else 0, batch_size):
                batch = indexes[start : start + batch_size]
                vectors[batch] = self._unit_vectors([texts[index] for index in batch])
        return vectors

    def _unit_vectors(self, texts: Sequence[str]) -> Floats:
        """Return one unit vector a text; the texts have the same length."""
        means = self._mean_vectors(texts) - self.mean
        lengths = np.sqrt((means * means).sum(axis=1, keepdims=True)) + _SMALL
        return np.asarray(np.round(means / lengths, DECIMALS), dtype=np.float32)

    def mean_vector(self, texts: Sequence[str]) -> Floats:
        """Return the mean of the vectors of many texts, not centred: for the making."""
        rows = [self._mean_vectors([text]) for text in texts if text]
        return np.asarray(np.concatenate(rows).mean(axis=0), dtype=np.float32)

    def _mean_vectors(self, texts: Sequence[str]) -> Floats:
        x = self._input_embeddings(texts)
        length = x.shape[1]
        side = len(self.order) // 2
        padded = np.pad(x, ((0, 0), (side, side), (0, 0)))
        for offset, weights in enumerate(self.order):
            x = x + padded[:, offset : offset + length] * weights
        positions = np.arange(length, dtype=np.float32)
        bias = -self.slopes[:, None, None] * np.abs(positions[:, None] - positions[None, :])
        for layer in self.layers:
            x = _apply_layer(layer, x, bias)
        return np.asarray(_rms_normalised(x).mean(axis=1) * self.last, dtype=np.float32)

    def _input_embeddings(self, texts: Sequence[str]) -> Floats:
        rows = [self._of_character(char) for text in texts for char in text]
        shape = (len(texts), len(texts[0]))
        characters = np.array([row[0] for row in rows], dtype=np.intp).reshape(shape)
        sounds = np.array([row[1] for row in rows], dtype=np.intp).reshape(shape)
        pairs = pair_rows(characters, len(self.by_pair))
        embeddings: Floats = (
            self.by_character[characters] + self.by_sound[sounds] + self.by_pair[pairs]
        )
        return embeddings


def pair_rows(characters: Ints, rows: int) -> Ints:
    """Return the row that each character shares with the one after it; 0 stands after the last."""
    after = np.zeros_like(characters)
    after[:, :-1] = characters[:, 1:]
    return (characters * 7919 + after * 104729) % rows


def _apply_layer(layer: Layer, x: Floats, bias: Floats) -> Floats:
    batch, length, width = x.shape
    heads = len(bias)
    qkv = _matrix_product(_rms_normalised(x), layer.qkv) + layer.qkv_bias
    q, k, v = qkv.reshape(batch, length, 3, heads, width // heads).transpose(2, 0, 3, 1, 4)
    scores = q @ k.transpose(0, 1, 3, 2) + bias
    scores -= scores.max(axis=-1, keepdims=True)
    shares = np.exp(scores, out=scores)
    shares /= shares.sum(axis=-1, keepdims=True)
    attended = (shares @ v).transpose(0, 2, 1, 3).reshape(batch, length, width)
    x = x + _matrix_product(attended, layer.out) + layer.out_bias
    inner = _matrix_product(_rms_normalised(x), layer.up) + layer.up_bias
    np.maximum(inner, 0, out=inner)
    return np.asarray(x + _matrix_product(inner, layer.down) + layer.down_bias, dtype=np.float32)


def _matrix_product(x: Floats, matrix: Floats) -> Floats:
    """Return the rows of all texts times a matrix, at one go."""
    rows = x.reshape(-1, x.shape[-1]) @ matrix
    return rows.reshape(*x.shape[:-1], matrix.shape[1])


def _rms_normalised(x: Floats) -> Floats:
    squares = np.einsum("...i,...i->...", x, x)[..., None] / np.float32(x.shape[-1])
    return np.asarray(x / np.sqrt(squares + np.float32(_SMALL)), dtype=np.float32)


def _is_weight(name: str) -> bool:
    return name != "about" and not name.endswith(".scales")


def _floats(arrays: Any, name: str) -> Floats:
    """Return an array of the file: numbers of a byte with a scale a row, or as they are."""
    values = arrays[name]
    if f"{name}.scales" in arrays:
        values = values * arrays[f"{name}.scales"][:, None]
    return np.ascontiguousarray(values, dtype=np.float32)

"""BM25 over characters and pairs of characters.

Beside jieba's words it finds more (`python -m bot bench words`): a word that a segmentation cuts
elsewhere is lost, a pair of characters is not.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from bot.text.normalise import normalise

Floats = NDArray[np.float32]
Tokenizer = Callable[[str], Sequence[str]]
#: How soon a repeated token counts no more, and how much long texts are held back.
K1, B = 1.2, 0.75
_NONE = (np.zeros(0, dtype=np.int32), np.zeros(0, dtype=np.float32))
_RUNS = re.compile(r"[a-z0-9]+|[^\W\da-z_]+")


def tokens(text: str) -> list[str]:
    """Return the characters and pairs of characters of a text; Latin words and numbers whole."""
    found: list[str] = []
    for run in _RUNS.findall(normalise(text).text):
        if run[0].isascii():
            found.append(run)
        else:
            found += [*run, *(run[at : at + 2] for at in range(len(run) - 1))]
    return found


@lru_cache(maxsize=32)
def _counted(question: str, tokenizer: Tokenizer) -> Mapping[str, int]:
    """Return how often each token stands in a question, which is looked at for every result."""
    return Counter(tokenizer(question))


class Lexical:
    """Texts, ready to be ranked by BM25."""

    def __init__(self, texts: Iterable[str], tokenizer: Tokenizer = tokens) -> None:
        self._tokenizer = tokenizer
        counts = [Counter(tokenizer(text)) for text in texts]
        self.size = len(counts)
        lengths = np.array([sum(count.values()) for count in counts], dtype=np.float32)
        mean = float(lengths.mean()) if self.size else 1.0
        found: dict[str, tuple[list[int], list[int]]] = {}
        for at, count in enumerate(counts):
            for token, often in count.items():
                rows, times = found.setdefault(token, ([], []))
                rows.append(at)
                times.append(often)
        self._postings: dict[str, tuple[NDArray[np.int32], Floats]] = {}
        self._rarity: dict[str, float] = {}
        for token, (rows, times) in found.items():
            where = np.array(rows, dtype=np.int32)
            often_ = np.array(times, dtype=np.float32)
            rare = math.log(1 + (self.size - len(rows) + 0.5) / (len(rows) + 0.5))
            self._rarity[token] = rare
            long = K1 * (1 - B + B * lengths[where] / mean)
            weights = rare * often_ * (K1 + 1) / (often_ + long)
            self._postings[token] = (where, weights.astype(np.float32))

    def scores(self, question: str) -> Floats:
        """Return the score of every text."""
        scores = np.zeros(self.size, dtype=np.float32)
        for token, times in _counted(question, self._tokenizer).items():
            if token in self._postings:
                where, weights = self._postings[token]
                scores[where] += times * weights
        return scores

    def rarity(self, token: str) -> float:
        """Return how much a token tells: its inverse document frequency, highest if unknown."""
        return self._rarity.get(token, math.log(1 + (self.size + 0.5) / 0.5))

    def weight(self, question: str) -> float:
        """Return how much all tokens of a question tell, each counted once."""
        return sum(map(self.rarity, _counted(question, self._tokenizer)))

    def why(self, question: str, at: int, most: int = 6) -> list[tuple[str, float]]:
        """Return the tokens that gave one text its score, the most telling first."""
        shares: list[tuple[str, float]] = []
        for token, times in _counted(question, self._tokenizer).items():
            where, weights = self._postings.get(token, _NONE)
            place = int(np.searchsorted(where, at))
            if place < len(where) and where[place] == at:
                shares.append((token, round(float(times * weights[place]), 2)))
        return sorted(shares, key=lambda share: -share[1])[:most]


def standard(scores: Floats) -> Floats:
    """Return scores as distances from their mean in standard deviations: two rankings add up."""
    spread = float(scores.std())
    return np.asarray((scores - scores.mean()) / spread if spread > 0 else scores * 0)


def best(scores: Floats, most: int) -> Sequence[int]:
    """Return the places of the highest scores, highest first."""
    if len(scores) > most * 8:
        top = np.argpartition(-scores, most)[:most]
        return [int(at) for at in top[np.argsort(-scores[top], kind="stable")]]
    return [int(at) for at in np.argsort(-scores, kind="stable")[:most]]

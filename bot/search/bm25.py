"""BM25 over characters and pairs of characters.

It finds more than words of jieba do (`python -m bot bench words`): a word that a segmentation cuts
elsewhere is lost, a pair of characters is not.
"""

from __future__ import annotations

import math
import re
import sys
from array import array
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from bot.caches import process_cache
from bot.text.normalise import normalise

Floats = NDArray[np.float32]
Tokenizer = Callable[[str], Sequence[str]]
#: How soon a repeated token counts no more, and how much long texts are held back.
K1, B = 1.2, 0.75
_NONE = (np.zeros(0, dtype=np.int64), np.zeros(0, dtype=np.float32))
_RUNS = re.compile(r"[a-z0-9]+|[^\W\da-z_]+")


def tokens(text: str) -> list[str]:
    """Return the characters and pairs of characters of a text; Latin words and numbers whole."""
    pieces: list[str] = []
    for run in _RUNS.findall(normalise(text).text):
        if run[0].isascii():
            pieces.append(run)
        else:
            pieces += [*run, *(run[start : start + 2] for start in range(len(run) - 1))]
    return pieces


@process_cache(size=32)
def _token_counts(question: str, tokenizer: Tokenizer) -> Mapping[str, int]:
    """Return how often each token stands in a question, which is looked at for every result."""
    return Counter(tokenizer(question))


class Lexical:
    """Texts, ready to be ranked by BM25."""

    def __init__(self, texts: Iterable[str], tokenizer: Tokenizer = tokens) -> None:
        self._tokenizer = tokenizer
        self._columns: dict[str, int] = {}
        columns, lengths = array("q"), array("q")
        for text in texts:
            read = tokenizer(text)
            lengths.append(len(read))
            columns.extend(map(self._new_column, read))
        self.size = len(lengths)
        self._index(np.array(columns, dtype=np.int64), np.array(lengths, dtype=np.int64))

    def _new_column(self, token: str) -> int:
        column = self._columns.get(token)
        if column is None:
            # Several indexes have most of their tokens in common.
            column = self._columns[sys.intern(token)] = len(self._columns)
        return column

    def _index(self, columns: NDArray[np.int64], lengths: NDArray[np.int64]) -> None:
        """Weigh each token in each text, from the tokens of all texts in a row."""
        mean = np.float32(lengths.mean()) if self.size else 1.0
        pairs = columns * self.size + np.repeat(np.arange(self.size), lengths)
        pairs, counts = np.unique(pairs, return_counts=True)
        column, self._texts = np.divmod(pairs, max(self.size, 1))
        self._ends = np.searchsorted(column, np.arange(len(self._columns) + 1))
        spread = np.diff(self._ends)  # in how many texts each token stands
        self._rarity = np.log(1 + (self.size - spread + 0.5) / (spread + 0.5))
        times = counts.astype(np.float32)
        long = K1 * (1 - B + B * lengths[self._texts].astype(np.float32) / mean)
        rare = self._rarity[column].astype(np.float32)
        self._weights: Floats = (rare * times * (K1 + 1) / (times + long)).astype(np.float32)

    def _postings(self, token: str) -> tuple[NDArray[np.int64], Floats]:
        """Return the texts that a token stands in, in their order, and its weight in each."""
        column = self._columns.get(token)
        if column is None:
            return _NONE
        section = slice(self._ends[column], self._ends[column + 1])
        return self._texts[section], self._weights[section]

    @property
    def vocabulary_size(self) -> int:
        """The number of different tokens of all texts."""
        return len(self._columns)

    def column(self, token: str) -> int | None:
        """Return the number of a token; None when no text has it."""
        return self._columns.get(token)

    def pairs(self) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """Return the number of a token and that of a text, for each token of each text once."""
        return np.repeat(np.arange(len(self._columns)), np.diff(self._ends)), self._texts

    def text_weights(self) -> NDArray[np.float64]:
        """Return how much all tokens of each text tell, each counted once."""
        columns, texts = self.pairs()
        sums = np.bincount(texts, weights=self._rarity[columns], minlength=self.size)
        return np.asarray(sums, dtype=np.float64)

    def scores(self, question: str) -> Floats:
        """Return the score of every text."""
        scores = np.zeros(self.size, dtype=np.float32)
        for token, times in _token_counts(question, self._tokenizer).items():
            places, weights = self._postings(token)
            scores[places] += times * weights
        return scores

    def shared(self, weights: Mapping[str, float]) -> Floats:
        """Return for each text how much those of some tokens tell that stand in it."""
        sums = np.zeros(self.size, dtype=np.float32)
        for token, weight in weights.items():
            sums[self._postings(token)[0]] += weight
        return sums

    def rarity(self, token: str) -> float:
        """Return how much a token tells: its inverse document frequency, highest if unknown."""
        column = self._columns.get(token)
        return (
            math.log(1 + (self.size + 0.5) / 0.5) if column is None else float(self._rarity[column])
        )

    def weight(self, question: str) -> float:
        """Return how much all tokens of a question tell, each counted once."""
        return sum(map(self.rarity, _token_counts(question, self._tokenizer)))

    def why(self, question: str, text_number: int, limit: int = 6) -> list[tuple[str, float]]:
        """Return the tokens that gave one text its score, the most telling first."""
        shares: list[tuple[str, float]] = []
        for token, times in _token_counts(question, self._tokenizer).items():
            places, weights = self._postings(token)
            place = int(np.searchsorted(places, text_number))
            if place < len(places) and places[place] == text_number:
                shares.append((token, round(float(times * weights[place]), 2)))
        return sorted(shares, key=lambda share: -share[1])[:limit]


def standardised(scores: Floats) -> Floats:
    """Return scores as distances from their mean in standard deviations: two rankings add up."""
    spread = float(scores.std())
    return np.asarray((scores - scores.mean()) / spread if spread > 0 else scores * 0)


def top_places(scores: Floats, limit: int) -> Sequence[int]:
    """Return the places of the highest scores, highest first."""
    if len(scores) > limit * 8:
        top = np.argpartition(-scores, limit)[:limit]
        return [int(place) for place in top[np.argsort(-scores[top], kind="stable")]]
    return [int(place) for place in np.argsort(-scores, kind="stable")[:limit]]

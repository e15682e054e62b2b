"""The occupation family of a posting's title: the first two levels of 职业分类大典, e.g. 4-07.

Three sources decide: a short table of words that decide alone, the names of the dictionary, and
weights learned from titles of known code. The weights are data (title_families.npz,
made by benchmarks/learn_titles.py), read without scikit-learn and without running any code.
"""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from bot.caches import process_cache
from bot.settings import settings
from bot.text.normalise import normalise, without_brackets
from bot.understanding.extractors.occupations import NOISE
from bot.vocabulary.vocabulary import Vocabulary

#: Longest piece of a title that is a feature.
MAX_NGRAM_LENGTH = 4
#: Bonus of a name of the dictionary on the learned scores: the first, the second one.
#: Less agrees better with the titles that are learned from (by cross-validation), but worse with
#: 198 real postings labelled by hand (tests/postings/test_labels.py): 0.904 at 0.25 and 0.1.
_FIRST, _SECOND = 0.6, 0.3
_START, _END, _BRACKET = "\x02", "\x03", "\x04"
_MARKS = _START + _END + _BRACKET


def title_ngrams(title: str) -> Counter[str]:
    """Return the character n-grams of a title; those from within brackets are marked."""
    return Counter(_pieces(title))


def _pieces(title: str) -> list[str]:
    text = normalise(title).text
    outside = without_brackets(text).strip() or text
    padded = f"{_START}{NOISE.sub(' ', outside)}{_END}"
    pieces = [
        padded[start : start + size]
        for size in range(1, MAX_NGRAM_LENGTH + 1)
        for start in range(len(padded) - size + 1)
    ]
    if outside != text:
        pieces += [
            _BRACKET + text[start : start + size]
            for size in (2, 3)
            for start in range(len(text) - size + 1)
        ]
    return pieces


class Weights:
    """Learned scores of families by the pieces of a title."""

    def __init__(
        self,
        pieces: Sequence[str],
        rarity: NDArray[np.float32],
        scores: NDArray[np.int8],
        scale: float,
        bias: NDArray[np.float32],
        families: Sequence[str],
    ) -> None:
        self._column = {piece: index for index, piece in enumerate(pieces)}
        self._bare = frozenset(
            index for index, p in enumerate(pieces) if len(p) <= 3 and len(p.strip(_MARKS)) < 2
        )
        """Columns of single characters."""
        self._rarity = rarity
        self._scores = scores
        self._scale = scale
        self._bias = bias
        self.families = tuple(families)

    @classmethod
    def load(cls) -> Weights:
        """Read data/vocab/title_families.npz."""
        file = settings().data_file("vocab", "title_families.npz")
        with np.load(file, allow_pickle=False) as arrays:
            return cls(
                str(arrays["pieces"]).split("\n"),
                arrays["rarity"].astype(np.float32),
                arrays["scores"],
                float(arrays["scale"]),
                arrays["bias"],
                str(arrays["families"]).split(" "),
            )

    def score(self, title: str) -> NDArray[np.float32] | None:
        """Return the score of each family: higher is likelier, about -1 is a plain no.

        None when no piece of two characters is known.
        """
        column = self._column.get
        counts_by_column = Counter(
            [index for piece in _pieces(title) if (index := column(piece)) is not None]
        )
        if self._bare.issuperset(counts_by_column):
            return None
        columns = np.array(list(counts_by_column))
        counts = np.array(list(counts_by_column.values()), dtype=np.float32)
        weights = (1 + np.log(counts)) * self._rarity[columns]
        weights /= np.sqrt(weights.dot(weights))
        scores = weights @ self._scores[columns].astype(np.float32) * self._scale + self._bias
        return np.asarray(scores, dtype=np.float32)


class FamilyReader:
    """Classifies titles into families with one vocabulary."""

    def __init__(self, words: Vocabulary, weights: Weights | None = None) -> None:
        self._codes = {
            occupation.name: occupation.code[:4] for occupation in words.occupations.values()
        }
        self._weights = weights or Weights.load()
        families = self._weights.families
        self._columns = {code: index for index, code in enumerate(families)}
        self._remainders = np.array([code[2:] in ("00", "99") for code in families])
        self._deciding = sorted(_deciding_words().items(), key=lambda item: -len(item[0]))

    def family(self, title: str, occupations: Sequence[str]) -> str | None:
        """Return the family of a title that is read as these occupations (best first).

        None when nothing in it is known.
        """
        lowered = title.lower()
        decided = next((code for word, code in self._deciding if word in lowered), None)
        if decided:
            return decided
        codes = [self._codes[name] for name in occupations[:2]]
        if codes and lowered.strip() in self._codes:
            return codes[0]
        learned = self._weights.score(title)
        if learned is None:
            return codes[0] if codes else None
        return self._best(learned, codes)

    def _best(self, scores: NDArray[np.float32], codes: list[str]) -> str:
        """Return the family that the learned scores and the dictionary's names agree on best."""
        if codes:
            # The remainders (其他…) of the list say less than a name of the dictionary.
            scores = np.where(self._remainders, -np.inf, scores)
        best = int(scores.argmax())
        family, best_score = self._weights.families[best], float(scores[best])
        bonuses: dict[str, float] = {}
        for code, bonus in zip(codes, (_FIRST, _SECOND), strict=False):
            bonuses[code] = max(bonuses.get(code, 0.0), bonus)
        for code, bonus in bonuses.items():
            score = self._learned_score(scores, code) + bonus
            if score > best_score:
                family, best_score = code, score
        return family

    def _learned_score(self, scores: NDArray[np.float32], code: str) -> float:
        """Return the score of a family, that of a plain no for one that is not learned."""
        column = self._columns.get(code)
        score = -np.inf if column is None else float(scores[column])
        return score if score > -np.inf else -1.0


@process_cache(size=1)
def _deciding_words() -> dict[str, str]:
    """Return the words that decide alone, with their family (data/vocab/title_words.csv)."""
    file = settings().data_file("vocab", "title_words.csv")
    with file.open(encoding="utf-8", newline="") as lines:
        return {row["word"]: row["family"] for row in csv.DictReader(lines)}

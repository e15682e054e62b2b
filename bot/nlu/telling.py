"""Which few characters of a long message tell what it is about.

The sentence model takes nearly a millisecond a character, so that it is shown only some of a long
message. `我工伤 第一个月公司说没有工资 我该怎么办呢` is about its beginning, a story is about its
end: the n-gram models know which n-grams speak for one label more than for the others.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from bot.nlu.linear import Doubles, Features, LinearModel
from bot.nlu.ngrams import LONGEST

#: Shortest n-gram that is looked at: a lone character tells little.
SHORTEST = 2


@dataclass(frozen=True)
class Telling:
    """How much each n-gram tells."""

    vocabulary: dict[str, int]
    weights: Doubles
    """A number for each column of the features."""

    @classmethod
    def of(cls, features: Features, models: Iterable[LinearModel]) -> Telling:
        """Weigh n-grams by how far they lift their best label above the mean of all labels."""
        weights = np.zeros(len(features.vocabulary))
        for model in models:
            codes, scales = model.coefficients.codes, model.coefficients.scales
            lifted = codes.max(axis=1) - codes.sum(axis=1, dtype=np.int64) / codes.shape[1]
            weights += lifted * scales * features.idf
        return cls(features.vocabulary, weights)

    def part(self, text: str, most: int) -> str:
        """Return the `most` characters in a row that tell most; of equals the last ones."""
        if len(text) <= most:
            return text
        told = np.concatenate([[0.0], np.cumsum(self._characters(text))])
        # Equals must be equal: what adds up to the same may differ in its last digits.
        windows = (told[most:] - told[:-most]).round(9)
        at = len(windows) - 1 - int(np.argmax(windows[::-1]))
        return text[at : at + most]

    def _characters(self, text: str) -> Doubles:
        """Return how much each character tells: the n-grams it stands in share their weight."""
        told = np.zeros(len(text))
        for size in range(SHORTEST, LONGEST + 1):
            for at in range(len(text) - size + 1):
                column = self.vocabulary.get(text[at : at + size])
                if column is not None:
                    told[at : at + size] += self.weights[column] / size
        return told

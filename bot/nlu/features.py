"""N-grams as features of the classifier: their columns, and how much each counts in a message."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from bot.linear import Doubles, Ints, Sparse, import_learning
from bot.nlu.gram_table import GramTable
from bot.nlu.ngrams import is_sound

#: How much the view by sound counts beside the view as written.
SOUND_WEIGHT = 0.5


@dataclass(frozen=True)
class NgramFeatures:
    """The columns that n-grams stand for, with how many of the training texts each stands in."""

    vocabulary: GramTable
    frequencies: Ints
    texts: int
    """The number of training texts."""

    @cached_property
    def idf(self) -> Doubles:
        """The inverse document frequency of each column."""
        return np.asarray(np.log((1 + self.texts) / (1 + self.frequencies)) + 1, dtype=np.float64)

    @cached_property
    def sound(self) -> NDArray[np.bool_]:
        """True for the columns of the view by sound."""
        return np.fromiter(map(is_sound, self.vocabulary), dtype=bool, count=len(self.vocabulary))

    @classmethod
    def fit(
        cls, documents: Sequence[Counter[str]], groups: Sequence[int], rarest: int = 2
    ) -> NgramFeatures:
        """Take the n-grams of at least `rarest` examples.

        `groups` numbers the example that each document was made from. What stands in one example
        and its own variants is learned by heart and no use for other messages: held out, models
        that see such n-grams are worse (docs/understanding.md).
        """
        frequency: Counter[str] = Counter()
        examples: dict[int, set[str]] = {}
        for document, group in zip(documents, groups, strict=True):
            frequency.update(document.keys())
            examples.setdefault(group, set()).update(document)
        spread = Counter(gram for grams in examples.values() for gram in grams)
        grams = sorted(gram for gram, count in spread.items() if count >= rarest)
        frequencies = np.array([frequency[gram] for gram in grams], dtype=np.int64)
        return cls(GramTable(grams), frequencies, len(documents))

    def vectorise(self, document: Mapping[str, int]) -> Sparse:
        """Weigh a message's n-grams: logarithm of the count times rarity."""
        columns = self.vocabulary.columns(list(document))
        is_known = columns >= 0
        columns = columns[is_known]
        counts = np.array(list(document.values()), dtype=np.float64)[is_known]
        weights = (1 + np.log(counts)) * self.idf[columns]
        sound = self.sound[columns]
        for view, length in ((~sound, 1.0), (sound, SOUND_WEIGHT)):
            norm = float(np.linalg.norm(weights[view]))
            if norm:
                weights[view] *= length / norm
        return Sparse(columns, weights)

    def matrix(self, documents: Sequence[Mapping[str, int]]) -> Any:
        """Return the messages as one scipy sparse matrix, for training."""
        import_learning()
        from scipy.sparse import csr_matrix

        rows = [self.vectorise(document) for document in documents]
        ends = np.cumsum([0, *(len(row.columns) for row in rows)])
        return csr_matrix(
            (
                np.concatenate([row.weights for row in rows]),
                np.concatenate([row.columns for row in rows]),
                ends,
            ),
            shape=(len(rows), len(self.vocabulary)),
        )

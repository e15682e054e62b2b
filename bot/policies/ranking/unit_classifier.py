"""Classifier of answer units: the probability of every unit of the base for a message, at once.

A softmax over all units, linear in the sentence vectors of the message (alone, and read with those
before it) and in its character n-grams. It is learned from the claims' asks and answers, the
phrasings and the annotated talks (bot/policy_learning/unit_learning.py); its probabilities are
features of the ranker. Units written or asked for otherwise since are unknown to it, and marked so.
"""

from __future__ import annotations

import json
import logging
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from zipfile import BadZipFile

import numpy as np
from numpy.typing import NDArray

from bot.caches import process_cache
from bot.embeddings.sentence_model import message_end
from bot.linear import Coefficients
from bot.search.bm25 import Floats
from bot.settings import settings

logger = logging.getLogger(__name__)

Places = NDArray[np.intp]
#: The sentence vectors of a message alone and in the talk; None without a sentence model.
Vectors = tuple[Floats | None, Floats | None]
#: The file, in the folder of the trained model.
FILE = "unit_classifier.npz"
#: Characters of an n-gram.
GRAM_LENGTHS = (1, 2, 3)
#: How much the n-grams of the message alone count beside those of the message in the talk.
ALONE_SHARE = 0.6
#: The lowest log-probability that is told apart, and the one of a unit that is not known.
LOWEST, UNKNOWN = -12.0, -9.0
DIGITS = 3
#: What `UnitScores.features` measures of a unit, in the order of a row.
CLASSIFIER_FEATURES = (
    "classified",  # the log-probability of the unit
    "classified_gap",  # the same against the likeliest of all units
    "classified_share",  # the probability
    "classified_topic",  # the probability of all units of its policy
    "classified_unanswered",  # the probability that no unit answers the message
    "classified_known",  # whether the classifier has learned the unit as it is
)
#: The first of these of a unit that the classifier does not know, and all where there is none.
OF_UNIT = (UNKNOWN, UNKNOWN, 0.0)
UNCLASSIFIED: Floats = np.array([*OF_UNIT, 0.0, 0.0, 0.0], dtype=np.float32)
_RUNS = re.compile(r"[a-z0-9]{1,40}|[㐀-鿿]{1,200}")


def grams(text: str) -> list[str]:
    """Return the n-grams of a message's end, each once, in the order of the text."""
    pieces: dict[str, None] = {}
    for run in _RUNS.findall(message_end(text).lower()):
        if run[0].isascii():
            pieces[run] = None
            continue
        for length in GRAM_LENGTHS:
            pieces.update(
                (run[start : start + length], None) for start in range(len(run) - length + 1)
            )
    return list(pieces)


@dataclass(frozen=True)
class UnitClassifier:
    """The learned weights."""

    encoder: str
    """The name of the sentence model whose vectors it reads."""
    units: tuple[str, ...]
    """The ids of its units; behind them the labels of messages that no unit answers."""
    digests: tuple[int, ...]
    """Of each unit, without the labels, the checksum of the asks that were learned from."""
    columns: Mapping[str, int]
    """The row of each n-gram in `embeddings`."""
    rarity: Floats
    """The weight of each n-gram: the fewer examples hold it, the more."""
    alone: Floats
    """What a message's vector is multiplied by, alone and in the talk."""
    in_talk: Floats
    embeddings: Coefficients
    """A row an n-gram."""
    out: Floats
    """A row a unit; a column a dimension of the vectors' part, then of the n-grams' part."""
    bias: Floats

    def log_probabilities(self, text: str, in_talk: str, vectors: Vectors) -> Floats:
        """Return the log-probability of each of `units` for a message.

        `in_talk` is the message read with those before it, `vectors` those of both; without them
        n-grams alone decide.
        """
        meaning = np.zeros(self.alone.shape[1], dtype=np.float32)
        if vectors[0] is not None and vectors[1] is not None:
            meaning = vectors[0] @ self.alone + vectors[1] @ self.in_talk
            meaning /= np.linalg.norm(meaning) + 1e-9
        words = ALONE_SHARE * self._words(text) + (1 - ALONE_SHARE) * self._words(in_talk)
        scores = self.out @ np.concatenate([meaning, words]).astype(np.float32) + self.bias
        scores -= scores.max()
        # Rounded: the order in which a processor adds numbers up decides nothing.
        return np.asarray((scores - np.log(np.exp(scores).sum())).round(DIGITS))

    def _words(self, text: str) -> Floats:
        places = [self.columns[gram] for gram in grams(text) if gram in self.columns]
        if not places:
            return np.zeros(self.embeddings.codes.shape[1], dtype=np.float32)
        weights = self.rarity[places]
        rows = self.embeddings.rows(np.array(places))
        return np.asarray(weights @ rows / np.linalg.norm(weights), dtype=np.float32)

    def save(self, file: Path) -> None:
        """Write it to a file."""
        metadata = {
            "encoder": self.encoder, "units": list(self.units), "digests": list(self.digests),
            "grams": list(self.columns),
        }  # fmt: skip
        out = Coefficients.from_matrix(self.out.astype(np.float64))
        np.savez_compressed(
            file,
            about=np.array(json.dumps(metadata, ensure_ascii=False)),
            rarity=self.rarity.astype(np.float32),
            alone=self.alone.astype(np.float16),
            in_talk=self.in_talk.astype(np.float16),
            embeddings=self.embeddings.codes,
            embedding_scales=self.embeddings.scales,
            out=out.codes,
            out_scales=out.scales,
            bias=self.bias.astype(np.float32),
        )

    @classmethod
    def load(cls, file: Path) -> UnitClassifier:
        """Read what `save` wrote. Raises OSError, ValueError, KeyError or BadZipFile."""
        with np.load(file, allow_pickle=False) as arrays:
            metadata = json.loads(str(arrays["about"]))
            return cls(
                metadata["encoder"],
                tuple(metadata["units"]),
                tuple(metadata["digests"]),
                {gram: column for column, gram in enumerate(metadata["grams"])},
                arrays["rarity"],
                arrays["alone"].astype(np.float32),
                arrays["in_talk"].astype(np.float32),
                Coefficients(arrays["embeddings"], arrays["embedding_scales"]),
                _float_rows(Coefficients(arrays["out"], arrays["out_scales"])),
                arrays["bias"],
            )


def _float_rows(coefficients: Coefficients) -> Floats:
    return np.asarray(coefficients.rows(slice(None)), dtype=np.float32)


class UnitScores:
    """A classifier beside the units of one database."""

    def __init__(self, classifier: UnitClassifier, units: Mapping[str, int]) -> None:
        """Find the units of a database: ids, in its order, with the checksums of their asks."""
        self.classifier = classifier
        learned = dict(zip(classifier.units, classifier.digests, strict=False))
        columns = {unit: column for column, unit in enumerate(learned)}
        column_of = [
            columns[unit] if learned.get(unit) == digest else -1 for unit, digest in units.items()
        ]
        self._column_of: Places = np.array(column_of, dtype=np.intp)
        self._labels = len(classifier.digests)

    def log_probabilities(self, text: str, in_talk: str, vectors: Vectors) -> Floats:
        """Return the log-probability of each unit of the database, and that none answers last."""
        known = self.classifier.log_probabilities(text, in_talk, vectors)
        of_units = np.where(self._column_of >= 0, known[self._column_of], UNKNOWN)
        labels = known[self._labels :]
        none = np.log(np.exp(labels).sum() + 1e-9) if len(labels) else LOWEST
        return np.append(np.maximum(of_units, LOWEST), none).astype(np.float32)

    def label_probability(self, label: str, text: str, in_talk: str, vectors: Vectors) -> float:
        """Return the probability that a message is one of a label that no unit answers."""
        known = self.classifier.log_probabilities(text, in_talk, vectors)
        return float(np.exp(known[self.classifier.units.index(label)]))

    def features(self, scores: Floats, places: Places, topic_of: Places) -> Floats:
        """Return CLASSIFIER_FEATURES of some units, a row each.

        `scores` is what `log_probabilities` returned; `topic_of` the number of each unit's topic.
        """
        of_units, none = scores[:-1], float(np.exp(scores[-1]))
        shares = np.exp(of_units)
        by_topic = np.bincount(topic_of, weights=shares)
        is_known = self._column_of[places] >= 0
        columns = (
            of_units[places], of_units[places] - of_units.max(), shares[places],
            by_topic[topic_of[places]], np.full(len(places), none), is_known,
        )  # fmt: skip
        assert len(columns) == len(CLASSIFIER_FEATURES)
        rows = np.column_stack(columns).astype(np.float32)
        rows[~is_known, : len(OF_UNIT)] = OF_UNIT
        return rows


@process_cache(size=2)
def unit_classifier(folder: Path | None = None) -> UnitClassifier | None:
    """Return the classifier of a folder (default: the models'); None, with a log line, without."""
    try:
        return UnitClassifier.load((folder or settings().models) / FILE)
    except (OSError, EOFError, ValueError, KeyError, BadZipFile) as error:
        logger.warning("no classifier of units beside the model: %s", type(error).__name__)
        return None

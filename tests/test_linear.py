from collections import Counter

import numpy as np
import pytest

from bot.linear import (
    Coefficients,
    LinearModel,
    Sparse,
    fit,
    probabilities,
)
from bot.nlu.features import SOUND_WEIGHT, NgramFeatures
from bot.nlu.ngrams import masked, ngrams

TEXTS = [
    *(f"{place}有没有{trade}的活" for place in "甲乙丙丁戊" for trade in "木瓦油电"),
    *(
        f"{what}怎么领"
        for what in ("失业金", "补贴", "养老金", "低保", "救济", "抚恤", "奖金", "津贴")
    ),
    *(f"今天{what}" for what in ("下雨", "刮风", "下雪", "天晴", "很冷", "很热", "有雾", "多云")),
]
LABELS = ["job"] * 20 + ["policy"] * 8 + ["weather"] * 8


@pytest.fixture(scope="module")
def trained() -> tuple[NgramFeatures, LinearModel]:
    documents = [ngrams(text, text) for text in TEXTS]
    features = NgramFeatures.fit(documents, range(len(TEXTS)))
    model, _ = fit(features.matrix(documents), LABELS, range(len(TEXTS)), strength=1.0)
    return features, model


def test_an_unseen_message_gets_the_label_of_its_like(
    trained: tuple[NgramFeatures, LinearModel],
) -> None:
    features, model = trained
    for text, label in {
        "己有没有焊的活": "job",
        "生育金怎么领": "policy",
        "今天大风": "weather",
    }.items():
        assert model.rank(features.vectorise(ngrams(text, text)))[0][0] == label


def test_probabilities_add_up_to_one_and_fall(trained: tuple[NgramFeatures, LinearModel]) -> None:
    features, model = trained
    shares = [share for _, share in model.rank(features.vectorise(ngrams("失业金", "失业金")))]
    assert sum(shares) == pytest.approx(1, abs=1e-3)
    assert shares == sorted(shares, reverse=True)


def test_a_message_of_unknown_characters_has_no_features(
    trained: tuple[NgramFeatures, LinearModel],
) -> None:
    features, _ = trained
    assert len(features.vectorise(Counter({"zz": 1})).columns) == 0


def test_our_sparse_weights_are_those_of_the_training_matrix(
    trained: tuple[NgramFeatures, LinearModel],
) -> None:
    features, _ = trained
    document = ngrams(TEXTS[0], TEXTS[0])
    row = features.matrix([document]).toarray()[0]
    sparse = features.vectorise(document)
    assert np.allclose(row[sparse.columns], sparse.weights)
    assert np.linalg.norm(row) == pytest.approx(np.hypot(1, SOUND_WEIGHT))


def test_what_sounds_alike_is_read_alike(trained: tuple[NgramFeatures, LinearModel]) -> None:
    features, model = trained
    right, typed = (
        model.rank(features.vectorise(ngrams(t, t)))[0] for t in ("失业金怎么领", "失业经怎么领")
    )
    assert right[0] == typed[0] == "policy"


def test_variants_of_one_message_are_held_out_together() -> None:
    texts = [text for text in TEXTS for _ in range(2)]
    groups = [at // 2 for at in range(len(texts))]
    features = NgramFeatures.fit([ngrams(text, text) for text in texts], groups)
    matrix = features.matrix([ngrams(text, text) for text in texts])
    labels = [label for label in LABELS for _ in range(2)]
    _, held_out = fit(matrix, labels, groups, strength=1.0)
    assert held_out is not None
    assert len(held_out.truth) == len(TEXTS)
    _, leaked = fit(matrix, labels, range(len(texts)), strength=1.0)
    assert leaked is not None
    own = held_out.scores[np.arange(len(TEXTS)), held_out.truth].mean()
    assert own < leaked.scores[np.arange(len(texts)), leaked.truth].mean()


def test_an_ngram_of_one_example_and_its_variants_is_no_feature() -> None:
    documents = [ngrams(text, text) for text in ("甲乙", "甲乙丙", "甲丁")]
    features = NgramFeatures.fit(documents, [0, 0, 1])
    assert "甲" in features.vocabulary
    assert "乙" not in features.vocabulary
    assert features.frequencies[features.vocabulary["甲"]] == 3


def test_rounded_coefficients_are_near_and_rows_of_nothing_stay_nothing() -> None:
    numbers = np.random.default_rng(0).normal(0, 1, (50, 7)) * np.geomspace(1e-4, 10, 50)[:, None]
    numbers[3] = 0
    rounded = Coefficients.from_matrix(numbers).rows(slice(None))
    largest = np.abs(numbers).max(axis=1, keepdims=True)
    assert (np.abs(rounded - numbers) <= largest / 200 + 1e-5).all()
    assert not rounded[3].any()


def test_the_order_in_which_numbers_are_added_up_changes_no_probability(
    trained: tuple[NgramFeatures, LinearModel],
) -> None:
    features, model = trained
    for text in TEXTS:
        whole = features.vectorise(ngrams(text, text))
        for seed in range(5):
            order = np.random.default_rng(seed).permutation(len(whole.columns))
            mixed = Sparse(whole.columns[order], whole.weights[order])
            assert model.rank(mixed) == model.rank(whole)


def test_two_labels_have_a_score_each() -> None:
    features = NgramFeatures.fit([ngrams(text, text) for text in TEXTS], range(len(TEXTS)))
    labels = ["job" if label == "job" else "other" for label in LABELS]
    documents = features.matrix([ngrams(text, text) for text in TEXTS])
    model, _ = fit(documents, labels, range(len(TEXTS)), strength=1.0)
    ranked = model.rank(features.vectorise(ngrams("戊有没有瓦的活", "戊有没有瓦的活")))
    assert ranked[0][0] == "job"
    assert sum(share for _, share in ranked) == pytest.approx(1, abs=1e-3)


def test_a_lower_temperature_is_surer() -> None:
    scores = np.array([1.0, 0.5, 0.0], dtype=np.float32)
    assert probabilities(scores, 0.1).max() > probabilities(scores, 1.0).max()


def test_masking_replaces_the_longest_of_overlapping_finds() -> None:
    text = "沈阳铁西招保安"
    found = [(2, 4, "region"), (0, 4, "region"), (5, 7, "occupation"), (0, 7, "unknown kind")]
    assert masked(text, found) == "\ue001招\ue002"

from collections import Counter
from pathlib import Path

import numpy as np
import pytest

from bot.nlu.linear import Features, LinearModel, load, save
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
def trained() -> tuple[Features, LinearModel]:
    documents = [ngrams(text, text) for text in TEXTS]
    features = Features.fit(documents)
    return features, LinearModel.fit(features.matrix(documents), LABELS, strength=1.0)


def test_an_unseen_message_gets_the_label_of_its_like(
    trained: tuple[Features, LinearModel],
) -> None:
    features, model = trained
    for text, label in {
        "己有没有焊的活": "job",
        "生育金怎么领": "policy",
        "今天大风": "weather",
    }.items():
        assert model.rank(features.of(ngrams(text, text)))[0][0] == label


def test_probabilities_add_up_to_one_and_fall(trained: tuple[Features, LinearModel]) -> None:
    features, model = trained
    shares = [share for _, share in model.rank(features.of(ngrams("失业金", "失业金")))]
    assert sum(shares) == pytest.approx(1)
    assert shares == sorted(shares, reverse=True)


def test_a_message_of_unknown_characters_has_no_features(
    trained: tuple[Features, LinearModel],
) -> None:
    features, _ = trained
    assert len(features.of(Counter({"zz": 1})).columns) == 0


def test_our_sparse_weights_are_those_of_the_training_matrix(
    trained: tuple[Features, LinearModel],
) -> None:
    features, _ = trained
    document = ngrams(TEXTS[0], TEXTS[0])
    row = features.matrix([document]).toarray()[0]
    sparse = features.of(document)
    assert np.allclose(row[sparse.columns], sparse.weights)
    assert np.linalg.norm(row) == pytest.approx(1)


def test_a_model_reads_back_as_it_was_written(
    trained: tuple[Features, LinearModel], tmp_path: Path
) -> None:
    features, model = trained
    save(tmp_path, features, {"act": model})
    features_again, models = load(tmp_path)
    message = ngrams("低保怎么领", "低保怎么领")
    before, after = model.rank(features.of(message)), models["act"].rank(features_again.of(message))
    assert [name for name, _ in before] == [name for name, _ in after]
    assert dict(before) == pytest.approx(dict(after), abs=5e-3)


def test_masking_replaces_the_longest_of_overlapping_finds() -> None:
    text = "沈阳铁西招保安"
    found = [(2, 4, "region"), (0, 4, "region"), (5, 7, "occupation"), (0, 7, "unknown kind")]
    assert masked(text, found) == "\ue001招\ue002"

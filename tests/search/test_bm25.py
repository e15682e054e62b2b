"""BM25 over characters and pairs of characters."""

from __future__ import annotations

import numpy as np
import pytest

from bot.search.bm25 import Lexical, standardised, tokens, top_places

TEXTS = ["工资按月支付", "经济补偿按年计算", "工资不得低于最低工资标准", ""]


def test_chinese_becomes_characters_and_pairs_and_other_runs_stay_whole() -> None:
    assert tokens("工资2000元 BOSS") == ["工", "资", "工资", "2000", "元", "boss"]


def test_the_text_with_the_asked_words_scores_highest_and_others_nothing() -> None:
    scores = Lexical(TEXTS).scores("补偿")
    assert scores.argmax() == 1
    assert list(np.flatnonzero(scores)) == [1]


def test_a_rare_word_tells_more_than_a_common_one() -> None:
    lexical = Lexical(TEXTS)
    assert lexical.rarity("补偿") > lexical.rarity("工资")
    assert lexical.rarity("没有的") >= lexical.rarity("补偿")


def test_the_words_that_gave_a_score_are_told_and_add_up_to_it() -> None:
    lexical = Lexical(TEXTS)
    why = lexical.why("最低工资标准", 2, 50)
    assert sum(share for _, share in why) == pytest.approx(
        lexical.scores("最低工资标准")[2], abs=0.1
    )
    assert {"最低", "标准"} <= {token for token, _ in why}
    assert lexical.why("最低工资标准", 1, 50) == []


def test_another_tokenizer_splits_the_texts_and_the_question() -> None:
    lines = Lexical(["经济 补偿", "经济补偿"], tokenizer=str.split)
    assert list(np.flatnonzero(lines.scores("补偿"))) == [0]
    assert list(np.flatnonzero(Lexical(["补偿"]).scores("补偿"))) == [0]  # same question, ours


def test_no_text_and_an_empty_question_are_no_error() -> None:
    assert Lexical([]).scores("工资").shape == (0,)
    assert not Lexical(TEXTS).scores("").any()


def test_standard_scores_have_mean_zero_and_spread_one_or_are_all_zero() -> None:
    found = standardised(np.array([1, 2, 3, 6], dtype=np.float32))
    assert found.mean() == pytest.approx(0, abs=1e-6)
    assert found.std() == pytest.approx(1, abs=1e-6)
    assert not standardised(np.full(3, 7, dtype=np.float32)).any()


@pytest.mark.parametrize("size", [3, 30, 3000])
def test_the_best_are_the_highest_in_order_of_any_number(size: int) -> None:
    scores = np.random.default_rng(1).normal(size=size).astype(np.float32)
    expected = np.argsort(-scores)[:5].tolist()
    assert list(top_places(scores, 5)) == expected

"""Law search by jieba's words, as the benchmark compares it."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from benchmarks.search import Asked
from benchmarks.words import compared, hits, jieba_words
from bot.documents.passages import Passage
from bot.settings import settings

RIGHT = ("工伤保险条例", "第十四条")


def _passage(number: str, text: str) -> Passage:
    return Passage("工伤保险条例", "工伤保险条例", number, "", text, None, ())


def test_jieba_knows_the_words_of_our_data_and_keeps_its_cache_in_the_folder(
    tmp_path: Path,
) -> None:
    words = jieba_words(tmp_path, settings().data)("稳岗返还怎么领")
    assert "稳岗返还" in words
    assert [file.name for file in tmp_path.iterdir()] == ["jieba.cache"]


def test_the_rank_of_the_first_right_article_is_told_and_nought_without_one() -> None:
    laws = [_passage("第十四条", "上下班途中 工伤"), _passage("第三十三条", "停工留薪期")]
    asked = [
        Asked("上下班途中", frozenset({RIGHT})),
        Asked("停工", frozenset({RIGHT})),
        Asked("停工", frozenset({("劳动法", "第一条")})),
    ]
    assert list(hits(str.split, laws, asked[2:])) == [0]
    assert hits(lambda text: list(text), laws, asked)[:2].tolist() == [1, 2]


def test_what_a_way_wins_and_loses_is_counted_question_by_question() -> None:
    ranks, ours = np.array([1, 0, 3, 1]), np.array([0, 1, 1, 1])
    measures = {one.name: one for one in compared("way", ranks, ours, 4)}
    at_once = measures["way, hit@1: won (baseline: lost)"]
    assert (at_once.ours, at_once.baseline) == (1, 2)
    assert measures["way, hit@5"].ours == 0.75

"""Units of the base ranked for a message in its place of a talk."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from bot.dialogue.policy_talks import load_talks
from bot.policies.ranking.features import FEATURES
from bot.policies.ranking.index import AnswerIndex
from bot.policies.ranking.ranker import FILE, Ranker, ranker, write
from bot.policy_learning.learning import (
    AFTER_A_MISTAKE,
    fit,
    questions_of_played_talks,
    questions_of_talks,
    ranked_in_play,
)
from tests.policies.ranking.two_policies import TALK


def test_a_ranker_is_read_as_it_was_written(tmp_path: Path) -> None:
    size = len(FEATURES)
    rank = Ranker(
        np.arange(size * 2).reshape(size, 2) / 4, np.array([0.5, -1.0]), np.array([1.0, -2.0]),
        -3.25, 0.7, 0.4,
    )  # fmt: skip
    write(rank, tmp_path / FILE)
    again = ranker(tmp_path)
    assert (again.bias, again.threshold, again.within) == (-3.25, 0.7, 0.4)
    rows = np.eye(size, dtype=np.float32)
    assert np.array_equal(again.probabilities(rows), rank.probabilities(rows))


def test_a_ranker_learns_which_unit_is_meant(index: AnswerIndex, tmp_path: Path) -> None:
    names = {"bonus": "上岗红包", "loan": "开店贷款"}
    talks = "".join(
        f"- turns:\n  - {{text: {begin}{name}是啥{end}, units: ['{topic}#what']}}\n"
        f"  - {{text: 要带啥材料{end}, units: ['{topic}#materials']}}\n"
        for topic, name in names.items()
        for begin in ("", "那", "请问", "问下")
        for end in ("", "啊", "呢", "呀", "吧", "嘛", "哈", "咧")
    )
    (tmp_path / "many.yml").write_text(talks, encoding="utf-8")
    _, reports = fit(list(questions_of_talks(index, lambda text: {}, load_talks(tmp_path))))
    assert {one.kind for one in reports} == {"turn", "first turn"}
    assert all(one.first >= 0.9 and one.nearest == 1.0 for one in reports)


def test_a_turn_is_played_after_what_was_answered_in_place_of_what_is_right(
    index: AnswerIndex, tmp_path: Path
) -> None:
    (tmp_path / "one.yml").write_text(TALK, encoding="utf-8")
    talks = load_talks(tmp_path)
    none = Ranker(np.zeros((len(FEATURES), 1)), np.zeros(1), np.zeros(1), -9.0, 0.7, 0.4)
    played = list(questions_of_played_talks(index, lambda text: {}, talks, {talks[0].id: none}))
    # The first turn has nothing before it, the fourth is of another business.
    assert [one.kind for one in played] == [AFTER_A_MISTAKE] * 3
    at = FEATURES.index("spoken_of")
    assert not played[0].rows[:, at].any()  # nothing was answered, so nothing is spoken of
    (right,) = (
        q
        for q in questions_of_talks(index, lambda text: {}, talks)
        if q.kind == "turn" and q.rows[:, at].any()
    )
    assert right.right.any()


def test_talks_are_ranked_as_they_would_be_played(index: AnswerIndex, tmp_path: Path) -> None:
    (tmp_path / "one.yml").write_text(TALK, encoding="utf-8")
    ranked = list(ranked_in_play(index, lambda text: {}, load_talks(tmp_path), ranker()))
    assert [turn.text for turn, _ in ranked] == [
        "上岗红包是啥", "都要带啥", "手机能办不", "那开店贷款呢",
    ]  # fmt: skip
    assert ranked[0][1][0] == "bonus#what"
    assert all(ids for _, ids in ranked)


def test_other_business_is_learned_where_a_talk_stands_before_it(
    index: AnswerIndex, tmp_path: Path
) -> None:
    talk = TALK.replace("  turns:\n", "  turns:\n  - {text: 你好, units: [other]}\n")
    (tmp_path / "one.yml").write_text(talk, encoding="utf-8")
    questions = list(questions_of_talks(index, lambda text: {}, load_talks(tmp_path)))
    assert [one.kind for one in questions] == ["first turn", "turn", "none", "other", "first turn"]
    (other,) = (one for one in questions if one.kind == "other")
    assert not other.answerable
    assert not other.right.any()

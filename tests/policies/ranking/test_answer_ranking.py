"""Units of the base ranked for a message in its place of a talk."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import numpy as np
import pytest
from sqlalchemy.orm import Session

from bot import clock
from bot.dialogue.policy_talks import TalkError, load_phrasings, load_talks
from bot.policies.load import load
from bot.policies.ranking.features import FEATURES
from bot.policies.ranking.index import AnswerIndex, AnswerQuery, answer_index
from bot.policies.ranking.learning import (
    AFTER_A_MISTAKE,
    fit,
    questions_of_played_talks,
    questions_of_talks,
    ranked_in_play,
)
from bot.policies.ranking.ranker import FILE, Ranker, ranker, write

TOPICS = "bonus: 上岗红包\nloan: 开店贷款\n"
BONUS = """
id: bonus
title: 上岗红包
names: [上岗红包]
versions:
  - effective_from: 2026-01-01
    regions: ['210000']
    sources:
      notice: {document: 通知, issuer: 某厅, dated: 2025-12-20, effective_from: 2026-01-01, grade: A}
    answers:
      what: {text: 找到新工作干住了的奖励。, sources: [notice]}
      materials: {text: 带身份证和合同。, sources: [notice]}
questions:
  - id: quit
    kind: yes_no
    asks: [自己辞职能领吗, 我不干了还给红包不, 主动离职算不算]
    answer: 一般不能。
    sources: [notice]
  - id: how-soon
    kind: how_long
    asks: [多久到账, 钱啥时候下来, 红包几天能到手]
    answer: 干满以后。
    sources: [notice]
"""
LOAN = """
id: loan
title: 开店贷款
names: [开店贷款]
versions:
  - effective_from: 2026-01-01
    regions: ['210000']
    sources:
      notice: {document: 通知, issuer: 某厅, dated: 2025-12-20, effective_from: 2026-01-01, grade: A}
    answers:
      what: {text: 开店时银行借的钱。, sources: [notice]}
      materials: {text: 带执照和身份证。, sources: [notice]}
"""


@pytest.fixture
def index(words: Session, tmp_path: Path) -> AnswerIndex:
    folder = tmp_path / "policies"
    folder.mkdir()
    (folder / "topics.yml").write_text(TOPICS, encoding="utf-8")
    (folder / "bonus.yml").write_text(BONUS, encoding="utf-8")
    (folder / "loan.yml").write_text(LOAN, encoding="utf-8")
    load(words, folder)
    return answer_index(words)


def test_units_are_claims_and_aspects(index: AnswerIndex) -> None:
    assert {unit.id for unit in index.units} == {
        "bonus/quit", "bonus/how-soon", "bonus#what", "bonus#materials",
        "loan#what", "loan#materials",
    }  # fmt: skip


def test_an_ask_word_for_word_is_its_claim(index: AnswerIndex) -> None:
    first = index.search(AnswerQuery("钱啥时候下来？", {}))[0]
    assert (first.unit.id, first.probability) == ("bonus/how-soon", 1.0)


def test_a_unit_is_found_only_on_days_on_which_it_is_said(index: AnswerIndex) -> None:
    query = AnswerQuery("多久到账", {})
    with clock.frozen(date(2025, 12, 31)):
        assert index.search(query) == []
    with clock.frozen(date(2026, 1, 1)):
        assert index.search(query)[0].unit.key == "how-soon"


def test_a_question_that_names_nothing_is_of_the_policy_spoken_of(index: AnswerIndex) -> None:
    def first(spoken_of: str, before: str) -> str:
        query = AnswerQuery("都要带啥材料", {"context": 0.9}, spoken_of, (before,))
        return index.search(query)[0].unit.id

    assert first("bonus", "上岗红包是啥") == "bonus#materials"
    assert first("loan", "开店贷款咋整") == "loan#materials"


def test_every_likeness_is_told(index: AnswerIndex) -> None:
    hit = index.search(AnswerQuery("我辞职了还能领上岗红包吗", {"bonus": 0.9}))[0]
    assert hit.unit.id == "bonus/quit"
    assert set(hit.why) == set(FEATURES)


def test_an_ask_left_out_lends_its_claim_nothing(index: AnswerIndex) -> None:
    """Or what is learned from the claims' own asks would be that each knows itself."""
    ask = index.asks.index("钱啥时候下来")
    places, rows = index.rows(AnswerQuery("钱啥时候下来", {}), without=ask)
    at = [index.units[place].key for place in places].index("how-soon")
    told = dict(zip(FEATURES, rows[at], strict=True))
    assert told["best_ask"] < 0.2
    assert told["covered"] < 0.5


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


TALK = """
- person: 沈阳 女 49
  turns:
  - {text: 上岗红包是啥, units: ['bonus#what']}
  - {text: 都要带啥, units: ['bonus#materials', bonus/quit]}
  - {text: 手机能办不, units: [none], topic: bonus, lacks: 能不能网上办}
  - {text: 有保洁的活没, units: [other]}
  - {text: 那开店贷款呢, units: ['loan#what']}
"""


def test_a_turn_knows_what_stands_before_it(tmp_path: Path) -> None:
    (tmp_path / "one.yml").write_text(TALK, encoding="utf-8")
    (talk,) = load_talks(tmp_path)
    first, second, third, other, last = talk.turns
    assert (first.before, first.spoken_of, first.said) == ((), None, None)
    assert (second.spoken_of, second.said) == ("bonus", "bonus#what")
    assert second.before == ("上岗红包是啥",)
    assert second.units == ("bonus#materials", "bonus/quit")
    assert (third.label, third.units) == ("none", ())
    assert other.label == "other"
    assert (last.before, last.spoken_of) == ((), "bonus")  # another business lay between


@pytest.mark.parametrize(
    ("written", "instead", "fault"),
    [
        ("units: [none]", "units: [none, bonus/quit]", "none stands alone"),
        ("text: 手机能办不", "text: 12", "needs text and units"),
        ("units: [other]", "units: []", "needs text and units"),
        ("  turns:", "  lines:", "turns"),
    ],
)
def test_a_wrong_talk_is_refused_with_its_file(
    tmp_path: Path, written: str, instead: str, fault: str
) -> None:
    assert written in TALK
    (tmp_path / "one.yml").write_text(TALK.replace(written, instead), encoding="utf-8")
    with pytest.raises(TalkError, match=f"one.yml: talk 1: .*{fault}"):
        load_talks(tmp_path)


def test_a_ranker_learns_which_unit_is_meant(index: AnswerIndex, tmp_path: Path) -> None:
    names = {"bonus": "上岗红包", "loan": "开店贷款"}
    talks = "".join(
        f"- turns:\n  - {{text: {name}是啥{end}, units: ['{topic}#what']}}\n"
        f"  - {{text: 要带啥材料{end}, units: ['{topic}#materials']}}\n"
        for topic, name in names.items()
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


PHRASINGS = "bonus/quit\t\t老板撵我我没走自己走的\nbonus#what\t红包是啥\t那这个呢\n"


def test_phrasings_are_talks_of_one_message(tmp_path: Path) -> None:
    (tmp_path / "phrasings").mkdir()
    (tmp_path / "phrasings" / "bonus.tsv").write_text(PHRASINGS, encoding="utf-8")
    first, second = (talk.turns[0] for talk in load_phrasings(tmp_path))
    assert (first.before, first.spoken_of, first.units) == ((), None, ("bonus/quit",))
    assert (second.before, second.spoken_of, second.text) == (("红包是啥",), "bonus", "那这个呢")


@pytest.mark.parametrize("line", ["bonus/quit\t老板撵我", "\t\t老板撵我", "bonus/quit\t\t"])
def test_a_wrong_phrasing_is_refused_with_its_line(tmp_path: Path, line: str) -> None:
    (tmp_path / "phrasings").mkdir()
    text = PHRASINGS + line + "\n"
    (tmp_path / "phrasings" / "bonus.tsv").write_text(text, encoding="utf-8")
    with pytest.raises(TalkError, match=r"bonus\.tsv: line 3"):
        load_phrasings(tmp_path)


def test_talks_are_ranked_as_they_would_be_played(index: AnswerIndex, tmp_path: Path) -> None:
    (tmp_path / "one.yml").write_text(TALK, encoding="utf-8")
    ranked = list(ranked_in_play(index, lambda text: {}, load_talks(tmp_path), ranker()))
    assert [turn.text for turn, _ in ranked] == [
        "上岗红包是啥", "都要带啥", "手机能办不", "那开店贷款呢",
    ]  # fmt: skip
    assert ranked[0][1][0] == "bonus#what"
    assert all(ids for _, ids in ranked)

"""The index of units, asked with a message in its place of a talk."""

from __future__ import annotations

from datetime import date

from bot import clock
from bot.policies.ranking.features import FEATURES
from bot.policies.ranking.index import AnswerIndex, AnswerQuery


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

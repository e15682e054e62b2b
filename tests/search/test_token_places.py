"""Places of tokens: of the asks of units, and of their other texts."""

from __future__ import annotations

import numpy as np

from bot.search.bm25 import Lexical, tokens
from bot.search.token_places import TokenPlaces

ASKS = ["领失业金", "失业金多少", "开店贷款"]
OWNER = np.array([0, 0, 1], dtype=np.intp)


def test_a_token_counts_once_for_each_unit_that_has_it_in_its_asks() -> None:
    places = TokenPlaces(Lexical(ASKS), OWNER, (), 3)
    assert places.sums({"失业": 2.0, "贷": 1.0, "材料": 9.0}).tolist() == [2.0, 1.0, 0.0]


def test_other_texts_count_as_the_asks_do_and_only_once_with_them() -> None:
    others = [tokens("失业金的材料"), [], tokens("材料")]
    places = TokenPlaces(Lexical(ASKS), OWNER, others, 3)
    assert places.sums({"失业": 2.0, "材料": 3.0}).tolist() == [5.0, 0.0, 3.0]


def test_without_units_there_are_no_sums() -> None:
    places = TokenPlaces(Lexical([]), np.zeros(0, dtype=np.intp), (), 0)
    assert places.sums({"失": 1.0}).tolist() == []


def test_a_text_weighs_what_its_tokens_tell_each_once() -> None:
    lexical = Lexical([*ASKS, ""])
    expected = [sum(map(lexical.rarity, set(tokens(ask)))) for ask in ASKS]
    assert np.allclose(lexical.text_weights(), [*expected, 0.0])

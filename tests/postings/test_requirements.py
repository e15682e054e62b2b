"""Sex and age columns in words."""

from __future__ import annotations

import pytest

from bot.postings.requirements import age_from_sex_column, age_with_unit, sex_requirement


@pytest.mark.parametrize(
    ("cell", "text"),
    [("18-50", "18-50岁"), ("18至55周岁", "18至55周岁"), ("45", "45岁以下"), ("50以下", "50岁以下"), ("不限", "不限"),
     ("男18-60，女18-50", "男18-60岁，女18-50岁"), ("55周岁", "55岁以下"), ("18—45岁", "18—45岁")],
)  # fmt: skip
def test_an_age_column_has_its_unit(cell: str, text: str) -> None:
    assert age_with_unit(cell) == text


@pytest.mark.parametrize(
    ("cell", "age"),
    [("男 18-50", "18-50"), ("不限/45以下", "45以下"), ("男18-60，女18-50", "男18-60，女18-50"), ("男", ""),
     ("男女不限，18-55岁", "18-55岁")],
)  # fmt: skip
def test_a_column_of_sex_and_age_states_both(cell: str, age: str) -> None:
    assert age_from_sex_column(cell) == age


def test_a_column_for_both_sexes_asks_for_none() -> None:
    assert sex_requirement("男2女3") == "男2女3"
    assert sex_requirement("限女") == "性别要求：限女"

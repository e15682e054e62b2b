"""Ages as people say them, and numbers that are none."""

from __future__ import annotations

from datetime import date

import pytest

from bot import clock
from bot.text.normalise import normalise
from bot.understanding.extractors.age import ages_of_subject, extract


@pytest.mark.parametrize(
    ("text", "ages"),
    [
        ("我52了", [52]),
        ("今年51", [51]),
        ("五十三岁能干啥", [53]),
        ("14岁", [14]),
        ("13岁", []),
        ("89岁", [89]),
        ("90岁", []),
        ("1974年出生", [52]),
        ("月薪5000", []),
        ("沈河的 女 51", [51]),
        ("52 男 大连的", [52]),
        ("女，46，初中", [46]),
        ("招男3女2", []),
        ("女 51年生", []),
    ],
)
def test_ages_of_a_message(text: str, ages: list[int]) -> None:
    with clock.frozen(date(2026, 11, 24)):
        assert [span.value for span in extract(normalise(text).text)] == ages


def test_the_age_of_the_person_spoken_of_counts() -> None:
    father = {"entity": "person", "value": "father"}
    ages = [
        {"entity": "age", "value": 58, "person": "father"},
        {"entity": "age", "value": 26, "person": "self"},
    ]
    assert ages_of_subject(ages) == [26]
    assert ages_of_subject([father, *ages]) == [58]
    assert ages_of_subject([{"entity": "age", "value": 40}]) == [40]

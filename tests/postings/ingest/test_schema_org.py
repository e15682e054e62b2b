"""Values of schema.org's JobPosting as text."""

from __future__ import annotations

from typing import Any

import pytest

from bot.postings.ingest.schema_org import (
    employment,
    in_first_place,
    months,
    pay,
    postings,
    schooling,
)


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ({"currency": "CNY", "value": {"minValue": 4000, "maxValue": 6000, "unitText": "MONTH"}}, "4000-6000元/月"),
        ({"value": {"value": 25.0, "unitText": "HOUR"}}, "25元/小时"),
        ({"value": {"minValue": 4000}}, "不低于4000元/月"),
        ({"value": {"maxValue": 4000}}, "最高4000元/月"),
        ({"currency": "USD", "value": {"value": 500, "unitText": "WEEK"}}, "500USD/周"),
        ({"value": {"value": 0}}, ""),
        ({"value": {"value": True}}, ""),
        ([{}, {"value": {"value": 3000}}], "3000元/月"),
        ("面议", ""),
        (None, ""),
    ],
)  # fmt: skip
def test_pay(value: Any, text: str) -> None:
    assert pay(value) == text


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (36, "3年"),
        (12, "1年"),
        (11, "1年以下"),
        (0, "1年以下"),
        (601, ""),
        (-1, ""),
        ("x", ""),
        (None, ""),
    ],
)
def test_months_of_experience(value: Any, text: str) -> None:
    assert months(value) == text


def test_names_of_levels_and_of_kinds_of_work() -> None:
    assert (schooling(" Bachelor Degree "), schooling("大专")) == ("本科", "大专")
    assert (employment("part_time"), employment("别的")) == ("兼职", "别的")


def test_further_places_are_named_in_the_description() -> None:
    posting = {"description": "招人", "jobLocation": ["沈阳", "大连", "沈阳"]}
    first = in_first_place(posting)
    assert first["jobLocation"] == "沈阳"
    assert "大连" in first["description"]
    one = {"description": "招人", "jobLocation": ["沈阳"]}
    assert in_first_place(one) is one


def test_postings_of_a_graph_are_found_and_other_values_are_none() -> None:
    graph = {"@graph": [{"@type": "WebPage"}, {"@type": "JobPosting", "title": "保安"}]}
    found = postings(graph)
    assert found is not None
    assert [one["title"] for one in found] == ["保安"]
    assert postings([]) is None
    assert postings({"title": "保安"}) is None

"""Articles that policies cite."""

from __future__ import annotations

import pytest

from bot.policies.cited_articles import expand


@pytest.mark.parametrize(
    ("text", "articles"),
    [
        ("第四十五条", ["第四十五条"]),
        (
            "第四十五条至第四十七条、第五十一条",
            ["第四十五条", "第四十六条", "第四十七条", "第五十一条"],
        ),
        ("第九条至第十一条", ["第九条", "第十条", "第十一条"]),
        ("第九十九条至第一百零一条", ["第九十九条", "第一百条", "第一百零一条"]),
        ("第一百一十条", ["第一百一十条"]),
        ("第二十条", ["第二十条"]),
        ("", []),
    ],
)
def test_each_article_of_a_range_is_named_as_laws_do(text: str, articles: list[str]) -> None:
    assert list(expand(text)) == articles

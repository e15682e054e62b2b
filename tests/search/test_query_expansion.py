"""What people say becomes the words that laws use."""

from __future__ import annotations

import pytest

from bot.search.query_expansion import concerns_labour_law, legal_words


@pytest.mark.parametrize(
    ("said", "legal"),
    [
        ("老板撵我走", "解除劳动合同"),
        ("欠我仨月工钱", "劳动报酬"),
        ("进厂交押金", "收取财物"),
        ("包工头跑了", "分包单位"),
        ("国庆上班", "法定休假日"),
    ],
)
def test_the_words_of_law_are_added(said: str, legal: str) -> None:
    assert legal in legal_words(said)


@pytest.mark.parametrize("said", ["今天天气怎么样", "讲个笑话", "红烧肉怎么做", ""])
def test_what_is_not_of_the_field_has_none(said: str) -> None:
    assert legal_words(said) == ""
    assert not concerns_labour_law(said)


@pytest.mark.parametrize("said", ["算不算工伤", "仲裁要几天", "撵我走"])
def test_what_is_of_the_field_is_known_by_either_words(said: str) -> None:
    assert concerns_labour_law(said)

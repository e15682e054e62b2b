"""Laws and articles named in a question are read, by whatever name people call them."""

from __future__ import annotations

import pytest

from bot.documents.citation_parser import CitedLaw, cited_law, number, short_names

LAWS = (
    "劳动合同法", "劳动合同法实施条例", "劳动法", "社会保险法", "工伤保险条例",
    "劳动争议调解仲裁法", "保障农民工工资支付条例", "个人信息保护法",
)  # fmt: skip


@pytest.mark.parametrize(
    ("said", "document", "article"),
    [
        ("劳动合同法第八十二条怎么说的", "劳动合同法", 82),
        ("《中华人民共和国劳动合同法》第 82 条", "劳动合同法", 82),
        ("社保法58条", "社会保险法", 58),
        ("社保法五十八条写的啥", "社会保险法", 58),
        ("劳动法第一百条", "劳动法", 100),
        ("劳动法第一百零二条", "劳动法", 102),
        ("第四十七条 劳动合同法的", "劳动合同法", 47),
        ("劳动合同法实施条例第二十七条", "劳动合同法实施条例", 27),
        ("工伤条例第十四条第一款", "工伤保险条例", 14),
        ("仲裁法27条", "劳动争议调解仲裁法", 27),
        ("农民工工资条例第三十条", "保障农民工工资支付条例", 30),
        ("个保法47条", "个人信息保护法", 47),
        ("劳动法里有没有年假", "劳动法", None),
        ("劳动法有几条", "劳动法", None),
    ],
)
def test_a_law_and_its_article_are_read(said: str, document: str, article: int | None) -> None:
    assert cited_law(said, LAWS) == CitedLaw(document, article)


@pytest.mark.parametrize("said", ["第八十二条", "我想找工作", "刑法第二百条", "民法典第五条", ""])
def test_what_is_none_of_the_laws_is_not_taken_for_one(said: str) -> None:
    assert cited_law(said, LAWS) is None


def test_a_short_name_of_a_law_that_was_not_imported_names_nothing() -> None:
    assert cited_law("社保法58条", ["劳动法"]) is None


def test_every_short_name_leads_to_one_name() -> None:
    assert all(short and name for short, name in short_names().items())
    assert short_names()["合同法"] == "劳动合同法"


@pytest.mark.parametrize(
    ("written", "value"),
    [
        ("第三十八条", 38),
        ("第一百零七条", 107),
        ("第一百一十条", 110),
        ("第12条", 12),
        ("附则", None),
    ],
)
def test_the_number_of_an_article_is_read(written: str, value: int | None) -> None:
    assert number(written) == value

"""A law's text becomes title, dates, chapters and articles, word for word."""

from __future__ import annotations

from datetime import date

import pytest

from bot.documents.article_parser import MAX_ARTICLE_LENGTH, short_name, split
from bot.documents.errors import DocumentError
from tests.documents.conftest import LAW


def test_articles_are_split_with_their_numbers_in_order() -> None:
    found = split("a.md", LAW)
    assert [a.number for a in found.articles] == [
        "第一条", "第二条", "第三条", "第三条之一", "第四条",
    ]  # fmt: skip


def test_an_article_keeps_all_its_paragraphs_and_items() -> None:
    articles = {a.number: a.text for a in split("a.md", LAW).articles}
    assert articles["第二条"] == "工资按月以货币支付。\n不得以实物抵作工资。"
    assert articles["第三条"].split("\n")[2] == "（二）低于最低工资标准支付的。"


def test_an_article_knows_its_chapter_and_section_and_a_new_chapter_ends_the_section() -> None:
    chapters = {a.number: a.chapter for a in split("a.md", LAW).articles}
    assert chapters["第一条"] == "第一章 总则"
    assert chapters["第三条"] == "第二章 支付 第一节 期限"
    assert chapters["第四条"] == "第三章 附则"


def test_title_name_and_dates_are_read_from_the_head_and_the_last_article() -> None:
    found = split("a.md", LAW)
    assert (found.title, found.name) == ("中华人民共和国试验工资法", "试验工资法")
    assert found.dated == date(2024, 6, 30)
    assert found.effective_from == date(2020, 5, 1)


def test_a_notice_is_split_by_its_numbered_parts_and_its_number_is_read() -> None:
    text = (
        "关于试验的通知\n\n某人社发〔2025〕21号\n\n一、总的要求\n好好办。\n二、怎么办\n到窗口办。\n"
    )
    found = split("notice.txt", text)
    assert found.number == "某人社发〔2025〕21号"
    assert [(a.number, a.text) for a in found.articles] == [
        ("第一部分", "总的要求\n好好办。"), ("第二部分", "怎么办\n到窗口办。"),
    ]  # fmt: skip


@pytest.mark.parametrize("mark", ["**第一条** ", "第一条　", "第1条 ", "> 第一条：", "- 第一条、"])
def test_the_number_of_an_article_may_be_set_in_several_ways(mark: str) -> None:
    assert split("a.md", f"# 某法\n\n{mark}内容。\n").articles[0].text == "内容。"


def test_an_article_that_only_mentions_another_does_not_begin_one() -> None:
    text = "# 某法\n\n第一条 依照\n本法第三条办理。\n\n第二条 完。\n"
    assert [a.number for a in split("a.md", text).articles] == ["第一条", "第二条"]


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("# 笔记\n\n今天天气好。\n", "no articles"),
        ("第一条 没有标题。\n", "no title"),
        (f"# 某法\n\n第一条 {'长' * (MAX_ARTICLE_LENGTH + 1)}\n", "no article"),
    ],
)
def test_a_text_that_is_no_law_is_refused_with_file_and_reason(text: str, reason: str) -> None:
    with pytest.raises(DocumentError, match=reason) as refused:
        split("笔记.md", text)
    assert refused.value.file == "笔记.md"


def test_an_impossible_date_is_not_taken_for_one() -> None:
    assert split("a.md", "# 某法\n2023年2月30日通过\n\n第一条 有。\n").dated is None


def test_a_law_is_cited_without_the_state_before_it() -> None:
    assert short_name("《中华人民共和国 劳动法》") == "劳动法"

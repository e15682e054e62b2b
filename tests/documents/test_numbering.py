"""Articles begin where the numbering goes on; references, page marks and faults do not pass."""

from __future__ import annotations

import pytest

from bot.documents.article_parser import split
from bot.documents.errors import DocumentError


def _numbers(text: str) -> list[str]:
    return [a.number for a in split("a.txt", text).articles]


def _texts(text: str) -> dict[str, str]:
    return {a.number: a.text for a in split("a.txt", text).articles}


REFERENCES = {
    "规定, mid-sentence": (
        "某市裁量办法\n第一条 依照本办法\n第三条规定撤回的，可以再申请。\n第二条 略。\n第三条 可以撤回。\n",
        {"第一条": "依照本办法第三条规定撤回的，可以再申请。", "第二条": "略。", "第三条": "可以撤回。"},
    ),
    "a paragraph that opens with a reference": (
        "某市辞退办法\n第一条 用人单位可以解除。\n第三条第二款、第四条所列的人员，不得解除。\n第二条 略。\n"
        "第三条 孕妇。\n其他人。\n第四条 工伤人员。\n",
        {
            "第一条": "用人单位可以解除。\n第三条第二款、第四条所列的人员，不得解除。",
            "第二条": "略。", "第三条": "孕妇。\n其他人。", "第四条": "工伤人员。",
        },
    ),
    "a list of articles": (
        "某市处罚办法\n第一条 总则。\n第二条 违反\n第一条、第三条、第四条的，处罚款。\n第三条 甲。\n第四条 乙。\n",
        {"第一条": "总则。", "第二条": "违反第一条、第三条、第四条的，处罚款。", "第三条": "甲。", "第四条": "乙。"},
    ),
    "another law's article": (
        "某市工伤办法\n第一条 依据《劳动合同法》\n第三十九条解除合同的，按\n第八十二条 的规定支付。\n第二条 完。\n",
        {"第一条": "依据《劳动合同法》第三十九条解除合同的，按第八十二条 的规定支付。", "第二条": "完。"},
    ),
    "the next number, cited": (
        "某市就业条例\n第一条 符合\n第二条规定条件的，可以申请。\n第二条 申请条件如下：\n（一）失业；\n（二）登记。\n第三条 完。\n",
        {"第一条": "符合第二条规定条件的，可以申请。", "第二条": "申请条件如下：\n（一）失业；\n（二）登记。", "第三条": "完。"},
    ),
    "to 至第, and items": (
        "某市仲裁办法\n第一条 有下列情形的，从其规定。\n第五条第（三）项所称证据，包括录音。\n第二条 本办法\n"
        "第三条至第五条适用于女职工。\n第三条 甲。\n第四条 乙。\n第五条 丙。\n",
        {
            "第一条": "有下列情形的，从其规定。\n第五条第（三）项所称证据，包括录音。",
            "第二条": "本办法第三条至第五条适用于女职工。", "第三条": "甲。", "第四条": "乙。", "第五条": "丙。",
        },
    ),
    "a chapter cited": (
        "某市安置条例\n第一章 总则\n第一条 依照本条例\n第二章规定的程序办理。\n第二章 程序\n第二条 先登记。\n",
        {"第一条": "依照本条例第二章规定的程序办理。", "第二条": "先登记。"},
    ),
    "a part cited by its numeral": (
        "关于残疾补贴的通知\n一、对象\n持证的一、\n二、三级残疾人。\n二、标准\n每月三百元。\n",
        {"第一部分": "对象\n持证的一、二、三级残疾人。", "第二部分": "标准\n每月三百元。"},
    ),
}  # fmt: skip


@pytest.mark.parametrize("kind", REFERENCES)
def test_a_line_that_opens_with_a_reference_is_text(kind: str) -> None:
    text, right = REFERENCES[kind]
    assert _texts(text) == right


@pytest.mark.parametrize(
    ("lines", "right"),
    [
        (["第一条 甲。", "第一条之一 乙。", "第二条 丙。"], ["第一条", "第一条之一", "第二条"]),
        (["第一条甲是这样。", "第二条乙是那样。"], ["第一条", "第二条"]),
        (["第一条、甲。", "第二条、乙。", "第三条、丙。"], ["第一条", "第二条", "第三条"]),
        (["第一条", "甲。", "第二条", "乙。"], ["第一条", "第二条"]),
        (["第一条 甲。", "第二条 乙：", "第三条规定本办法的范围。", "第四条 丁。"],
         ["第一条", "第二条", "第三条", "第四条"]),
        (["第一条 甲。", "第十条之一的规定，从其规定。", "第二条 乙。"], ["第一条", "第二条"]),
        (["第一条 甲。", "第二条 乙。", "第二条之一 丙。", "第二条之二 丁。", "第三条 戊。"],
         ["第一条", "第二条", "第二条之一", "第二条之二", "第三条"]),
    ],
)  # fmt: skip
def test_where_the_numbering_goes_on_an_article_begins(lines: list[str], right: list[str]) -> None:
    assert _numbers("某市办法\n" + "\n".join(lines) + "\n") == right


MARKS = ["—{}—", "- {} -", "第{}页 共9页", "－{}－", "第 {} 页", "{}", "{} / 9", "· {} ·", "Page {} of 9", "第{}页/共9页", "– {} –", "-{}-"]  # fmt: skip


@pytest.mark.parametrize("mark", MARKS)
def test_page_marks_are_neither_titles_nor_text(mark: str) -> None:
    text = (
        f"{mark.format(1)}\n某市救助办法\n第一条 救助按月发放，\n{mark.format(2)}\n每月五百元。\n\n"
        f"{mark.format(3)}\n\n第二条 完。\n{mark.format(4)}\n"
    )
    assert split("a.txt", text).title == "某市救助办法"
    assert _texts(text) == {"第一条": "救助按月发放，每月五百元。", "第二条": "完。"}


def test_a_number_that_is_no_page_mark_stays() -> None:
    text = "某市办法\n第一条 标准：\n1200\n第二条 完。\n"
    assert _texts(text)["第一条"] == "标准：\n1200"


def test_a_line_that_stands_on_every_page_is_no_text() -> None:
    pages = ["某市公报 2026年第3期\n某市办法\n第一条 补贴按月", "某市公报 2026年第3期\n发放到本人。\n第二条 甲，", "某市公报 2026年第3期\n乙。"]  # fmt: skip
    assert _texts("\f".join(pages)) == {"第一条": "补贴按月发放到本人。", "第二条": "甲，乙。"}
    assert split("a.txt", "\f".join(pages)).title == "某市办法"


REFUSED = {
    "twice": ("第一条 甲。\n第二条 乙。\n第二条 丙。\n第三条 丁。\n", "第二条"),
    "twice with text between": ("第一条 甲。\n第二条 乙。\n其他。\n第三条 丙。\n第一条 丁。\n", "第一条"),
    "two laws in a file": ("第一条 甲。\n第二条 乙。\n某县办法\n第一条 丙。\n第二条 丁。\n", "第一条.*第二条"),
    "out of order": ("第一条 甲。\n第三条 丙。\n第二条 乙。\n第四条 丁。\n", "第[二三]条"),
    "an insertion twice": ("第一条 甲。\n第一条之一 乙。\n第一条之一 丙。\n第二条 丁。\n", "第一条之一"),
}  # fmt: skip


@pytest.mark.parametrize("kind", REFUSED)
def test_numbers_that_repeat_or_go_back_are_refused_by_name(kind: str) -> None:
    text, named = REFUSED[kind]
    with pytest.raises(DocumentError, match=named):
        split("a.txt", f"某市办法\n{text}")


def test_parts_of_a_notice_that_repeat_are_refused_by_name() -> None:
    text = "关于补贴的通知\n一、对象\n甲。\n二、标准\n乙。\n二、期限\n丙。\n"
    with pytest.raises(DocumentError, match="第二部分"):
        split("a.txt", text)

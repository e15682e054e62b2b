"""Markup, invisible characters and hard line breaks of imported text."""

from __future__ import annotations

import contextlib
import time

import pytest

from bot.documents.article_parser import split
from bot.documents.errors import DocumentError
from bot.documents.readers import read_text
from tests.documents.conftest import Write

MARKUP = {
    "paragraphs": "<h1>某市办法</h1><p>第一条&nbsp;甲，乙。</p>\n<p>丙。</p><p>第二条&#12288;丁。</p>",
    "breaks and spans": '某市办法<br/>第一条 <span style="color:red">甲</span>，<b>乙</b>。<br>丙。<BR />第二条 丁。',
    "a whole page": "<!DOCTYPE html><html><head><title>网站</title><style>p{}</style></head><body><div>某市办法</div>"
    "<script>var a = '第一条 假。';</script><div>第一条 甲，乙。</div><div>丙。</div><div>第二条 丁。</div></body></html>",
    "escaped twice": "某市办法\n第一条&amp;nbsp;甲，乙。\n丙。\n第二条&amp;#160;丁。",
    "escaped tags": "&lt;p&gt;某市办法&lt;/p&gt;&lt;p&gt;第一条 甲，乙。&lt;/p&gt;&lt;p&gt;丙。&lt;/p&gt;&lt;p&gt;第二条 丁。&lt;/p&gt;",
    "comments": "某市办法\n<!-- 第一条 旧。\n第二条 旧。 -->\n第一条 甲，<!-- 注 -->乙。\n丙。\n第二条 丁。",
    "line separators": "某市办法\u2028第一条 甲，\u2028乙。\u2029丙。\u2028第二条 丁。",
    "vertical tabs": "某市办法\v第一条 甲，\v乙。\v丙。\v第二条 丁。",
    "zero width": "某\u200b市办法\n\ufeff第\u200d一条\u2060 甲\u00ad，乙。\n\u200e丙。\n\u200b第二条 丁。",
    "carriage returns": "某市办法\r第一条 甲，乙。\r\r\n丙。\r第二条 丁。",
}


@pytest.mark.parametrize("kind", MARKUP)
def test_markup_leaves_the_words_of_the_law(kind: str, write: Write) -> None:
    path = write("办法.txt", MARKUP[kind])
    found = split(path.name, read_text(path))
    assert found.name == "某市办法"
    assert {a.number: a.text for a in found.articles} == {
        "第一条": "甲，乙。\n丙。",
        "第二条": "丁。",
    }


@pytest.mark.parametrize(
    ("written", "right"),
    [
        ("依照<中华人民共和国劳动法>办。", "依照<中华人民共和国劳动法>办。"),
        ("工资 &lt; 1000元的，补足。", "工资 < 1000元的，补足。"),
        ("甲&ldquo;乙&rdquo;&mdash;&mdash;丙&hellip;。", "甲“乙”——丙…。"),
        ("R&D人员，A&B公司。", "R&D人员，A&B公司。"),
        ("<table><tr><td>一档</td><td>300元</td></tr><tr><td>二档</td><td>500元</td></tr></table>",
         "一档 | 300元\n二档 | 500元"),
    ],
)  # fmt: skip
def test_entities_and_cells_are_read_and_what_is_no_markup_stays(
    written: str, right: str, write: Write
) -> None:
    path = write(
        "办法.md", f"# 某市办法\n\n第一条 目的。\n\n第二条 如下：\n\n{written}\n\n第三条 完。\n"
    )
    found = {a.number: a.text for a in split(path.name, read_text(path)).articles}
    assert found["第二条"] == f"如下：\n{right}"


WRAPPED = {
    "at a width": (
        "某市就业资金管理办法\n第一条　为了规范就业补助资金的使用和管\n理，提高资金使用效益，根据有关法律、法\n规，制定本办法。\n"
        "第二条　资金用于下列支出：\n（一）职业培训补贴，每人每年不超过三次\n，同一工种不重复享受；\n（二）其他。\n",
        {
            "第一条": "为了规范就业补助资金的使用和管理，提高资金使用效益，根据有关法律、法规，制定本办法。",
            "第二条": "资金用于下列支出：\n（一）职业培训补贴，每人每年不超过三次，同一工种不重复享受；\n（二）其他。",
        },
    ),
    "within a number": (
        "某市工资标准办法\n第一条 最低工资标准为每月1\n900元，自2026\n年1月1日起执行。\n第二条 完。\n",
        {"第一条": "最低工资标准为每月1900元，自2026年1月1日起执行。", "第二条": "完。"},
    ),
    "over an empty line after a comma": (
        "某市救济办法\n第一条 救济金按月发放，\n\n不得拖延。\n第二条 完。\n",
        {"第一条": "救济金按月发放，不得拖延。", "第二条": "完。"},
    ),
    "two English words": (
        "某市外国人办法\n第一条 持有 Work\nPermit 的外国人，可以就业。\n第二条 完。\n",
        {"第一条": "持有 Work Permit 的外国人，可以就业。", "第二条": "完。"},
    ),
    "a list that is none": (
        "某市材料办法\n第一条 材料如下：\n身份证\n户口簿\n失业证\n第二条 完。\n",
        {"第一条": "材料如下：\n身份证\n户口簿\n失业证", "第二条": "完。"},
    ),
    "a notice": (
        "关于发放一次性扩岗补助有关事项的通知\n一、发放对象和条件\n对招用毕业年度高校毕业生并为其缴纳失业保\n"
        "险费的企业，发放一次性补助，每招用一人补\n助一千五百元。\n二、发放程序\n网上申请。\n",
        {
            "第一部分": "发放对象和条件\n对招用毕业年度高校毕业生并为其缴纳失业保险费的企业，发放一次性补助，每招用一人补助一千五百元。",
            "第二部分": "发放程序\n网上申请。",
        },
    ),
}  # fmt: skip


@pytest.mark.parametrize("kind", WRAPPED)
def test_lines_broken_within_a_sentence_are_joined(kind: str) -> None:
    text, right = WRAPPED[kind]
    assert {a.number: a.text for a in split("a.txt", text).articles} == right


@pytest.mark.parametrize(
    "piece",
    ["<", "<p", "<!--", "<script>", "&lt;", "&#", "（", "附件\n", "第一条规定\n", "一、", "第 "],
)
def test_hostile_markup_takes_time_in_proportion(piece: str) -> None:
    text = f"某法\n第一条 甲。\n{piece * (600_000 // len(piece))}\n"
    begun = time.process_time()
    with contextlib.suppress(DocumentError):
        split("a.txt", text)
    assert time.process_time() - begun < 40

"""Annexes stand for themselves: never the tail of the last article."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from sqlalchemy.orm import Session

from bot.documents.article_parser import split
from bot.documents.search import ArticleIndex
from bot.documents.store import import_files
from tests.documents.conftest import Write

BODY = "某市工伤办法\n第一条 目的。\n第二条 标准见附件。\n第三条 本办法自2026年1月1日起施行。\n"
LAST = "本办法自2026年1月1日起施行。"
ANNEXES = {
    "one": ("附件\n伤残等级标准\n一级：二十七个月。\n", {"附件": "伤残等级标准\n一级：二十七个月。"}),
    "two": ("附件1\n申请表\n姓名。\n附件2：\n材料清单\n身份证。\n", {"附件1": "申请表\n姓名。", "附件2": "材料清单\n身份证。"}),
    "附录 with parts": ("附录：\n禁忌劳动范围\n一、孕期：\n（一）高空；\n二、哺乳期：\n（一）铅。\n",
             {"附录": "禁忌劳动范围\n一、孕期：\n（一）高空；\n二、哺乳期：\n（一）铅。"}),
    "附表": ("附表：某市补贴标准表\n档次 金额\n一档 300元\n", {"附表": "某市补贴标准表\n档次 金额\n一档 300元"}),
    "with articles of its own": ("附件：实施细则\n第一条 细则目的。\n第二条 细则标准。\n",
             {"附件第一条": "细则目的。", "附件第二条": "细则标准。"}),
    "a schedule without a mark": ("某市补贴标准一览表\n一档 300元\n二档 500元\n", {"附表": "某市补贴标准一览表\n一档 300元\n二档 500元"}),
    "in spaced letters": ("附　件　一\n样式\n甲。\n附　件　二\n样式\n乙。\n", {"附件一": "样式\n甲。", "附件二": "样式\n乙。"}),
}  # fmt: skip


@pytest.mark.parametrize("kind", ANNEXES)
def test_an_annex_is_a_part_of_its_own(kind: str) -> None:
    annex, right = ANNEXES[kind]
    found = {a.number: a.text for a in split("a.txt", BODY + annex).articles}
    assert found.pop("第三条") == LAST
    assert found.pop("第一条") == "目的。"
    assert found.pop("第二条") == "标准见附件。"
    assert found == right


def test_an_annex_of_a_notice_is_no_part_of_it() -> None:
    text = (
        "关于补贴的通知\n一、对象\n失业人员。\n二、标准\n每月三百元。\n附件：1.申请表\n某市人社局\n2026年1月2日\n"
        "附件1\n申请表\n一、姓名\n二、住址\n"
    )
    found = {a.number: a.text for a in split("a.txt", text).articles}
    assert found["第二部分"] == "标准\n每月三百元。"
    assert found["附件1"] == "申请表\n一、姓名\n二、住址"


@pytest.mark.parametrize(
    "line", ["附件所列的材料，应当齐全。", "附表一的标准每年调整。", "附件、附图与正文同等有效。"]
)
def test_a_sentence_that_names_an_annex_is_text(line: str) -> None:
    text = f"某市办法\n第一条 目的。\n第二条 如下。\n{line}\n第三条 完。\n{line}\n"
    found = {a.number: a.text for a in split("a.txt", text).articles}
    assert found == {"第一条": "目的。", "第二条": f"如下。\n{line}", "第三条": f"完。\n{line}"}


def test_a_chapter_of_final_provisions_is_no_annex() -> None:
    text = "某市办法\n第一章 总则\n第一条 目的。\n第二章 附则\n第二条 完。\n"
    assert [a.number for a in split("a.txt", text).articles] == ["第一条", "第二条"]


def test_the_day_of_effect_is_not_taken_from_an_annex() -> None:
    found = split("a.txt", BODY + "附件\n旧办法摘录\n旧办法自2030年1月1日起施行。\n")
    assert found.effective_from == date(2026, 1, 1)


def test_an_annex_is_found_by_itself_and_is_not_its_articles(db: Session, write: Write) -> None:
    annex = "附件1\n伤残标准\n一级伤残二十七个月。\n"
    import_files(db, [write("办法.txt", BODY + annex)])
    index = ArticleIndex(db, date(2026, 6, 1))
    assert index.search("一级伤残几个月")[0].article == "附件1"
    assert index.search("某市工伤办法第一条")[0].article == "第一条"


def test_a_long_annex_is_kept_in_pieces(write: Write) -> None:
    rows = "".join(f"第{n}档 金额{n}元 说明说明说明说明说明说明说明\n" for n in range(2000))
    found = split("a.txt", f"{BODY}附件\n标准表\n{rows}")
    assert len(found.articles) > 4
    assert "金额1999元" in found.articles[-1].text
    assert len({a.number for a in found.articles}) == len(found.articles)


def test_the_real_annex_of_the_rules_for_women_is_its_own(shared: Path) -> None:
    file = next((shared / "policies" / "laws").rglob("女职工劳动保护特别规定*.md"))
    articles = split(file.name, file.read_text("utf-8")).articles
    assert [a.number for a in articles][-2:] == ["第十六条", "附录"]
    assert "矿山井下作业" in articles[-1].text

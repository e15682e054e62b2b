"""Characters that PDF writers and typesetters put in place of the ordinary ones."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from sqlalchemy.orm import Session

from bot.documents.article_parser import DocumentText, split
from bot.documents.readers import read_text
from bot.documents.search import ArticleIndex
from bot.documents.store import import_files
from tests.documents.conftest import Write, paragraphs, pdf, word

RADICALS = """某县⼾外⼯作保障办法
（⾃2026年3⽉1⽇起施⾏）
第⼀条 ⼾外⽤⼈单位应当⻓期保障⻋辆、⻔窗安全。
第⼆条 ⻅习⼈员可以乘⻜机，⻛险由单位承担，⻘年优先。
第三条 本办法⾃2026年3⽉1⽇起施⾏。
"""
PLAIN = {
    "第一条": "户外用人单位应当长期保障车辆、门窗安全。",
    "第二条": "见习人员可以乘飞机，风险由单位承担，青年优先。",
    "第三条": "本办法自2026年3月1日起施行。",
}


def _read(path: Path) -> DocumentText:
    return split(path.name, read_text(path))


def _texts(path: Path) -> dict[str, str]:
    return {a.number: a.text for a in _read(path).articles}


@pytest.mark.parametrize("kind", ["md", "txt", "docx", "pdf"])
def test_radicals_are_their_ordinary_characters_in_each_format(tmp_path: Path, kind: str) -> None:
    path = tmp_path / f"办法.{kind}"
    lines = RADICALS.splitlines()
    if kind == "docx":
        word(path, paragraphs(*lines))
    elif kind == "pdf":
        path.write_bytes(pdf([lines]))
    else:
        path.write_text(RADICALS, encoding="utf-8")
    found = _read(path)
    assert _texts(path) == PLAIN
    assert found.name == "某县户外工作保障办法"
    assert found.effective_from == date(2026, 3, 1)


@pytest.mark.parametrize(
    ("written", "right"),
    [
        (
            "不得⻓期拖⽋，⻚数不限，⻬全即可，⻢上办。",
            "不得长期拖欠，页数不限，齐全即可，马上办。",
        ),
        ("老年⼈\uf967得\uf901改\uf9e4由。", "老年人不得更改理由。"),
        ("补贴１２００元，比例５０％，编号ＡＢ－３。", "补贴1200元，比例50%，编号AB-3。"),
        ("凭⼾⼝簿、⻝宿费票据领取︵每⽉⼀次︶。", "凭户口簿、食宿费票据领取（每月一次）。"),
        (
            "⿊⻰江、⻘岛、⻄安的⻆⾊不同，⻨⽥、⻥塘除外。",
            "黑龙江、青岛、西安的角色不同，麦田、鱼塘除外。",
        ),
        ("㈠身份证；㈡居住证。①②不变，㎡不变。", "（一）身份证；（二）居住证。①②不变，㎡不变。"),
        ("参加保\u2f9e：\u2ecb、\u2ee9、\u2ec8不缺。", "参加保車：车、黄、讠不缺。"),
    ],
)
def test_text_is_stored_in_ordinary_characters(write: Write, written: str, right: str) -> None:
    path = write("办法.txt", f"某市办法\n第一条 {written}\n第二条 完。\n")
    assert _texts(path)["第一条"] == right


@pytest.mark.parametrize(
    "mark", ["第１条", "第⼀条", "第 一 条", "第\u200b一\u2060条", "第\u3000一\u3000条"]
)
def test_a_number_in_other_characters_begins_an_article(write: Write, mark: str) -> None:
    found = _read(write("办法.txt", f"某市办法\n{mark} 有事。\n第二条 完。\n"))
    assert [a.text for a in found.articles] == ["有事。", "完。"]


def test_a_zero_drawn_as_a_circle_is_a_zero(write: Write) -> None:
    numbers = ["九十九", "一百", "一百○一", "一百零二", "一百Ｏ三"]
    text = "某市条例\n" + "".join(f"第{n}条 内容。\n" for n in numbers)
    found = _read(write("条例.txt", text))
    assert [a.number for a in found.articles][2:] == [
        "第一百〇一条",
        "第一百零二条",
        "第一百〇三条",
    ]


def test_chinese_punctuation_is_left_as_the_law_writes_it(write: Write) -> None:
    text = "（一）“甲”：《法》；乙、丙……对吗？有！——完。"
    path = write("办法.txt", f"某市办法\n第一条 {text}\n第二条 完。\n")
    assert _texts(path)["第一条"] == text


def test_a_question_in_radicals_finds_ordinary_characters(db: Session, write: Write) -> None:
    import_files(db, [write("办法.txt", RADICALS)])
    for question in ("⻅习⻜机", "见习飞机"):
        assert ArticleIndex(db, date(2026, 6, 1)).search(question)[0].article == "第二条"

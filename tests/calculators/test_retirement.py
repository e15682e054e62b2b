"""The month of retirement: its rule against the published table, what is read, what is asked."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest
from ruamel.yaml import YAML

from bot import clock
from bot.arithmetic.results import numbers
from bot.calculators import retirement
from bot.settings import ROOT
from bot.understanding.entity_extractor import message_reader


def _figures() -> dict[str, dict[str, str]]:
    file = ROOT / "data" / "policies" / "neighbours" / "retirement-age.yml"
    policy: Any = YAML(typ="safe").load(file.read_text(encoding="utf-8"))
    return dict(policy["versions"][0]["figures"])


def _said(text: str, kept: dict[str, Any] | None = None) -> str:
    figures = _figures()
    rules = numbers({name: one["value"] for name, one in figures.items()})
    texts = {name: one["text"] for name, one in figures.items()}
    facts = {**(kept or {}), **retirement.extract_facts(text, [], kept or {})}
    return "\n".join(retirement.retirement(facts, rules, texts).lines)


@pytest.fixture(autouse=True)
def _today() -> Iterator[None]:
    with clock.frozen(date(2026, 11, 29)):
        yield


@pytest.mark.parametrize(("letter", "group"), [("m", "男"), ("a", "女55"), ("w", "女50")])
def test_every_year_of_the_published_table_is_the_rules(letter: str, group: str) -> None:
    figures = _figures()
    years = [name for name in figures if re.fullmatch(rf"{letter}\d\d", name)]
    table = [name for name in years if "到" in figures[name]["text"]]
    assert len(table) >= 10
    for name in table:
        year, text = 1900 + int(name[1:]), figures[name]["text"]
        first, last = _ages(text)
        born = [_said("", {"born": f"{year}-{month:02d}", "group": group}) for month in (1, 12)]
        assert f"：{first}退" in born[0], (name, born[0])
        assert f"：{last}退" in born[1], (name, born[1])


def _ages(text: str) -> tuple[str, str]:
    """Return both ends of 60岁1到3个月 and of 60岁10个月到61岁."""
    begin, end = text.split("到")
    begin = begin if begin.endswith(("月", "岁")) else f"{begin}个月"
    return begin, end if "岁" in end else f"{begin.split('岁')[0]}岁{end}"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("我67年11月生的 男的 哪天退", "60岁9个月退，也就是2028年8月，离现在还有1年9个月"),
        ("女工人 明年五月份五十 能退休不", "51岁3个月退，也就是2028年8月"),
        ("我是71年8月的，工人岗 女的", "50岁退，也就是2021年8月，这个岁数已经到了"),
        ("七二年五月生的男的 还差几年退", "61岁11个月退"),
        ("出生1968年10月 男", "61岁退，也就是2029年10月"),
    ],
)
def test_the_month_by_birth(text: str, expected: str) -> None:
    assert expected in _said(text)


def test_every_group_is_said_where_none_is_told() -> None:
    said = _said("我77年5月生的几岁退")
    assert [line.split("：")[0] for line in said.splitlines()] == [
        "男的",
        "女的、原来55岁退的",
        "女的、原来50岁退的",
    ]


@pytest.mark.parametrize(
    ("text", "asked"),
    [
        ("我67年11月生的 到底哪天退", True),
        ("我75年生人 交了15年社保", False),
        ("从08年5月交到23年还有几年退休", False),
        ("啥时候能退休", False),
    ],
)
def test_asked_only_with_a_birth(text: str, asked: bool) -> None:
    assert retirement.is_requested(text, retirement.extract_facts(text, [], {})) is asked


def _told(text: str, kept: dict[str, Any] | None = None) -> dict[str, Any]:
    return retirement.extract_facts(text, message_reader().read(text), kept or {})


def _said_of(facts: dict[str, Any]) -> str:
    figures = _figures()
    rules = numbers({name: one["value"] for name, one in figures.items()})
    texts = {name: one["text"] for name, one in figures.items()}
    said = retirement.retirement(facts, rules, texts)
    return "\n".join([*said.lines, said.ask])


@pytest.mark.parametrize(
    ("text", "facts"),
    [
        ("我十八岁下井 今年五十八 多大岁数能退", {"age": 58}),
        ("我妈55了 超市理货", {"age": 55, "group": "女"}),
        ("我爸61了 瓦工", {"age": 61, "group": "男"}),
        ("听说60岁才能退 我今年五十八 男的", {"age": 58, "group": "男"}),
        ("我54 女 干部岗", {"age": 54, "group": "女55"}),
        ("我26 女的", {"group": "女"}),
        ("招不招女的 我55", {"age": 55}),
        ("我55 有没有要男的的活", {"age": 55}),
        ("车间都是女的 我52", {"age": 52}),
        ("招女工人不", {}),
        ("那活儿男的能干吗", {}),
        ("女的", {}),
    ],
)
def test_the_age_and_the_sex_are_read_of_whom_the_message_is_about(
    text: str, facts: dict[str, Any]
) -> None:
    assert _told(text) == facts


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("我今年五十八 男的", "男的：60岁9个月到61岁退，也就是2028年9月到2029年11月"),
        ("我妈55了", "女的、原来55岁退的：55岁3个月到55岁6个月退，也就是2026年3月到2027年5月"),
        ("我妈55了", "女的、原来50岁退的：50岁退，也就是2020年12月到2021年11月，这个岁数已经到了"),
        ("我妈55了", "看岗位和档案，由社保经办机构定"),
        ("我58了", "男的女的，哪年几月生的？"),
    ],
)
def test_of_an_age_both_ends_are_said(text: str, expected: str) -> None:
    assert expected in _said_of(_told(text))


def test_the_month_of_birth_goes_on_with_an_age() -> None:
    kept = {"age": 58, "group": "男", "missing": "born"}
    assert _told("三月的", kept)["born"] == "1968-03"
    assert _told("12月", kept)["born"] == "1967-12"


@pytest.mark.parametrize(
    "text",
    [
        "我今年五十八 我到底多大岁数能退",
        "我妈55了超市理货 退休办不办",
        "我爸61了 还没退下来 他这岁数几岁能办",
        "我姐五十一 她到没到退休年龄",
        "我54 女 离退休还有几年",
        "今年五十六 这延迟了俺得到几岁才能领养老金",
        "我49岁 女 退休往后推多少",
        "我59了 能退休了不",
        "我58 退休得延几个月",
        "我58 延几个月才能退",
        "我57 多大岁数能开支",
        "58了 女 一直灵活交的 啥前能退",
        "我53了 多咱退休",
    ],
)
def test_asked_with_an_age(text: str) -> None:
    assert retirement.is_requested(text, _told(text))


@pytest.mark.parametrize(
    "text",
    [
        "58岁了还能领失业金不",
        "我55了还能找着活不 保洁",
        "我52 特殊工种能提前几年退休",
        "我59了 退休手续得提前几个月去办",
        "我57了 退休后还能上班签合同不",
        "我59 退休金一个月能开多少",
        "我58 年限不够能退休不",
        "我48 退伍军人有啥补贴 几岁能办",
        "到底多大岁数能退",
        "我58 退休金啥时候涨",
        "我61 今年退休工资啥时候补发",
        "我62 退休认证啥时候做",
        "我55 创业贷款能延期几个月不",
        "我52 合同能延几年",
        "我53 押金啥时候能退",
        "我53 培训费交了 啥时候退",
        "我58 退的押金推了几个月了",
        "我60 啥时候开支",
        "我62 养老金领了 啥时候涨",
    ],
)
def test_an_age_beside_another_question_asks_for_no_retirement(text: str) -> None:
    assert not retirement.is_requested(text, _told(text))


@pytest.mark.parametrize("text", ["退休金啥时候涨", "贷款能延几个月", "退休认证还得几年做一回吗"])
def test_a_known_birth_takes_no_other_question(text: str) -> None:
    assert not retirement.is_requested(text, {"born": "1967-11", "age": 58})


def test_the_sex_alone_answers_what_was_asked() -> None:
    assert _told("女的", {"age": 50, "missing": "born"}) == {"group": "女"}


def test_the_years_left_are_said_for_each_group() -> None:
    figures = _figures()
    rules = numbers({name: one["value"] for name, one in figures.items()})
    texts = {name: one["text"] for name, one in figures.items()}
    said = retirement.years_left({"age": 47, "group": "女"}, rules, texts)
    assert "女的、原来50岁退的还有4年1个月到5年6个月" in said
    assert "男的" not in said

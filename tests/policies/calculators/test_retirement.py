"""The month of retirement: its rule against the published table, what is read, what is asked."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest
from ruamel.yaml import YAML

from bot import clock
from bot.policies.calculators import retirement
from bot.policies.calculators.said import numbers
from bot.settings import ROOT


def _figures() -> dict[str, dict[str, str]]:
    file = ROOT / "data" / "policies" / "neighbours" / "retirement-age.yml"
    policy: Any = YAML(typ="safe").load(file.read_text(encoding="utf-8"))
    return dict(policy["versions"][0]["figures"])


def _said(text: str, kept: dict[str, Any] | None = None) -> str:
    figures = _figures()
    rules = numbers({name: one["value"] for name, one in figures.items()})
    texts = {name: one["text"] for name, one in figures.items()}
    facts = {**(kept or {}), **retirement.hears(text, [], kept or {})}
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
    assert retirement.asked(text, retirement.hears(text, [], {})) is asked

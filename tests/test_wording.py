"""Sentences in data files."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from bot.settings import ROOT
from bot.wording import WordingError, read_wording

FILES = sorted((ROOT / "data" / "wording").glob("*.yml"))
CODE = "\n".join(
    file.read_text(encoding="utf-8")
    for folder in ("bot", "actions")
    for file in (ROOT / folder).rglob("*.py")
)


def test_values_stand_where_the_sentence_names_them(tmp_path: Path) -> None:
    file = tmp_path / "sums.yml"
    file.write_text("pay: 每月{amount}元。\n", encoding="utf-8")
    assert read_wording(file)("pay", amount=2080) == "每月2080元。"
    with pytest.raises(KeyError):
        read_wording(file)("pay")
    with pytest.raises(KeyError):
        read_wording(file)("other")


@pytest.mark.parametrize(
    ("content", "named"),
    [
        ("- 每月\n", ""),
        ("pay: 3\n", "pay"),
        ("pay: ''\n", "pay"),
        ("pay: 每月{amount元\n", "pay"),
        ("pay: 每月{}元\n", "pay"),
        ("pay: 每月{0}元\n", "pay"),
    ],
)
def test_a_faulty_file_is_refused_with_its_name(tmp_path: Path, content: str, named: str) -> None:
    file = tmp_path / "sums.yml"
    file.write_text(content, encoding="utf-8")
    with pytest.raises(WordingError) as error:
        read_wording(file)
    assert (error.value.file, error.value.name) == (file, named)


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_every_sentence_is_used(file: Path) -> None:
    quoted = set(re.findall(r"\"([\w.]+)\"", CODE))
    beginnings = set(re.findall(r"f\"([\w.]+[._])\{", CODE))
    unused = [
        name
        for name in read_wording(file).templates
        if name not in quoted and not any(name.startswith(start) for start in beginnings)
    ]
    assert unused == []

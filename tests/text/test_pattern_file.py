"""Regular expressions in data files."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from bot.settings import ROOT
from bot.text.errors import VocabularyError
from bot.text.pattern_file import patterns, read_patterns

FILES = sorted((ROOT / "data" / "patterns").glob("*.yml"))


def test_words_stand_for_their_alternatives(tmp_path: Path) -> None:
    file = tmp_path / "pay.yml"
    file.write_text(
        'words:\n  unit: [元, 块钱?]\n  pay: ["\\\\d{1,6}%unit%"]\n'
        "patterns:\n  wish: 想要%pay%\n  either:\n    - 要%pay%\n    - 给%pay%\n",
        encoding="utf-8",
    )
    found = read_patterns(file)
    assert found["wish"].search("想要5000块")
    assert not found["wish"].search("想要5000")
    assert found["either"].fullmatch("给80元")


@pytest.mark.parametrize(
    ("content", "line", "field"),
    [
        ("words: {}\n", 1, "patterns"),
        ("words:\n  a: xy\npatterns: {}\n", 2, "a"),
        ("words:\n  a: [x]\npatterns:\n  b: (x\n", 4, "b"),
        ('words:\n  a: [x]\npatterns:\n  b: "%c%"\n', 4, "b"),
    ],
)
def test_a_faulty_file_is_refused_with_line_and_field(
    tmp_path: Path, content: str, line: int, field: str
) -> None:
    file = tmp_path / "faulty.yml"
    file.write_text(content, encoding="utf-8")
    with pytest.raises(VocabularyError) as error:
        read_patterns(file)
    assert (error.value.line, error.value.field) == (line, field)


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_each_file_of_the_product_is_read(file: Path) -> None:
    code = "\n".join(
        module.read_text(encoding="utf-8")
        for folder in ("bot", "actions")
        for module in (ROOT / folder).rglob("*.py")
    )
    assert f'patterns("{file.stem}")' in code
    unused = [name for name in patterns(file.stem) if not re.search(f'"{name}"', code)]
    assert unused == []

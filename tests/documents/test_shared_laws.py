"""The laws as published: every article of every file is there, counted another way."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.documents.article_parser import split
from bot.documents.citation_parser import short_names
from bot.documents.glosses import gloss_questions, glosses
from bot.documents.readers import read_text
from bot.settings import ROOT
from bot.text.chinese_numbers import value

#: Laws of which only some articles are at hand.
PARTS = ("若干规定",)


@pytest.fixture(scope="module")
def laws(shared: Path) -> list[Path]:
    """All shared laws."""
    found = sorted((shared / "policies" / "laws").rglob("*.md"))
    assert len(found) >= 33
    return found


def _numbers(file: Path) -> Iterator[int]:
    """Yield the number of each line that opens with one, read apart from the importer."""
    for line in file.read_text("utf-8").splitlines():
        begun = re.match(r"[\s#>*\-]*第([零一二三四五六七八九十百]+)条[\s　*]", line)
        if begun:
            yield int(value(begun[1]) or 0)


def test_every_article_of_every_file_is_there_in_order_without_a_gap(laws: list[Path]) -> None:
    for file in laws:
        found = split(file.name, read_text(file))
        own = [a.number for a in found.articles if not a.number.startswith("附")]
        numbers = [int(value(number[1:-1]) or 0) for number in own]
        assert numbers == list(_numbers(file)), file.name
        assert bool(found.missing) == any(part in file.name for part in PARTS), file.name
        if not any(part in file.name for part in PARTS):
            assert numbers == list(range(1, len(numbers) + 1)), file.name
        assert all(a.text for a in found.articles), file.name


def test_no_text_between_the_first_and_the_last_article_is_lost(laws: list[Path]) -> None:
    chinese = re.compile(r"[^\u4e00-\u9fff]")
    for file in (one for one in laws if not any(part in one.name for part in PARTS)):
        found = split(file.name, read_text(file))
        kept = sum(len(chinese.sub("", a.text)) for a in found.articles)
        whole = file.read_text("utf-8")
        begin = re.search(r"^[\s>*]*第一条", whole, re.MULTILINE)
        body = whole[begin.start() :] if begin else whole
        lines = [line for line in body.splitlines() if not re.match(r"\s*(#|<!--)", line)]
        numbers = sum(len(re.sub(r"\d", "", a.number)) for a in found.articles)
        assert kept + numbers >= 0.995 * len(chinese.sub("", "".join(lines))), file.name


def test_every_law_has_its_name_and_the_day_it_is_dated(laws: list[Path]) -> None:
    for file in laws:
        found = split(file.name, read_text(file))
        assert found.name in file.name.replace(" ", "") or found.name, file.name
        assert found.title
        assert "中华人民共和国" not in found.name


def test_the_founding_text_is_read_by_its_parts(shared: Path) -> None:
    file = next((shared / "policies").glob("辽人社建*.txt"))
    found = split(file.name, read_text(file))
    assert found.number == "辽人社建〔2025〕21号"
    assert len(found.articles) >= 2


def test_every_gloss_finds_its_article_where_it_says(laws: list[Path]) -> None:
    read = {one.name: one for one in (split(f.name, read_text(f)) for f in laws)}
    for name, lines in glosses().items():
        articles = [(a.number, a.text) for a in read[name].articles]
        found = gloss_questions(name, articles)
        for gloss in lines:
            assert set(gloss.questions) <= set(found.get(gloss.number, ())), (name, gloss.number)


def test_short_names_lead_to_laws_that_are_there(laws: list[Path]) -> None:
    names = {split(f.name, read_text(f)).name for f in laws}
    assert set(short_names().values()) <= names


@pytest.mark.parametrize("file", ["law-questions.jsonl", "law-questions-2.jsonl"])
def test_every_answer_of_the_question_sets_is_an_article_that_exists(
    laws: list[Path], file: str
) -> None:
    places = {
        (one.name, a.number)
        for one in (split(f.name, read_text(f)) for f in laws)
        for a in one.articles
    }
    rows = [json.loads(line) for line in (ROOT / "tests" / "data" / file).open(encoding="utf-8")]
    assert len(rows) >= 60
    for row in rows:
        assert row["answers"]
        assert {(a["document"], a["article"]) for a in row["answers"]} <= places, row["id"]

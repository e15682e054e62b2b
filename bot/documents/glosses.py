"""Plain-word questions about articles of law: data/law/glosses.yml.

A law says 支付二倍的工资 where people say 双份钱; a question finds the article by these lines as by
the article's own words. They are ours, never shown, and never quoted as law.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from bot.caches import process_cache
from bot.settings import settings
from bot.yaml_files import read_yaml

#: Marks are compared by Chinese characters alone: editions differ in punctuation and digits.
_OTHER = re.compile(r"[^\u4e00-\u9fff]")


@dataclass(frozen=True)
class Gloss:
    """Plain-word questions about one article."""

    number: str
    """The article: 第八十二条."""
    mark: str
    """A few characters that stand in this article and in no other of the document."""
    questions: tuple[str, ...]
    """What people say who need it."""


@process_cache(size=4)
def glosses(data: Path | None = None) -> Mapping[str, tuple[Gloss, ...]]:
    """Return the glosses of each document by its name."""
    file = (data or settings().data) / "law" / "glosses.yml"
    by_document: dict[str, dict[str, list[str]]] = read_yaml(file)
    return {
        name: tuple(Gloss(number, line[0], tuple(line[1:])) for number, line in articles.items())
        for name, articles in by_document.items()
    }


def gloss_questions(
    name: str, articles: Sequence[tuple[str, str]], data: Path | None = None
) -> dict[str, tuple[str, ...]]:
    """Return the glosses of a document's articles, given as number and text, by their numbers.

    An article that an amendment renumbered is found by its mark; a mark that is nowhere is of an
    article that is no more, and its gloss is not used.
    """
    plain = {number: _OTHER.sub("", text) for number, text in articles}
    questions_by_number: dict[str, tuple[str, ...]] = {}
    for gloss in glosses(data).get(name, ()):
        here = gloss.mark in plain.get(gloss.number, "")
        moved = (number for number, text in plain.items() if gloss.mark in text)
        number = gloss.number if here else next(moved, None)
        if number:
            questions_by_number[number] = questions_by_number.get(number, ()) + gloss.questions
    return questions_by_number

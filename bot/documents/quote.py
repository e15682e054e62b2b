"""Quotes of law for a question: only articles that are surely about it, else none.

Returns the words of the law apart from all others; that they are marked as such is the work of
the caller.
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from bot.documents.search import ArticleIndex, Hit, Place
from bot.search.bm25 import tokens
from bot.search.query_expansion import concerns_labour_law, legal_words

#: How near an article must be (cosine of the encoder) to be quoted unasked. Of 2,264 sentences
#: that want something else 35 are nearer, most of them of the field (个人信息保护); of 222 lay
#: questions 59, and their first article is one of the right ones for 51.
MIN_SIMILARITY = 0.65
#: From this weight on a policy of the question's topic rests on the article.
CITED = 0.1
#: Characters of a question that says enough to be answered by law.
MIN_QUESTION_LENGTH = 4
#: Characters of a quotation; a longer article is quoted in part.
MAX_QUOTE_LENGTH = 160
#: Further articles that are named, not quoted.
MAX_FURTHER_ARTICLES = 2


@dataclass(frozen=True)
class Quote:
    """An article to be quoted."""

    document: str
    """The law's name: 劳动合同法."""
    article: str
    """第八十二条."""
    words: str
    """The words that fit the question best, in their order; … stands for those left out."""
    full_text: str
    """The whole article, word for word."""
    since: date | None
    """Since when this version of the law holds."""
    is_cited: bool
    """Whether the question names this very article."""
    also: tuple[Place, ...]
    """Further articles that may fit, by law and number."""
    missing: str = ""
    """The numbers that the law, as imported, leaves out: 第二条至第三条、第六条."""


def quote(
    index: ArticleIndex, question: str, cited: Mapping[Place, float] | None = None
) -> Quote | None:
    """Return the article that a question names or is surely about; None when none is sure."""
    hits = index.search(question, MAX_FURTHER_ARTICLES + 1, cited)
    if not hits or not sure(hits[0], question, cited):
        return None
    first, further = hits[0], () if hits[0].is_cited else hits[1:]
    words = first.text if first.is_cited else excerpt(first.text, question)
    also = tuple((hit.document, hit.article) for hit in further)
    return Quote(
        document=first.document,
        article=first.article,
        words=words,
        full_text=first.text,
        since=first.since,
        is_cited=first.is_cited,
        also=also,
        missing=first.missing,
    )


def sure(hit: Hit, question: str, cited: Mapping[Place, float] | None = None) -> bool:
    """Tell whether an article is surely about a question: named, or very near and of its field."""
    if hit.is_cited:
        return True
    rests = (cited or {}).get((hit.document, hit.article), 0.0) > CITED
    field = rests or concerns_labour_law(question)
    return (
        hit.similarity >= MIN_SIMILARITY and field and len(question.strip()) >= MIN_QUESTION_LENGTH
    )


def excerpt(text: str, question: str, longest: int = MAX_QUOTE_LENGTH) -> str:
    """Return the sentences of an article that fit a question best, in their order.

    An article that is not longer is returned whole. The line that opens a list stays before the
    items of it.
    """
    if len(text) <= longest:
        return text
    units = _units(text)
    question_tokens = set(tokens(f"{question} {legal_words(question)}"))
    ranked = sorted(
        range(len(units)), key=lambda index: (-_fits(units[index], question_tokens), index)
    )
    chosen = {0} if units[0].endswith(("：", ":")) else set()
    for index in ranked:
        if (
            not chosen
            or sum(len(units[position]) for position in chosen) + len(units[index]) <= longest
        ):
            chosen.add(index)
    return _with_gaps(units, sorted(chosen))


def _units(text: str) -> list[str]:
    """Return an article's lines, long ones cut after each sentence."""
    return [part for line in text.split("\n") for part in re.findall(r"[^。]+。?", line) if part]


def _fits(unit: str, question_tokens: set[str]) -> float:
    shared = question_tokens & set(tokens(unit))
    return sum(len(token) for token in shared if len(token) > 1) / math.sqrt(len(unit) + 40)


def _with_gaps(units: Sequence[str], chosen: Sequence[int]) -> str:
    lines: list[str] = []
    previous = -1
    for index in chosen:
        lines.append(units[index] if index == previous + 1 else f"……{units[index]}")
        previous = index
    return "\n".join(lines) + ("" if previous == len(units) - 1 else "……")

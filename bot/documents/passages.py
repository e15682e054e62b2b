"""The passages of an article that are compared with a question by meaning.

A long article speaks of several things, and one vector of all of them is near to none: each piece
stands for itself, named by its law and chapter.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby

from bot.db.tables import Article
from bot.documents.glosses import gloss_questions
from bot.documents.numbering import missing

#: Characters of a piece, beyond which the next paragraph begins a new one.
MAX_PIECE_LENGTH = 110


@dataclass(frozen=True)
class Passage:
    """An article as search sees it, apart from the database's session."""

    document: str
    title: str
    number: str
    chapter: str
    text: str
    since: date | None
    """Since when the document's version holds."""
    questions: tuple[str, ...]
    """How people ask about it (data/law/glosses.yml)."""
    missing: str = ""
    """The numbers that the document's articles leave out: 第二条至第三条、第六条."""


def passages(articles: Sequence[Article]) -> Iterator[Passage]:
    """Yield what search needs of articles, which come document by document."""
    for _, group in groupby(articles, key=lambda article: article.document_id):
        document_articles = list(group)
        document = document_articles[0].document
        glossed = gloss_questions(
            document.name,
            [(article.number, article.text) for article in document_articles],
        )
        gaps = missing(article.number for article in document_articles)
        for article in document_articles:
            yield Passage(
                document=document.name,
                title=document.title,
                number=article.number,
                chapter=article.chapter,
                text=article.text,
                since=document.effective_from,
                questions=glossed.get(article.number, ()),
                missing=gaps,
            )


def pieces(passage: Passage) -> list[str]:
    """Return an article's own words in pieces, each with the document and the chapter before it."""
    chapter = re.sub(r"第[一二三四五六七八九十百]+[编章节]", "", passage.chapter).replace(" ", "")
    chapter = "" if chapter in ("总则", "附则") else chapter
    head = f"{passage.document} {chapter}：" if chapter else f"{passage.document}："
    parts: list[str] = []
    for line in passage.text.split("\n"):
        if parts and len(parts[-1]) + len(line) <= MAX_PIECE_LENGTH:
            parts[-1] += line
        else:
            parts.append(line)
    return [head + part for part in parts]


def questions(passage: Passage) -> list[str]:
    """Return how the article is asked about, each with the document before it."""
    return [f"{passage.document}：{line}" for line in passage.questions]

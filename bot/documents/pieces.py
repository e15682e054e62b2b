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
from bot.documents.glosses import asked
from bot.documents.numbering import missing

#: Characters of a piece, beyond which the next paragraph begins a new one.
PIECE = 110


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
    asked: tuple[str, ...]
    """How people ask about it (data/law/glosses.yml)."""
    missing: str = ""
    """The numbers that the document's articles leave out: 第二条至第三条、第六条."""


def passages(articles: Sequence[Article]) -> Iterator[Passage]:
    """Yield what search needs of articles, which come document by document."""
    for _, group in groupby(articles, key=lambda article: article.document_id):
        mine = list(group)
        document = mine[0].document
        glossed = asked(document.name, [(one.number, one.text) for one in mine])
        gaps = missing(one.number for one in mine)
        for one in mine:
            yield Passage(
                document=document.name,
                title=document.title,
                number=one.number,
                chapter=one.chapter,
                text=one.text,
                since=document.effective_from,
                asked=glossed.get(one.number, ()),
                missing=gaps,
            )


def pieces(passage: Passage) -> list[str]:
    """Return an article's own words in pieces, each with the document and the chapter before it."""
    about = re.sub(r"第[一二三四五六七八九十百]+[编章节]", "", passage.chapter).replace(" ", "")
    about = "" if about in ("总则", "附则") else about
    head = f"{passage.document} {about}：" if about else f"{passage.document}："
    parts: list[str] = []
    for line in passage.text.split("\n"):
        if parts and len(parts[-1]) + len(line) <= PIECE:
            parts[-1] += line
        else:
            parts.append(line)
    return [head + part for part in parts]


def questions(passage: Passage) -> list[str]:
    """Return how the article is asked about, each with the document before it."""
    return [f"{passage.document}：{line}" for line in passage.asked]

"""The passages of an article that are compared with a question by meaning.

A long article speaks of several things, and one vector of all of them is near to none: each piece
stands for itself, named by its law and chapter.
"""

from __future__ import annotations

import re

from bot.db.tables import Article

#: Characters of a piece, beyond which the next paragraph begins a new one.
PIECE = 110


def pieces(article: Article) -> list[str]:
    """Return an article's passages, each with the document's name and the chapter before it."""
    about = re.sub(r"第[一二三四五六七八九十百]+[编章节]", "", article.chapter).replace(" ", "")
    about = "" if about in ("总则", "附则") else about
    head = f"{article.document.name} {about}：" if about else f"{article.document.name}："
    parts: list[str] = []
    for line in article.text.split("\n"):
        if parts and len(parts[-1]) + len(line) <= PIECE:
            parts[-1] += line
        else:
            parts.append(line)
    return [head + part for part in parts]

"""A law's text as its title, dates, articles and annexes."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from bot.documents import annexes
from bot.documents.chapters import Chapters
from bot.documents.characters import ordinary
from bot.documents.errors import DocumentError
from bot.documents.lines import page_lines, paragraphs, widest
from bot.documents.markup import without_markup
from bot.documents.numbering import Numbering, Start, articles, missing, parts
from bot.documents.titles import in_force, is_draft, read_head, revised_in, short_name

#: No article is longer than this.
MAX_ARTICLE_LENGTH = 20_000


@dataclass(frozen=True)
class ArticleText:
    """One article, word for word."""

    number: str
    """第三十八条; of a notice 第一部分; of an annex 附件1 or 附件1第二条."""
    chapter: str
    text: str


@dataclass(frozen=True)
class DocumentText:
    """A document as it was read."""

    title: str
    name: str
    """The title as people call it: without 中华人民共和国 and without its revision."""
    number: str | None
    dated: date | None
    effective_from: date | None
    articles: tuple[ArticleText, ...]
    missing: str = ""
    """The numbers that its articles leave out: 第二条至第三条、第六条."""
    revised: int | None = None
    """The year of the revision that the title names."""
    draft: bool = False
    """Whether the title says 草案 or 征求意见稿."""


def split(file: str, text: str) -> DocumentText:
    """Split a document's text into its articles and annexes.

    Raises DocumentError when it has no articles, one longer than any article is, or numbers that
    repeat or go back.
    """
    lines = page_lines(without_markup(ordinary(text)))
    plain = [_plain(line) for line in lines]
    numbered, cut = _body(file, plain)
    first = numbered.starts[0].line
    head = read_head(file, lines[:first])
    width = widest(plain)
    own = tuple(_articles(plain[:cut], numbered.starts, width))
    added = tuple(_annexed(file, plain[cut:], width))
    long = next((a for a in own if len(a.text) > MAX_ARTICLE_LENGTH), None)
    if long:
        raise DocumentError(file, f"{long.number} has {len(long.text)} characters: no article")
    return DocumentText(
        title=head.title,
        name=short_name(head.title),
        number=head.number,
        dated=head.dated,
        effective_from=in_force([*lines[:first], *(a.text for a in own[-3:])]),
        articles=own + added,
        missing=missing(a.number for a in own),
        revised=revised_in(head.title),
        draft=is_draft(head.title),
    )


def _plain(line: str) -> str:
    """Return a line without Markdown's marks."""
    return re.sub(r"^[#>*\-\s]+|\*\*", "", line)


def _body(file: str, plain: Sequence[str]) -> tuple[Numbering, int]:
    """Return the beginnings of the articles, and the line at which annexes begin."""
    kind = articles if articles(plain).starts else parts
    everything = kind(plain)
    if not everything.starts:
        raise DocumentError(file, "has no articles (第…条) and no numbered parts (一、…)")
    cut = annexes.begin(plain, kind)
    numbered = kind(plain[:cut])
    if numbered.faults:
        raise DocumentError(file, f"numbers repeat or go back: {'; '.join(numbered.faults[:10])}")
    return numbered, cut


def _articles(
    plain: Sequence[str], starts: Sequence[Start], width: int, annex_label: str = ""
) -> Iterator[ArticleText]:
    """Yield the articles between their beginnings, each under its headings."""
    sentences = bool(starts) and starts[0].label.endswith("条")
    chapters = Chapters()
    for line in plain[: starts[0].line]:
        chapters.note(line, "", False)
    for index, start in enumerate(starts):
        end = starts[index + 1].line if index + 1 < len(starts) else len(plain)
        heading = chapters.current()
        first = plain[start.line][start.end :]
        text = [first, *chapters.without(plain[start.line + 1 : end], first)]
        # The heading of a notice's part is a line of its own, however long.
        own_line = [first] if not sentences and first and first[-1] not in "，、" else []
        rest = text[1:] if own_line else text
        yield ArticleText(
            annex_label + start.label if "条" in start.label or not annex_label else start.label,
            heading,
            "\n".join(
                [*own_line, *paragraphs(rest, width, sentences, 0 if own_line else start.end)]
            ),
        )


def _annexed(file: str, plain: Sequence[str], width: int) -> Iterator[ArticleText]:
    """Yield the annexes: each article of one that has its own, else the whole of it."""
    for label, title, lines in annexes.split(plain):
        numbered = articles(lines)
        if numbered.starts and numbered.starts[0].number == (1, 0):
            if numbered.faults:
                raise DocumentError(file, f"{label}: {'; '.join(numbered.faults[:10])}")
            above = title or next((line for line in lines if line), "")
            for article in _articles(lines, numbered.starts, width, label):
                yield ArticleText(
                    article.number, f"{above} {article.chapter}".strip()[:200], article.text
                )
            continue
        text = "\n".join([*([title] if title else []), *paragraphs(lines, width, False)])
        for number, piece in enumerate(annexes.pieces(text, MAX_ARTICLE_LENGTH)):
            yield ArticleText(label + (f"（续{number}）" if number else ""), title[:200], piece)

"""A law's text as its title, dates and articles."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from bot.documents.errors import DocumentError

_NUMBER = "零〇一二三四五六七八九十百千\\d"
_ARTICLE = re.compile(rf"^(第[{_NUMBER}]+条(?:之[{_NUMBER}]+)?)[\s　:：、]*(.*)")
#: Notices without 条 number their parts 一、二、
_PART = re.compile(r"^([一二三四五六七八九十]{1,3})、\s*(.*)")
_CHAPTER = re.compile(rf"^(第[{_NUMBER}]+[编章节])[\s　]*(\S.*)?$")
_DAY = re.compile(r"(\d{4})\s*年\s*(\d{1,2})\s*月\s*(\d{1,2})\s*日")
_IN_FORCE = re.compile(
    r"自\s*(\d{4})\s*年\s*(\d{1,2})\s*月\s*(\d{1,2})\s*日\s*起\s*(?:施行|实施|执行)"
)
_DOCUMENT_NUMBER = re.compile(
    r"[\u4e00-\u9fff]{2,8}[〔\[（(]\d{4}[〕\]）)]\s*\d+\s*号|国务院令第\d+号"
)
_STATE = "中华人民共和国"
#: A title is no longer than this, an article neither.
LONGEST_TITLE, LONGEST_ARTICLE = 200, 20_000


@dataclass(frozen=True)
class ArticleText:
    """One article, word for word."""

    number: str
    """第三十八条; of a notice 第一部分."""
    chapter: str
    text: str


@dataclass(frozen=True)
class DocumentText:
    """A document as it was read."""

    title: str
    name: str
    """The title as people call it: without 中华人民共和国."""
    number: str | None
    dated: date | None
    effective_from: date | None
    articles: tuple[ArticleText, ...]


def split(file: str, text: str) -> DocumentText:
    """Split a document's text into its articles.

    Raises DocumentError when it has none, or one longer than any article is.
    """
    lines = [re.sub(r"[\s　]+", " ", line).strip() for line in text.splitlines()]
    lines = [line for line in lines if line and not line.startswith("<!--")]
    starts = _ARTICLE if any(_ARTICLE.match(_plain(line)) for line in lines) else _PART
    first = next((at for at, line in enumerate(lines) if starts.match(_plain(line))), None)
    if first is None:
        raise DocumentError(file, "has no articles (第…条) and no numbered parts (一、…)")
    head, body = lines[:first], lines[first:]
    articles = tuple(_articles(head, body, starts))
    long = next((a for a in articles if len(a.text) > LONGEST_ARTICLE), None)
    if long:
        raise DocumentError(file, f"{long.number} has {len(long.text)} characters: no article")
    title = _title(file, head)
    return DocumentText(
        title=title,
        name=short_name(title),
        number=_found(_DOCUMENT_NUMBER, head),
        dated=_dated(head),
        effective_from=_in_force([*head, *(a.text for a in articles[-3:])]),
        articles=articles,
    )


def short_name(title: str) -> str:
    """Return a title as it is cited: 中华人民共和国劳动合同法 is 劳动合同法."""
    return re.sub(r"[\s《》〈〉<>]", "", title).replace(_STATE, "")


def _plain(line: str) -> str:
    """Return a line without Markdown's marks."""
    return re.sub(r"^[#>*\-\s]+|\*\*", "", line)


def _title(file: str, head: Sequence[str]) -> str:
    marked = [_plain(line) for line in head if line.startswith("# ")]
    given = marked or [_plain(line) for line in head if len(line) > 3]
    if not given:
        raise DocumentError(file, "has no title above its first article")
    return given[0][:LONGEST_TITLE]


def _articles(
    head: Sequence[str], body: Sequence[str], starts: re.Pattern[str]
) -> Iterator[ArticleText]:
    headings: dict[str, str] = {}
    for line in head:
        _note_chapter(_plain(line), headings)
    number, parts, chapter = "", list[str](), ""
    for line in map(_plain, body):
        begun = starts.match(line)
        if not begun and _note_chapter(line, headings):
            continue
        if begun:
            if number:
                yield ArticleText(number, chapter, "\n".join(parts))
            number = begun[1] if starts is _ARTICLE else f"第{begun[1]}部分"
            parts, chapter = [begun[2]] if begun[2] else [], " ".join(headings.values())
        elif line:
            parts.append(line)
    yield ArticleText(number, chapter, "\n".join(parts))


def _note_chapter(line: str, headings: dict[str, str]) -> bool:
    """Note the heading of a book, chapter or section; a wider one ends the narrower ones."""
    found = _CHAPTER.match(line)
    if not found or len(line) > 60:
        return False
    levels = "编章节"
    level = found[1][-1]
    for narrower in levels[levels.index(level) :]:
        headings.pop(narrower, None)
    headings[level] = line
    return True


def _found(pattern: re.Pattern[str], lines: Sequence[str]) -> str | None:
    return next((hit.group().strip() for line in lines if (hit := pattern.search(line))), None)


def _days(pattern: re.Pattern[str], lines: Sequence[str]) -> Iterator[date]:
    for line in lines:
        for hit in pattern.finditer(line):
            try:
                yield date(*map(int, hit.groups()))
            except ValueError:
                continue


def _dated(head: Sequence[str]) -> date | None:
    """Return the last day that the head names: of issue, or of the last amendment."""
    return max(_days(_DAY, [_IN_FORCE.sub("", line) for line in head]), default=None)


def _in_force(lines: Sequence[str]) -> date | None:
    return max(_days(_IN_FORCE, lines), default=None)

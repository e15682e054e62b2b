"""The lines of a document as its author wrote them: without page marks, broken lines joined."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence

from bot.text.pattern_file import patterns

_PATTERNS = patterns("document_lines")
_BARE = re.compile(r"\d{1,4}")
#: How a sentence, an item or a heading of a list ends.
SENTENCE_ENDS = '。！？；：;:!?.…”’"』」〗】|'
#: After these a sentence goes on, over an empty line too.
_CONTINUATION_MARKS = "，、,（(《〈“‘「『—"
#: Characters of an article's line from which on a missing full stop means that it goes on.
_MIN_SENTENCE_LENGTH = 7
#: And over an empty line.
_MIN_LENGTH_OVER_GAP = 20
#: Characters by which the first line of a printed paragraph is shorter.
_INDENT = 2


def page_lines(text: str) -> list[str]:
    """Return a text's lines, stripped of what belongs to its pages; empty lines stay.

    Taken out are page numbers and what stands at the head or foot of most pages. Where a page
    ends no empty line is left: a sentence may go on.
    """
    pages = [[_one_space(line) for line in page.split("\n")] for page in text.split("\f")]
    if len(pages) > 1:
        pages = [_trimmed(page) for page in pages]
        _drop_running(pages)
    lines = [line for page in pages for line in page]
    marks = {
        index
        for index, line in enumerate(lines)
        if line and _PATTERNS["page_number"].fullmatch(line)
    }
    return _without(lines, marks | _page_number_lines(lines))


def _one_space(line: str) -> str:
    return re.sub(r"[\s　]+", " ", line).strip()


def _trimmed(page: list[str]) -> list[str]:
    filled = [index for index, line in enumerate(page) if line]
    return page[filled[0] : filled[-1] + 1] if filled else []


def _drop_running(pages: list[list[str]]) -> None:
    """Take out, in place, lines that open or close most of three pages or more."""
    for end in (0, -1):
        for _ in range(2):
            occurrences = Counter(re.sub(r"\d+", "0", page[end]) for page in pages if page)
            line, times = occurrences.most_common(1)[0] if occurrences else ("", 0)
            if times < 3 or times <= len(pages) / 2:
                break
            for page in pages:
                if page and re.sub(r"\d+", "0", page[end]) == line:
                    del page[end]


def _page_number_lines(lines: Sequence[str]) -> set[int]:
    """Return where bare numbers stand that count the pages: 1, 2, 3 … and nothing else does."""
    bare = [
        (index, int(line)) for index, line in enumerate(lines) if line and _BARE.fullmatch(line)
    ]
    values = [value for _, value in bare]
    counting = len(bare) > 1 and values == list(range(values[0], values[0] + len(values)))
    return {index for index, _ in bare} if counting else set()


def _without(lines: list[str], marks: set[int]) -> list[str]:
    """Drop the marked lines with the empty ones around them."""
    for mark in tuple(marks):
        for step in (-1, 1):
            index = mark + step
            while 0 <= index < len(lines) and not lines[index] and index not in marks:
                marks.add(index)
                index += step
    return [line for index, line in enumerate(lines) if index not in marks]


def widest(lines: Sequence[str]) -> int:
    """Return the length of the longest line of a text."""
    return max(map(len, lines), default=0)


def paragraphs(lines: Sequence[str], width: int, sentences: bool, lead: int = 0) -> Iterator[str]:
    """Yield the paragraphs of one article's lines, broken sentences joined.

    `width` is that of the document's longest line; before the first of the lines its number takes
    `lead` characters. In a law (`sentences`) every paragraph ends in
    a mark; in a notice a line goes on only where it is full or ends in a comma.
    """
    paragraph, last, gap = "", "", False
    for index, line in enumerate(lines):
        if not line:
            gap = bool(paragraph)
            continue
        # The first line of a printed paragraph is indented, that of an article behind its number.
        length = len(last) + (lead if index == 1 else 0) + (_INDENT if last == paragraph else 0)
        if paragraph and _continues_paragraph(
            paragraph, last, line, gap, sentences, _full(length, width)
        ):
            paragraph += _glue(paragraph, line) + line
        else:
            if paragraph:
                yield paragraph
            paragraph = line
        last, gap = line, False
    if paragraph:
        yield paragraph


def _full(length: int, width: int) -> bool:
    """Tell whether a line is about as long as the longest, in a text that is broken at a width."""
    return length >= 0.75 * width and width <= 120


def _continues_paragraph(
    paragraph: str, last: str, line: str, gap: bool, sentences: bool, full: bool
) -> bool:
    if line[0] in "，。；：、,;）)》”":
        return not gap and paragraph[-1] not in "|"
    if _PATTERNS["paragraph_start"].match(line) and not _broken_date(last, line):
        # 持证的一、/二、三级 goes on after a 、; an item does so after nothing.
        return last[-1] == "、" and bool(re.match(r"[一二三四五六七八九十]、", line))
    if last[-1] in _CONTINUATION_MARKS:
        return True
    if last[-1] in SENTENCE_ENDS or " | " in line or " | " in last:
        return False
    if gap:
        return (
            sentences
            and len(last) >= _MIN_LENGTH_OVER_GAP
            and not _PATTERNS["signature"].fullmatch(line)
        )
    if not sentences:
        return full and len(last) >= 14
    if _PATTERNS["reference"].match(line):
        return True
    return (full or len(paragraph) >= _MIN_SENTENCE_LENGTH) and not _PATTERNS[
        "signature"
    ].fullmatch(line)


def _broken_date(last: str, line: str) -> bool:
    return bool(re.search(r"\d$|[年月]$", last)) and bool(re.match(r"\d|[年月日]", line))


def _glue(paragraph: str, line: str) -> str:
    words = paragraph[-1].isascii() and paragraph[-1].isalpha() and line[0].isascii()
    return " " if words and line[0].isalpha() else ""


def mid_sentence(line: str, gap: bool) -> bool:
    """Tell whether the text goes on after a line, after which an empty line may stand."""
    if not line:
        return False
    return line[-1] in _CONTINUATION_MARKS or (
        not gap and line[-1] not in SENTENCE_ENDS + "）)》〉"
    )

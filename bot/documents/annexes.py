"""Annexes, schedules and tables after the last article: parts of their own."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence

from bot.documents.lines import mid_sentence
from bot.documents.numbering import Numbering
from bot.text.pattern_file import patterns

_PATTERNS = patterns("document_annexes")
#: Headings of annexes that are looked at.
MAX_HEADINGS = 50


def begin(plain: Sequence[str], kind: Callable[[Sequence[str]], Numbering]) -> int:
    """Return the line at which the annexes begin; the number of lines where there are none.

    A heading of an annex after which the numbering goes on is none.
    """
    starts = kind(plain).starts
    for line_number in [
        line_number for line_number in _headings(plain) if line_number > starts[0].line
    ][:MAX_HEADINGS]:
        own = kind(plain[:line_number]).starts
        later_starts = kind(plain[line_number:]).starts
        last = own[-1].number[0] if own else 0
        if not later_starts or later_starts[0].number[0] != last + 1 or last == 0:
            return line_number
    return _schedule(plain, starts[-1].line)


def split(plain: Sequence[str]) -> Iterator[tuple[str, str, list[str]]]:
    """Yield each annex's label (附件1), the title in its heading, and its lines."""
    if not plain:
        return
    annexes: dict[str, tuple[str, list[str]]] = {}
    marks = _headings(plain)
    if not marks or marks[0] != 0:
        marks.insert(0, 0)
    for mark, end in zip(marks, [*marks[1:], len(plain)], strict=True):
        heading = _PATTERNS["heading"].fullmatch(plain[mark])
        if heading:
            label = re.sub(r"\s", "", heading[1] + (heading[2] or ""))
            title, lines = heading[3].strip(), list(plain[mark + 1 : end])
        else:
            label, title, lines = "附表", "", list(plain[mark:end])
        if label in annexes:  # the list of annexes, then the annex
            annexes[label][1].extend(["", *([title] if title else []), *lines])
        else:
            annexes[label] = (title, lines)
    for label, (title, lines) in annexes.items():
        if title or any(lines):
            yield label, title, lines


def pieces(text: str, longest: int) -> Iterator[str]:
    """Yield a text in pieces of at most `longest` characters, cut between lines."""
    piece: list[str] = []
    size = 0
    for line in text.split("\n"):
        for part in [
            line[offset : offset + longest] for offset in range(0, len(line), longest)
        ] or [""]:
            if piece and size + len(part) + 1 > longest:
                yield "\n".join(piece)
                piece, size = [], 0
            piece.append(part)
            size += len(part) + 1
    if piece:
        yield "\n".join(piece)


def _headings(plain: Sequence[str]) -> list[int]:
    heading_lines: list[int] = []
    previous_line, gap = "", False
    for line_number, line in enumerate(plain):
        heading = (
            _PATTERNS["heading"].fullmatch(line)
            if line.startswith("附") and len(line) < 90
            else None
        )
        open_sentence = mid_sentence(previous_line, gap) and not heading_lines
        if heading and "，" not in heading[3] and not (open_sentence and heading[3]):
            heading_lines.append(line_number)
        previous_line, gap = (line, False) if line else (previous_line, True)
    return heading_lines


def _schedule(plain: Sequence[str], last: int) -> int:
    """Return where a schedule or table without a mark follows the last article's day of effect."""
    holds = next(
        (
            line_number
            for line_number in range(last, len(plain))
            if _PATTERNS["in_force"].search(plain[line_number]) and "|" not in plain[line_number]
        ),
        None,
    )
    if holds is None:
        return len(plain)
    for line_number in range(holds + 1, len(plain)):
        line = plain[line_number]
        if " | " in line or _PATTERNS["schedule"].fullmatch(line):
            return line_number
    return len(plain)

"""Beginnings of a text's articles or parts: the lines that carry their numbering on.

A line that only cites an article (第三十九条规定…, 第三条第二款) is text. Of all lines that open
with a number those are chosen that count on best; what is left and looks like a beginning is a
repetition or out of order.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from bot.documents.lines import mid_sentence
from bot.text.chinese_numbers import value
from bot.text.pattern_file import patterns

_PATTERNS = patterns("document_numbering")
_ARTICLE = _PATTERNS["article"]
#: What parts a number from the text of its article.
SEPARATOR = re.compile(r"[\s　:：、|.．]*")
#: Lines that may begin an article; more are in no law.
MAX_CANDIDATES = 5_000
#: How far back a line looks for the one that it counts on from.
_MAX_LOOKBACK = 400
#: What a line is worth as a beginning: set apart; run on; where a sentence is open; a citation.
_APART, _RUN_ON, _OPEN, _CITATION = 3.0, 2.9, 2.0, 0.5
#: What a gap costs, more than a line in an open sentence is worth.
_GAP_COST = 2.1
#: Articles by number and insertion: 第十条之一 is (10, 1).
Number = tuple[int, int]


@dataclass(frozen=True)
class Start:
    """A line that may begin an article or part."""

    line: int
    number: Number
    label: str
    """第三十九条, 第一部分."""
    end: int
    """Where in the line the text begins."""
    worth: float
    """Above 0 when the line may be a beginning, the more the likelier."""
    apart: bool
    """Whether nothing but the numbering itself could speak against it."""


@dataclass(frozen=True)
class Numbering:
    """The beginnings of a text."""

    starts: tuple[Start, ...]
    faults: tuple[str, ...]
    """Numbers that look like beginnings and repeat or stand out of order."""


def articles(lines: Sequence[str]) -> Numbering:
    """Return where articles (第…条) begin; no starts where a text has none of its own."""
    numbering = _ordered(_candidates(lines, _ARTICLE, _PATTERNS["cited_article"]))
    own = any(start.worth > _OPEN or start.number == (1, 0) for start in numbering.starts)
    return numbering if own else Numbering((), ())


def parts(lines: Sequence[str]) -> Numbering:
    """Return where the parts of a notice (一、…) begin."""
    return _ordered(_candidates(lines, _PATTERNS["part"], _PATTERNS["cited_part"]))


def label(number: Number, part: bool = False) -> str:
    """Return 第十条之一 for (10, 1), 第二部分 for a part's (2, 0)."""
    inserted = f"之{chinese(number[1])}" if number[1] else ""
    return f"第{chinese(number[0])}{'部分' if part else '条'}{inserted}"


def chinese(number: int) -> str:
    """Return 一百零五 for 105; for 0 to 9,999."""
    digits = "零一二三四五六七八九"
    written, zero = "", False
    for unit, name in ((1000, "千"), (100, "百"), (10, "十"), (1, "")):
        digit = number // unit % 10
        if digit:
            written += ("零" if zero else "") + digits[digit] + name
        zero = bool(written) and not digit
    return re.sub("^一十", "十", written) or "零"


def read_label(written: str) -> tuple[str, Number] | None:
    """Return the unit (条, 部分) and number of 第十条之一; None for an annex."""
    match = _PATTERNS["label"].fullmatch(written)
    number = _value(match[1]) if match else None
    return (match[2], (number, _value(match[3] or "零") or 0)) if match and number else None


def missing(labels: Iterable[str]) -> str:
    """Return the numbers that a document's articles leave out: 第二条至第三条、第六条; or ""."""
    read = [parsed for parsed in map(read_label, labels) if parsed]
    previous: Number = (0, 0)
    gaps: list[str] = []
    for unit, number in read:
        part = unit == "部分"
        if number[0] > previous[0] + 1:
            gaps.append(_span((previous[0] + 1, 0), (number[0] - 1, 0), part))
        first = 1 if number[0] != previous[0] else previous[1] + 1
        if number[1] > first:
            gaps.append(_span((number[0], first), (number[0], number[1] - 1), part))
        previous = number
    return "、".join(gaps)


def _span(first: Number, last: Number, part: bool) -> str:
    first_label = label(first, part)
    return first_label if first == last else f"{first_label}至{label(last, part)}"


def _value(written: str) -> int | None:
    plain = re.sub(r"\s", "", written).replace("〇", "零")
    if re.fullmatch("[零一二三四五六七八九]{2,}", plain):  # 一零五, digit by digit
        plain = "".join(str("零一二三四五六七八九".index(digit)) for digit in plain)
    parsed = value(plain)
    return int(parsed) if parsed is not None and parsed < 10_000 else None


def _candidates(
    lines: Sequence[str], opens: re.Pattern[str], cited: re.Pattern[str]
) -> list[Start]:
    candidates: list[Start] = []
    previous_line, gap = "", False
    for line_number, line in enumerate(lines):
        begun = opens.match(line) if line else None
        if begun and (number := _value(begun[1])):
            is_open = mid_sentence(previous_line, gap)
            candidates.append(_start(line_number, line, begun, number, is_open, cited))
        previous_line, gap = (line, False) if line else (previous_line, True)
    return candidates


def _start(
    line_number: int,
    line: str,
    begun: re.Match[str],
    number: int,
    is_open: bool,
    cited: re.Pattern[str],
) -> Start:
    article = begun.re is _ARTICLE
    inserted = (_value(begun[2]) or 0) if article and begun[2] else 0
    rest = line[begun.end() :]
    separator = SEPARATOR.match(rest)
    parted = not article or bool(separator and separator[0]) or not rest
    if cited.match(rest):
        worth = -3.0 if is_open else _CITATION
    elif is_open and not (parted and (number, inserted) == (1, 0)):
        worth = _OPEN
    else:
        worth = _APART if parted else _RUN_ON
    label = re.sub(r"\s", "", begun[0]) if article else f"第{begun[1]}部分"
    end = begun.end() + (separator.end() if separator else 0)
    return Start(line_number, (number, inserted), label, end, worth, parted and worth == _APART)


def _ordered(candidates: Sequence[Start]) -> Numbering:
    """Choose the rising chain of numbers that is worth most; a gap in it costs."""
    faults: list[str] = []
    if len(candidates) > MAX_CANDIDATES:
        candidates, faults = (
            candidates[:MAX_CANDIDATES],
            [f"more than {MAX_CANDIDATES:,} lines begin with a number"],
        )
    best: list[float] = []
    predecessors: list[int] = []
    for index, candidate in enumerate(candidates):
        score, previous = _step((0, 0), candidate.number), -1
        for earlier in range(max(0, index - _MAX_LOOKBACK), index):
            if candidates[earlier].number < candidate.number:
                reached = best[earlier] + _step(candidates[earlier].number, candidate.number)
                if reached >= score:
                    score, previous = reached, earlier
        best.append(score + candidate.worth)
        predecessors.append(previous)
    chain: list[int] = []
    index = max(range(len(best)), key=lambda place: (best[place], -place), default=-1)
    while index >= 0:
        chain.append(index)
        index = predecessors[index]
    chosen = tuple(candidates[index] for index in reversed(chain))
    return Numbering(chosen, tuple(faults or _faults(candidates, chosen)))


def _step(previous: Number, number: Number) -> float:
    """Return 0 where a number follows another, else what the gap costs, a little more if wide."""
    follows = number in ((previous[0] + 1, 0), (previous[0], previous[1] + 1))
    return 0.0 if follows else -_GAP_COST - min(0.001 * (number[0] - previous[0]), 0.3)


def _faults(candidates: Sequence[Start], chosen: Sequence[Start]) -> list[str]:
    chosen_lines = {start.line for start in chosen}
    numbers = {start.number for start in chosen}
    run_on = sum(not start.apart for start in chosen) > len(chosen) / 2
    faults: list[str] = []
    for start in candidates:
        stands = start.apart or (run_on and start.worth >= _RUN_ON)
        if start.line in chosen_lines or not stands:
            continue
        fault = "stands twice" if start.number in numbers else "is out of order"
        faults.append(f"{start.label} {fault}")
    return list(dict.fromkeys(faults))

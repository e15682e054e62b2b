"""A document's title, its name without the revision, and the days that its head names."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from bot.documents.errors import DocumentError
from bot.text.pattern_file import patterns

#: A title is no longer than this.
MAX_TITLE_LENGTH = 200
_STATE = "中华人民共和国"
_PATTERNS = patterns("document_titles")


@dataclass(frozen=True)
class DocumentHead:
    """Title, number and date in the lines above the first article."""

    title: str
    number: str | None
    dated: date | None
    """The last day named: of issue, or of the last amendment."""


def read_head(file: str, lines: Sequence[str]) -> DocumentHead:
    """Read the lines above the first article. Raises DocumentError when they hold no title."""
    head_lines = _join_broken_lines([line for line in lines if line])
    return DocumentHead(
        title=_title(file, head_lines),
        number=next(
            (hit[0].strip() for line in head_lines if (hit := _PATTERNS["number"].search(line))),
            None,
        ),
        dated=max(
            _days(_PATTERNS["day"], [_PATTERNS["in_force"].sub("", line) for line in head_lines]),
            default=None,
        ),
    )


def in_force(lines: Sequence[str]) -> date | None:
    """Return the last day from which lines say that the document holds."""
    return max(_days(_PATTERNS["in_force"], lines), default=None)


def short_name(title: str) -> str:
    """Return a title as it is cited: 中华人民共和国劳动合同法（2012年修正） is 劳动合同法."""
    title = re.sub(r"\s", "", title)
    for _ in range(3):
        title = _PATTERNS["revision"].sub("", title)
    return re.sub(r"[《》〈〉<>]", "", title).replace(_STATE, "")


def revisions(title: str) -> list[str]:
    """Return the revisions in brackets after a title: （2026年修正）."""
    return [hit[0] for hit in _PATTERNS["revision"].finditer(re.sub(r"\s", "", title))]


def revised_in(title: str) -> int | None:
    """Return the year of the revision that a title names; None when it names none."""
    years = _PATTERNS["year"].findall("".join(revisions(title)))
    digits = str.maketrans("〇零○一二三四五六七八九", "000123456789")
    return max((int(year.translate(digits)) for year in years), default=None)


def is_draft(title: str) -> bool:
    """Tell whether a title says that the document is a draft (草案, 征求意见稿)."""
    return bool(_PATTERNS["draft"].search("".join(revisions(title))))


def _join_broken_lines(lines: Sequence[str]) -> list[str]:
    """Join lines with open brackets, and a title that is broken over lines."""
    joined_lines: list[str] = []
    joined = 0
    for line in lines:
        if (
            joined_lines
            and joined < 6
            and (_has_open_bracket(joined_lines[-1]) or _is_one_title(joined_lines[-1], line))
        ):
            joined_lines[-1] += line
            joined += 1
        else:
            joined_lines.append(line)
            joined = 0
    return joined_lines


def _has_open_bracket(line: str) -> bool:
    """Tell whether brackets are open; long lines are no titles."""
    return len(line) < MAX_TITLE_LENGTH and any(
        line.count(opening) > line.count(closing) for opening, closing in ("（）", "《》", "()")
    )


def _is_one_title(line: str, next_line: str) -> bool:
    """Tell whether two lines are one title: only the second ends as titles do, or is a revision."""
    if short_name(next_line) == "" and _PATTERNS["revision"].fullmatch(
        re.sub(r"\s", "", next_line)
    ):
        return bool(_PATTERNS["kind"].search(line))
    plain = not re.search(r"[。；，：:,\d]", line + next_line) and not next_line.startswith(
        ("#", "（", "(")
    )
    lengths = 6 <= len(line) <= 40 and len(next_line) <= 40
    # Without 关于 only a short rest is taken: two whole titles may follow each other.
    opens = "关于" in line or (len(next_line) <= 8 and not _PATTERNS["office"].search(line))
    return bool(
        plain
        and lengths
        and opens
        and not _is_no_title(line)
        and not _PATTERNS["kind"].search(line)
        and _PATTERNS["kind"].search(next_line)
    )


def _is_no_title(line: str) -> bool:
    """Tell whether a line is no title: bracketed, before a list, a sentence, a number, a day."""
    return (
        line.startswith(("（", "(", "【", "["))
        or line.endswith((":", "："))
        or any(mark in line for mark in "。；，")
        or _PATTERNS["no_title"].fullmatch(line) is not None
    )


def _title(file: str, head: Sequence[str]) -> str:
    marked = [line[2:] for line in head if line.startswith("# ")]
    plain = [line.lstrip("#>*- ").replace("**", "") for line in head]
    likely = [line for line in plain if len(line) > 2 and not _is_no_title(line)]
    titled = [line for line in likely[:6] if _PATTERNS["kind"].search(line)]
    candidates = marked or titled or likely or [line for line in plain if len(line) > 3]
    if not candidates:
        raise DocumentError(file, "has no title above its first article")
    title = _PATTERNS["footnote"].sub("", candidates[0]).strip("#>*- ")
    return re.sub(r"\s(?=[（(\[【〔])", "", title)[:MAX_TITLE_LENGTH].strip() or title


def _days(pattern: re.Pattern[str], lines: Sequence[str]) -> Iterator[date]:
    for line in lines:
        for hit in pattern.finditer(line):
            try:
                yield date(*map(int, hit.groups()))
            except ValueError:
                continue

"""The headings of books, chapters and sections above an article."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from bot.documents.lines import mid_sentence
from bot.text.pattern_file import patterns

_PATTERNS = patterns("document_chapters")
#: A longer line is no heading.
_MAX_HEADING_LENGTH = 60
_LEVELS = "编章节"


class Chapters:
    """The headings that hold at a place of a text, told line by line."""

    def __init__(self) -> None:
        self._headings: dict[str, str] = {}

    def current(self) -> str:
        """Return the headings that hold now, widest first."""
        return " ".join(self._headings.values())

    def note(self, line: str, previous_line: str, gap: bool) -> bool:
        """Note a line if it is a heading; a wider one ends the narrower ones.

        `previous_line` is the line above, `gap` whether an empty one stands between.
        """
        heading = _PATTERNS["heading"].fullmatch(line)
        if (
            not heading
            or len(line) > _MAX_HEADING_LENGTH
            or _PATTERNS["sentence_mark"].search(line)
        ):
            return False
        if _PATTERNS["cited"].match(line[heading.end(1) :]) or (
            mid_sentence(previous_line, gap) and " " not in line
        ):
            return False
        level = heading[1][-1]
        for narrower in _LEVELS[_LEVELS.index(level) :]:
            self._headings.pop(narrower, None)
        self._headings[level] = line
        return True

    def without(self, lines: Sequence[str], previous_line: str) -> Iterator[str]:
        """Yield the lines that are no headings; headings are noted."""
        gap = False
        for line in lines:
            if line and self.note(line, previous_line, gap):
                previous_line, gap = "", False
                continue
            yield line
            previous_line, gap = (line, False) if line else (previous_line, True)

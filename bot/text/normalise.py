"""One form for all that people type: width, traditional characters, case, repeats, emoji.

Characters typed one by one (我 想 找 保 安) are put together again.

Every character of the result knows where it stood, so that what is read can be shown in the
person's own words. Never raises, and takes time in proportion to the text.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass

from bot.caches import process_cache

#: Repeats of one character beyond this many are dropped; digits are never dropped.
MAX_REPEATS = 2
_DROPPED = {"Cc", "Cf", "Cs", "Co", "Cn", "Mn", "Me", "So", "Sk"}
#: Marks that NFKC makes plain, kept apart from words by a space.
_PUNCTUATION = str.maketrans(
    {"。": "。", "～": "~", "〜": "~", "—": "-", "–": "-", "“": '"', "”": '"'}
)


@dataclass(frozen=True)
class Normalised:
    """A text in its one form."""

    text: str
    origin: tuple[int, ...]
    """Offset of each character in the typed text; one more entry for the end."""

    def original_span(self, start: int, end: int) -> tuple[int, int]:
        """Return the span of the typed text that a span of `text` came from."""
        if end <= start:
            return self.origin[start], self.origin[start]
        return self.origin[start], self.origin[end - 1] + 1


@process_cache(size=1)
def _to_simplified() -> Callable[[str], str]:
    from opencc import OpenCC  # type: ignore[import-untyped]

    convert: Callable[[str], str] = OpenCC("t2s").convert
    return convert


def _simplified(char: str) -> str:
    """Return one character's simplified form; alone, since a phrase would change offsets."""
    simplified = _to_simplified()(char)
    return simplified if len(simplified) == 1 else char


def _plain(char: str) -> str:
    """Return the plain form of a character: nothing, a space, or one or more characters."""
    if "\u4e00" <= char <= "\u9fff":
        return _simplified(char)
    if char.isspace():
        return " "
    if char.isascii():
        return char.lower() if char.isprintable() else ""
    if unicodedata.category(char) in _DROPPED:
        return " " if unicodedata.category(char) == "So" else ""
    folded = unicodedata.normalize("NFKC", char).translate(_PUNCTUATION)
    characters = (c for c in folded.lower() if unicodedata.category(c) not in _DROPPED)
    return "".join(map(_simplified, characters))


@process_cache(size=20000)
def _plain_cached(char: str) -> str:
    return _plain(char)


class _SingleCharacterForms(dict[int, str]):
    """Characters that become one other, for str.translate; the rest become _SEVERAL."""

    _MAX_SIZE = 20_000

    def __missing__(self, code: int) -> str:
        plain = _plain_cached(chr(code))
        replacement = plain if len(plain) == 1 else _SEVERAL
        if len(self) < self._MAX_SIZE:
            self[code] = replacement
        return replacement


#: Stands for none or several characters; nothing becomes it.
_SEVERAL = "\n"
_SINGLE = _SingleCharacterForms()
#: Causes of a shorter or longer text: spaces at the ends or side by side, repeats.
_UNEVEN = re.compile(rf"{_SEVERAL}|^ |  | $|(\D)\1{{{MAX_REPEATS}}}")
#: Characters of a text that is cached among many: a message, a name, a piece of either.
MAX_SHORT_CHARS = 200


def normalise(typed: str) -> Normalised:
    """Return a typed text in its one form; fifty readers of a message ask for it, and it is worked
    out once.
    """
    return _normalised_short(typed) if len(typed) <= MAX_SHORT_CHARS else _normalised_long(typed)


@process_cache(size=1024)
def _normalised_short(typed: str) -> Normalised:
    return _normalised(typed)


#: A message of a thousand characters takes some 40 KB; no more of them are read at once.
@process_cache(size=8)
def _normalised_long(typed: str) -> Normalised:
    return _normalised(typed)


def _normalised(typed: str) -> Normalised:
    even = typed.translate(_SINGLE)
    if _UNEVEN.search(even):
        return _by_character(typed)
    text = Normalised(even, tuple(range(len(typed) + 1)))
    return _joined_spread_characters(text) if " " in even else text


def _by_character(typed: str) -> Normalised:
    """Return a text in its one form, character by character."""
    out: list[str] = []
    origin: list[int] = []
    for index, char in enumerate(typed):
        for plain in _plain_cached(char):
            if plain == " " and (not out or out[-1] == " "):
                continue
            if _is_excess_repeat(out, plain):
                continue
            out.append(plain)
            origin.append(index)
    while out and out[-1] == " ":
        out.pop()
        origin.pop()
    origin.append(len(typed))
    return _joined_spread_characters(Normalised("".join(out), tuple(origin)))


#: Three characters and more, each with a space before the next.
_SPREAD = re.compile(
    r"(?<![^\s,.。;；!！?？:])[\u4e00-\u9fff](?: [\u4e00-\u9fff]){2,}(?![^\s,.。;；!！?？:])"
)


def _joined_spread_characters(text: Normalised) -> Normalised:
    """Return a text without the spaces between characters that were typed one by one."""
    spaces = {
        index
        for hit in _SPREAD.finditer(text.text)
        for index in range(hit.start(), hit.end())
        if text.text[index] == " "
    }
    if not spaces:
        return text
    indexes = [index for index in range(len(text.text)) if index not in spaces]
    return Normalised(
        "".join(text.text[index] for index in indexes),
        (*(text.origin[index] for index in indexes), text.origin[-1]),
    )


def _is_excess_repeat(out: list[str], char: str) -> bool:
    """Tell whether a character would stand more than MAX_REPEATS times in a row."""
    if char.isdigit() or len(out) < MAX_REPEATS:
        return False
    return all(previous == char for previous in out[-MAX_REPEATS:])


_BRACKETS = re.compile(r"[(（\[【〔{][^)）\]】〕}]{0,99}[)）\]】〕}]")


def without_brackets(text: str) -> str:
    """Return a text without what stands in brackets."""
    return _BRACKETS.sub(" ", text)

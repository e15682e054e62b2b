"""Mistyped names: of the same sound (沈样, 保结) or, when long enough, with one character wrong.

A mistyped name is taken only where a name is expected (在…, 招…, between spaces) and where no
ordinary name was read: a false reading costs more than a missed one.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Generic, TypeVar

from bot.text.pinyin import all_sounds
from bot.text.text_span import TextSpan

T = TypeVar("T")

_CHINESE = re.compile(r"[\u4e00-\u9fff]+")
_MAX_NAME_LENGTH = 6
#: Endings that tell no name from another: 开原市 is known by two characters.
_SUFFIXES = ("市", "区", "县")
#: No name ends in a particle: 职业指导吗 is not 职业指导师.
_VERBS = "骑坐买卖租借开修学打做干搬送装拉跑"
_PARTICLES = "吗呢的啊吧呀不没"


class NearNames(Generic[T]):
    """Finds mistyped names where the words around allow one."""

    def __init__(
        self,
        names: Iterable[tuple[str, T]],
        left_context: str,
        right_context: str,
        common: Iterable[str] = (),
        edited_from: int = 3,
    ) -> None:
        """Compile the contexts and index the names.

        `left_context` must match right before a name and `right_context` right after it; `common`
        are words that are what they are, although a name sounds like them. Names of fewer
        characters than `edited_from` are matched by sound alone.
        """
        self._left_context = re.compile(left_context + "$")
        self._right_context = re.compile("^" + right_context)
        self._common = frozenset(common)
        self._edited_from = edited_from
        self._meanings = {n: m for n, m in names if _CHINESE.fullmatch(n) and 1 < len(n) < 7}
        self._by_sound: dict[str, list[str]] = {}
        self._by_edit: dict[str, list[str]] = {}
        for name in self._meanings:
            for sound in all_sounds(name):
                self._by_sound.setdefault(sound, []).append(name)
            if len(name) - name.endswith(_SUFFIXES) < edited_from:
                continue
            for key in _one_character_masks(name):
                self._by_edit.setdefault(key, []).append(name)

    def find(self, text: str, occupied: Sequence[tuple[int, int]]) -> list[TextSpan[T]]:
        """Return mistyped names of a normalised text outside the spans already read."""
        spans: list[TextSpan[T]] = []
        position = 0
        while position < len(text) - 1:
            hit = self._match_at(text, position, occupied)
            if hit:
                spans.append(hit)
            position = hit.end if hit else position + 1
        return spans

    def _match_at(
        self, text: str, position: int, occupied: Sequence[tuple[int, int]]
    ) -> TextSpan[T] | None:
        if not self._left_context.search(text[max(0, position - 6) : position]):
            return None
        for end in range(min(len(text), position + _MAX_NAME_LENGTH), position + 1, -1):
            typed = text[position:end]
            if typed in self._common or not _CHINESE.fullmatch(typed) or typed[-1] in _PARTICLES:
                continue
            if any(start < end and position < stop for start, stop in occupied):
                continue
            names = self._candidate_names(typed)
            if len(names) == 1 and self._right_context.match(text[end : end + 4]):
                return TextSpan(self._meanings[names[0]], position, end, typed)
        return None

    def _candidate_names(self, typed: str) -> list[str]:
        """Return the names that a typed word can be meant for, by sound before by edit."""
        names_by_sound = (self._by_sound.get(sound, ()) for sound in all_sounds(typed))
        sounding_alike = list(dict.fromkeys(name for names in names_by_sound for name in names))
        if sounding_alike or len(typed) < self._edited_from:
            return _nearest(typed, sounding_alike)
        candidates = (
            name for key in _one_character_masks(typed) for name in self._by_edit.get(key, ())
        )
        return [name for name in dict.fromkeys(candidates) if not _is_another_activity(typed, name)]


def _is_another_activity(typed: str, name: str) -> bool:
    """Tell whether only the verb before a thing differs: 骑电动车 is no slip for 修电动车."""
    return typed[0] != name[0] and typed[0] in _VERBS and name[0] in _VERBS


def _nearest(typed: str, names: Sequence[str]) -> list[str]:
    """Return the names that have most characters of a typed word where it has them."""
    shared = {name: sum(a == b for a, b in zip(typed, name, strict=False)) for name in names}
    return [name for name in names if shared[name] == max(shared.values())]


def _one_character_masks(word: str) -> Iterator[str]:
    """Yield a word with one character open; two words that share one differ in one character."""
    for index in range(len(word)):
        yield f"{word[:index]}*{word[index + 1 :]}"

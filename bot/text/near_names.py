"""Names mistyped: of the same sound (沈样, 保结) or, when long enough, with one character wrong.

A mistyped name is taken only where a name is expected (在…, 招…, between spaces) and where no
ordinary name was read: a false reading costs more than a missed one.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Generic, TypeVar

from bot.text.found import Found
from bot.text.pinyin import all_sounds

T = TypeVar("T")

_CHINESE = re.compile(r"[\u4e00-\u9fff]+")
_LONGEST = 6
#: Of 开原市 only two characters tell it from another name.
_SUFFIX = re.compile("[市区县]$")
#: No name ends in a particle: 职业指导吗 is not 职业指导师.
_VERBS = "骑坐买卖租借开修学打做干搬送装拉跑"
_PARTICLES = "吗呢的啊吧呀不没"


class NearNames(Generic[T]):
    """Finds mistyped names where `before` and `behind` allow one."""

    def __init__(
        self,
        names: Iterable[tuple[str, T]],
        before: str,
        behind: str,
        common: Iterable[str] = (),
        edited_from: int = 3,
    ) -> None:
        """`before` must match right before a name and `behind` right behind it; `common` are
        words that are what they are, although a name sounds like them. Names of fewer characters
        than `edited_from` are matched by sound alone."""
        self._before, self._behind = re.compile(before + "$"), re.compile("^" + behind)
        self._common = frozenset(common)
        self._edited_from = edited_from
        self._meanings = {n: m for n, m in names if _CHINESE.fullmatch(n) and 1 < len(n) < 7}
        self._by_sound: dict[str, list[str]] = {}
        self._by_edit: dict[str, list[str]] = {}
        for name in self._meanings:
            for way in all_sounds(name):
                self._by_sound.setdefault(way, []).append(name)
            for key in _edits(name) if len(_SUFFIX.sub("", name)) >= edited_from else ():
                self._by_edit.setdefault(key, []).append(name)

    def find(self, text: str, taken: Sequence[tuple[int, int]]) -> list[Found[T]]:
        """Return mistyped names of a normalised text outside the spans already read."""
        found: list[Found[T]] = []
        at = 0
        while at < len(text) - 1:
            hit = self._at(text, at, taken)
            if hit:
                found.append(hit)
            at = hit.end if hit else at + 1
        return found

    def _at(self, text: str, at: int, taken: Sequence[tuple[int, int]]) -> Found[T] | None:
        if not self._before.search(text[max(0, at - 6) : at]):
            return None
        for end in range(min(len(text), at + _LONGEST), at + 1, -1):
            typed = text[at:end]
            if typed in self._common or not _CHINESE.fullmatch(typed) or typed[-1] in _PARTICLES:
                continue
            if any(start < end and at < stop for start, stop in taken):
                continue
            names = self._names(typed)
            if len(names) == 1 and self._behind.match(text[end : end + 4]):
                return Found(self._meanings[names[0]], at, end, typed)
        return None

    def _names(self, typed: str) -> list[str]:
        """Return the names that a typed word can be meant for, by sound before by edit."""
        ways = (self._by_sound.get(way, ()) for way in all_sounds(typed))
        alike = list(dict.fromkeys(name for names in ways for name in names))
        if alike or len(typed) < self._edited_from:
            return _nearest(typed, alike)
        near = (name for key in _edits(typed) for name in self._by_edit.get(key, ()))
        return [name for name in dict.fromkeys(near) if not _is_another_deed(typed, name)]


def _is_another_deed(typed: str, name: str) -> bool:
    """Tell whether only the verb before a thing differs: 骑电动车 is no slip for 修电动车."""
    return typed[0] != name[0] and typed[0] in _VERBS and name[0] in _VERBS


def _nearest(typed: str, names: Sequence[str]) -> list[str]:
    """Return the names that have most characters of a typed word where it has them."""
    shared = {name: sum(a == b for a, b in zip(typed, name, strict=False)) for name in names}
    return [name for name in names if shared[name] == max(shared.values())]


def _edits(word: str) -> Iterator[str]:
    """Yield a word with one character open; two words that share one differ in one character."""
    for at in range(len(word)):
        yield f"{word[:at]}*{word[at + 1 :]}"

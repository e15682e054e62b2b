"""Variants of training messages: in dialect, mistyped, dictated, at the end of a story.

Seeded: the same messages give the same variants on every machine. The rules stand in
data/vocab/variants.yml; the mistypings are characters that sound alike, taken from the training
messages themselves. `python -m bot augment` writes out what training adds.
"""

from __future__ import annotations

import random
import zlib
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML

from bot.text.pinyin import syllable

#: Kinds of variants, in the order in which they are tried.
KINDS = ("dialect", "typo", "spoken", "story")
#: Messages longer than this get no story before them.
SHORT = 30


@dataclass(frozen=True)
class Variant:
    """A message made from another one."""

    kind: str
    text: str


class Variants:
    """Makes variants by the rules of one file."""

    def __init__(self, rules: Path, messages: Iterable[str], seed: int = 2025) -> None:
        given: dict[str, Any] = YAML(typ="safe").load(rules.read_text(encoding="utf-8"))
        self._dialect = {said: others.split() for said, others in given["dialect"].items()}
        self._before, self._behind = given["before"].split(), given["behind"].split()
        self._stories: list[str] = given["stories"]
        self._alike = _alike(messages)
        self._seed = seed

    def of(self, text: str, most: int) -> list[Variant]:
        """Return up to `most` variants of a message, each of another kind."""
        chance = random.Random(self._seed ^ zlib.crc32(text.encode()))
        kinds: dict[str, Callable[[str, random.Random], str | None]] = {
            "dialect": self._in_dialect,
            "typo": self._mistyped,
            "spoken": self._spoken,
            "story": self._told,
        }
        found: list[Variant] = []
        for kind in chance.sample(KINDS, len(KINDS)):
            made = kinds[kind](text, chance) if len(found) < most else None
            if made and made != text:
                found.append(Variant(kind, made))
        return found

    def _in_dialect(self, text: str, chance: random.Random) -> str | None:
        changed = text
        for said, others in self._dialect.items():
            if said in changed and chance.random() < 0.8:
                changed = changed.replace(said, chance.choice(others), 1)
        return changed if changed != text else None

    def _mistyped(self, text: str, chance: random.Random) -> str | None:
        places = [at for at, char in enumerate(text) if self._alike.get(char)]
        if len(text) < 4 or not places:
            return None
        at = chance.choice(places)
        return text[:at] + chance.choice(self._alike[text[at]]) + text[at + 1 :]

    def _spoken(self, text: str, chance: random.Random) -> str | None:
        bare = "".join(char for char in text if char not in ",，。?？!！、")
        before = chance.choice(self._before) if chance.random() < 0.6 else ""
        behind = chance.choice(self._behind) if not before or chance.random() < 0.4 else ""
        return f"{before}{bare}{behind}"

    def _told(self, text: str, chance: random.Random) -> str | None:
        if not 6 <= len(text) <= SHORT:
            return None
        join = chance.choice(("", " ", "，"))
        return f"{chance.choice(self._stories)}{join}{text}"


def _alike(messages: Iterable[str]) -> dict[str, list[str]]:
    """Return, for each common character, the other common ones that sound like it."""
    often = Counter(char for text in messages for char in text if "\u4e00" <= char <= "\u9fff")
    by_sound: dict[str, list[str]] = {}
    for char in sorted(char for char, count in often.items() if count >= 2):
        by_sound.setdefault(syllable(char), []).append(char)
    return {
        char: [other for other in alike if other != char]
        for alike in by_sound.values()
        for char in alike
        if len(alike) > 1
    }

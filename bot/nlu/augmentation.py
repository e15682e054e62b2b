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

from bot.text.pinyin import syllable
from bot.yaml_files import read_yaml

#: Kinds of variants, in the order in which they are tried.
KINDS = ("dialect", "typo", "spoken", "story")
#: Messages longer than this get no story before them.
MAX_STORY_MESSAGE_CHARS = 30


@dataclass(frozen=True)
class Variant:
    """A message made from another one."""

    kind: str
    text: str


class Variants:
    """Makes variants by the rules of one file."""

    def __init__(self, rules: Path, messages: Iterable[str], seed: int = 2025) -> None:
        content: dict[str, Any] = read_yaml(rules)
        self._dialect = {word: others.split() for word, others in content["dialect"].items()}
        self._before, self._behind = content["before"].split(), content["behind"].split()
        self._stories: list[str] = content["stories"]
        self._alike = _alike(messages)
        self._seed = seed

    def make_variants(self, text: str, limit: int) -> list[Variant]:
        """Return up to `limit` variants of a message, each of another kind."""
        chance = random.Random(self._seed ^ zlib.crc32(text.encode()))
        kinds: dict[str, Callable[[str, random.Random], str | None]] = {
            "dialect": self._in_dialect,
            "typo": self._mistyped,
            "spoken": self._spoken,
            "story": self._after_story,
        }
        variants: list[Variant] = []
        for kind in chance.sample(KINDS, len(KINDS)):
            made = kinds[kind](text, chance) if len(variants) < limit else None
            if made and made != text:
                variants.append(Variant(kind, made))
        return variants

    def _in_dialect(self, text: str, chance: random.Random) -> str | None:
        changed = text
        for word, others in self._dialect.items():
            if word in changed and chance.random() < 0.8:
                changed = changed.replace(word, chance.choice(others), 1)
        return changed if changed != text else None

    def _mistyped(self, text: str, chance: random.Random) -> str | None:
        places = [index for index, char in enumerate(text) if self._alike.get(char)]
        if len(text) < 4 or not places:
            return None
        index = chance.choice(places)
        return text[:index] + chance.choice(self._alike[text[index]]) + text[index + 1 :]

    def _spoken(self, text: str, chance: random.Random) -> str | None:
        bare = "".join(char for char in text if char not in ",，。?？!！、")
        prefix = chance.choice(self._before) if chance.random() < 0.6 else ""
        suffix = chance.choice(self._behind) if not prefix or chance.random() < 0.4 else ""
        return f"{prefix}{bare}{suffix}"

    def _after_story(self, text: str, chance: random.Random) -> str | None:
        if not 6 <= len(text) <= MAX_STORY_MESSAGE_CHARS:
            return None
        join = chance.choice(("", " ", "，"))
        return f"{chance.choice(self._stories)}{join}{text}"


def _alike(messages: Iterable[str]) -> dict[str, list[str]]:
    """Return, for each common character, the other common ones that sound like it."""
    counts = Counter(char for text in messages for char in text if "\u4e00" <= char <= "\u9fff")
    by_sound: dict[str, list[str]] = {}
    for char in sorted(char for char, count in counts.items() if count >= 2):
        by_sound.setdefault(syllable(char), []).append(char)
    return {
        char: [other for other in alike if other != char]
        for alike in by_sound.values()
        for char in alike
        if len(alike) > 1
    }

"""Texts as the student reads them: rows of characters, sounds and pairs."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Iterable, Sequence

import numpy as np
import torch
from student import PAIRS

from bot.embeddings.encoder import pair_rows
from bot.text.normalise import normalise
from bot.text.pinyin import syllable

#: A character of fewer texts than this has no row of its own.
RAREST = 3
#: Of the texts that are spoiled, how many characters are.
SPOILED = 0.07


class Alphabet:
    """Which row each character and sound has."""

    def __init__(self, characters: Sequence[str], sounds: Sequence[str]) -> None:
        self.characters, self.sounds = list(characters), list(sounds)
        self._character = {char: at for at, char in enumerate(self.characters, 2)}
        self._sound = {sound: at for at, sound in enumerate(self.sounds, 1)}
        alike: dict[str, list[str]] = {}
        for char in self.characters:
            alike.setdefault(syllable(char), []).append(char)
        self._alike = alike

    @classmethod
    def of_texts(cls, texts: Iterable[str]) -> Alphabet:
        """Take the characters of some texts."""
        counted = Counter(char for text in texts for char in set(text))
        characters = sorted(char for char, n in counted.items() if n >= RAREST)
        chinese = (char for char in characters if "\u4e00" <= char <= "\u9fff")
        return cls(characters, sorted(set(map(syllable, chinese))))

    def spoil(self, text: str, chance: random.Random) -> str:
        """Return a text mistyped: other characters of one sound, lost ones, changed places."""
        chars = list(text)
        for at, char in enumerate(chars):
            if chance.random() > SPOILED:
                continue
            what = chance.random()
            if what < 0.6 and "\u4e00" <= char <= "\u9fff":
                chars[at] = chance.choice(self._alike.get(syllable(char), [char]))
            elif what < 0.8:
                chars[at] = ""
            elif at:
                chars[at - 1], chars[at] = chars[at], chars[at - 1]
        return "".join(chars) or text

    def batch(self, texts: Sequence[str]) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
        """Return characters, sounds and pairs, a row a text, zeros behind the shorter ones."""
        longest = max(map(len, texts))
        characters = np.zeros((len(texts), longest), dtype=np.int64)
        sounds = np.zeros_like(characters)
        for at, text in enumerate(texts):
            characters[at, : len(text)] = [self._character.get(char, 1) for char in text]
            sounds[at, : len(text)] = [self._sound.get(syllable(char), 0) for char in text]
        pairs = pair_rows(characters, PAIRS)
        return torch.from_numpy(characters), torch.from_numpy(sounds), torch.from_numpy(pairs)


def plain(text: str) -> str:
    """Return a text in its one form, as messages are when they are read."""
    return normalise(text).text

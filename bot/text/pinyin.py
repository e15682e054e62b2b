"""How characters sound: the pinyin syllable of each, without tone.

People type by sound and dictate: 失业经, 补帖, 创业带款. A view of the text by its sounds reads
them all alike. In the north-east z/zh, c/ch, s/sh and final n/ng fall together as well.
"""

from __future__ import annotations

import json
import re
import unicodedata
from functools import lru_cache
from importlib.util import find_spec
from pathlib import Path

_FLAT = (("zh", "z"), ("ch", "c"), ("sh", "s"))
_NOT_LETTERS = re.compile(r"[^a-z]")


@lru_cache(maxsize=1)
def _table() -> dict[int, str]:
    # Only the table of single characters, without importing the package: the phrases that it
    # loads beside it take 0.4 s and 40 MB.
    package = find_spec("pypinyin")
    if package is None or package.origin is None:
        raise ImportError("pypinyin is not installed")
    file = Path(package.origin).with_name("pinyin_dict.json")
    return {int(k): v for k, v in json.loads(file.read_text(encoding="utf-8")).items()}


@lru_cache(maxsize=30000)
def syllable(char: str) -> str:
    """Return the sound of a character (金 and 经 are both `jin`); of another one, itself."""
    readings = _table().get(ord(char))
    if not readings:
        return char
    plain = _NOT_LETTERS.sub("", unicodedata.normalize("NFD", readings.split(",")[0]))
    for retroflex, flat in _FLAT:
        if plain.startswith(retroflex):
            plain = flat + plain[2:]
    return plain[:-1] if plain.endswith("ng") else plain


@lru_cache(maxsize=30000)
def _sign(char: str) -> str:
    """Return one private-use character that stands for a character's sound."""
    sound = syllable(char)
    if sound == char:
        return char
    # Letters a–z in base 27, at most six of them: distinct for every syllable, stable over runs.
    number = 0
    for letter in sound:
        number = number * 27 + ord(letter) - 96
    return chr(0xF0000 + number % 0xFFF0)


def sounds(text: str) -> str:
    """Return a text of the same length in which characters that sound alike are the same."""
    return "".join(map(_sign, text))

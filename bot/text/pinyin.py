"""Pinyin syllables of characters, without tone.

People type by sound and dictate: 失业经, 补帖, 创业带款. A view of the text by its sounds reads
them all alike. In the north-east z/zh, c/ch, s/sh and final n/ng fall together as well.
"""

from __future__ import annotations

import csv
import json
import re
import unicodedata
from importlib.util import find_spec
from itertools import product
from pathlib import Path

from bot.caches import process_cache
from bot.settings import settings

_FLAT = (("zh", "z"), ("ch", "c"), ("sh", "s"))
#: Names have at most six characters; of one with more of these than this nothing is gained.
MAX_POLYPHONES = 3
_NOT_LETTERS = re.compile(r"[^a-z]")


@process_cache(size=1)
def _table() -> dict[int, str]:
    # Only the table of single characters, without importing the package: the phrases that it
    # loads with it take 0.4 s and 40 MB.
    package = find_spec("pypinyin")
    if package is None or package.origin is None:
        raise ImportError("pypinyin is not installed")
    file = Path(package.origin).with_name("pinyin_dict.json")
    return {int(k): v for k, v in json.loads(file.read_text(encoding="utf-8")).items()}


@process_cache(size=30000)
def syllable(char: str) -> str:
    """Return the sound of a character (金 and 经 are both `jin`); of another one, itself."""
    readings = _table().get(ord(char))
    if not readings:
        return char
    return flat(readings.split(",")[0])


def flat(reading: str) -> str:
    """Return a reading with tone marks (zhǎng) as people here say it (`zan`)."""
    plain = _NOT_LETTERS.sub("", unicodedata.normalize("NFD", reading))
    for retroflex, flat in _FLAT:
        if plain.startswith(retroflex):
            plain = flat + plain[2:]
    return plain[:-1] if plain.endswith("ng") else plain


@process_cache(size=30000)
def _sign(char: str) -> str:
    """Return one private-use character that stands for a character's sound."""
    sound = syllable(char)
    return char if sound == char else _sign_of(sound)


def _sign_of(sound: str) -> str:
    # Letters a–z in base 27, at most six of them: distinct for every syllable, stable over runs.
    number = 0
    for letter in sound:
        number = number * 27 + ord(letter) - 96
    return chr(0xF0000 + number % 0xFFF0)


def sounds(text: str) -> str:
    """Return a text of the same length in which characters that sound alike are the same."""
    return "".join(map(_sign, text))


@process_cache(size=1)
def _polyphones() -> dict[str, tuple[str, ...]]:
    """Return, of the characters read in more than one way, the signs of all their sounds."""
    file = settings().data_file("vocab", "polyphones.csv")
    if not file.exists():  # before it is made
        return {}
    with file.open(encoding="utf-8", newline="") as lines:
        return {
            row["char"]: tuple(map(_sign_of, row["readings"].split()))
            for row in csv.DictReader(lines)
        }


def all_sounds(text: str) -> list[str]:
    """Return a text's sounds in every way in which it can be read: 会计 is hui ji and kuai ji.

    A text of more such characters than MAX_POLYPHONES is read in its first way only.
    """
    several = _polyphones()
    if sum(char in several for char in text) > MAX_POLYPHONES:
        return [sounds(text)]
    return ["".join(way) for way in product(*(several.get(c) or (_sign(c),) for c in text))]

"""Ordinary characters for those that PDF writers, typesetters and web pages put in their place.

Punctuation of full width stays: a law is kept word for word.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from pathlib import Path

from bot.caches import process_cache
from bot.settings import settings

#: Blocks whose compatibility mapping (NFKC) is the ordinary character: Kangxi radicals,
#: ideographs kept for old codes, vertical and small forms, ligatures.
_BLOCKS = ((0x2F00, 0x2FD5), (0xF900, 0xFAFF), (0x2F800, 0x2FA1F), (0xFB00, 0xFB06))
_FORMS = ((0xFE10, 0xFE19), (0xFE30, 0xFE4F), (0xFE50, 0xFE6B))
#: Digits, letters and a few signs of full width; ，：；（）？！ are left.
_WIDE = "％＋－．／＝＆＠＃＊＜＞｜" + "".join(
    chr(code)
    for first, last in ((0xFF10, 0xFF19), (0xFF21, 0xFF3A), (0xFF41, 0xFF5A))
    for code in range(first, last + 1)
)
#: ASCII marks that vertical and small forms become, as Chinese writes them.
_CHINESE_MARKS = str.maketrans(",:;!?()", "，：；！？（）")
_INVISIBLE = re.compile(
    "[\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180e\u200b-\u200f\u202a-\u202e"
    "\u2060-\u206f\ufe00-\ufe0f\ufeff\ufff9-\ufffb\U000e0000-\U000e0fff"
    "\x00-\x08\x0e-\x1b\x7f\x80-\x84\x86-\x9f]"
)
_SPACES = re.compile("[\u00a0\u1680\u2000-\u200a\u202f\u205f\ue5e5]")
_BREAKS = re.compile("\r\n|[\r\v\u0085\u2028\u2029\x1c-\x1f]")
#: A circle or a letter O between Chinese numerals is a zero.
_NUMERAL = "零〇一二三四五六七八九十百千"
_ZERO = re.compile(rf"(?<=[{_NUMERAL}])[○◯OＯ〇](?=[{_NUMERAL}○◯条章节年])")


def ordinary(text: str) -> str:
    """Return a text in ordinary characters, without invisible ones; lines end in a line feed.

    Form feeds stay: they part pages.
    """
    text = _BREAKS.sub("\n", text)
    text = _SPACES.sub(" ", _INVISIBLE.sub("", text))
    return _ZERO.sub("〇", text.translate(_table()))


@process_cache(size=1)
def _table() -> dict[int, str]:
    table = {code: _nfkc(code) for first, last in _BLOCKS for code in range(first, last + 1)}
    for first, last in _FORMS:
        table |= {
            code: _nfkc(code).translate(_CHINESE_MARKS)
            for code in range(first, last + 1)
            if not _nfkc(code).startswith(" ")
        }
    table |= {ord(char): _nfkc(ord(char)) for char in _WIDE}
    # ㈠ is （一）: the brackets of full width, as the items of laws have them.
    table |= {code: f"（{_nfkc(code)[1:-1]}）" for code in range(0x3220, 0x322A)}
    return table | {ord(char): plain for char, plain in listed().items()}


def _nfkc(code: int) -> str:
    return unicodedata.normalize("NFKC", chr(code))


@process_cache(size=2)
def listed(data: Path | None = None) -> Mapping[str, str]:
    """Return the characters of data/law/characters.txt with what each stands for.

    Raises ValueError with file and line when a line is not a code and a character.
    """
    file = (data or settings().data) / "law" / "characters.txt"
    replacements: dict[str, str] = {}
    for number, line in enumerate(file.read_text("utf-8").splitlines(), 1):
        fields = line.split("#")[0].split()
        if not fields:
            continue
        if len(fields) != 2 or len(fields[1]) != 1 or not re.fullmatch("[0-9A-F]{4,5}", fields[0]):
            raise ValueError(f"{file}:{number}: is no code and character")
        replacements[chr(int(fields[0], 16))] = fields[1]
    return replacements

"""Make data/vocab/polyphones.csv: the characters of names that are read in more than one way.

Counted over pypinyin's phrases: a reading that is as rare as 车 `ju` (chess) is left out. Run it
again when data/vocab has new names: `python scripts/make_polyphones.py`.
"""

from __future__ import annotations

import csv
from collections import Counter, defaultdict

from pypinyin.phrases_dict import phrases_dict

from bot.settings import settings
from bot.text.pinyin import flat, syllable
from bot.understanding.entity_extractor import message_reader

#: A reading counts when it stands in so many phrases with its character, and in this share.
LEAST, SHARE = 3, 0.015


def readings(characters: set[str]) -> dict[str, list[str]]:
    """Return the readings of the characters that have others than their first."""
    seen: dict[str, Counter[str]] = defaultdict(Counter)
    for phrase, read in phrases_dict.items():
        if len(phrase) == len(read):
            for char, sound in zip(phrase, read, strict=True):
                if char in characters:
                    seen[char][flat(sound[0])] += 1
    found: dict[str, list[str]] = {}
    for char, counted in seen.items():
        least = max(LEAST, SHARE * counted.total())
        every = [syllable(char), *(sound for sound, n in counted.most_common() if n >= least)]
        if len(set(every)) > 1:
            found[char] = list(dict.fromkeys(every))
    return found


def main() -> None:
    """Write the table."""
    file = settings().data / "vocab" / "polyphones.csv"
    with file.open("w", encoding="utf-8", newline="") as out:
        table = csv.writer(out, lineterminator="\n")
        table.writerow(("char", "readings"))
        reader = message_reader()
        names = [*reader.regions.names(), *reader.occupations.names()]
        for char, sounds in sorted(readings(set("".join(names))).items()):
            table.writerow((char, " ".join(sounds)))


if __name__ == "__main__":
    main()

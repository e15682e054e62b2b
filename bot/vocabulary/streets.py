"""Streets, towns and townships of data/vocab/streets.csv, and those that a text names."""

from __future__ import annotations

import csv
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from pathlib import Path

from bot.caches import process_cache
from bot.settings import settings
from bot.text.errors import VocabularyError
from bot.text.pattern_file import patterns
from bot.text.phrase_matcher import Gazetteer
from bot.text.text_span import TextSpan
from bot.vocabulary.vocabulary import vocabulary

_PATTERNS = patterns("streets")
#: What people write for 街道: 兴华街道办, 兴华办事处.
_STREET_UNITS = ("街道", "街道办", "街道办事处", "办事处")
#: The shortest name that counts without its unit (三台子); shorter ones are everyday words.
_MIN_BARE_CHARS = 3


@dataclass(frozen=True)
class Street:
    """A street, town or township."""

    code: str
    """Nine digits of the statistical code."""
    name: str
    """Official: 兴华街道."""
    district: str
    """GB/T 2260 code of the district or county that it lies in."""


@dataclass(frozen=True)
class _Name:
    """A name that streets are called by."""

    districts: tuple[str, ...]
    bare: bool
    """True for a name without its unit."""


class StreetReader:
    """Reads streets with one list of them."""

    def __init__(self, listed: tuple[Street, ...], regions: Collection[str] = ()) -> None:
        """`regions` are names of districts: none of them is a street without its unit."""
        self._bare: dict[str, set[str]] = {}
        self._full: dict[str, set[str]] = {}
        for street in listed:
            for name, bare in _names(street.name):
                if bare and name in regions:
                    continue  # 兴隆台
                names = self._bare if bare else self._full
                names.setdefault(name, set()).add(street.district)
        entries = {name: _Name(tuple(sorted(codes)), True) for name, codes in self._bare.items()}
        entries |= {name: _Name(tuple(sorted(codes)), False) for name, codes in self._full.items()}
        self._gazetteer = Gazetteer(entries.items())

    def read(self, text: str) -> list[TextSpan[tuple[str, ...]]]:
        """Return the streets that a normalised text names, each with the districts it may be in."""
        return [
            TextSpan(hit.value.districts, hit.start, hit.end, hit.text)
            for hit in self._gazetteer.find(text)
            if self._is_street(text, hit)
        ]

    @staticmethod
    def _is_street(text: str, hit: TextSpan[_Name]) -> bool:
        preceding, following = text[: hit.start], text[hit.end :]
        if not hit.value.bare:
            return _PATTERNS["no_street_after"].match(following) is None
        near = _PATTERNS["before_bare"].search(preceding) or not preceding.strip()
        return bool(near and _PATTERNS["after_bare"].match(following))


def _names(name: str) -> Iterator[tuple[str, bool]]:
    """Yield what a street is called, and whether that lacks its unit."""
    yield name, False
    short = _PATTERNS["peoples"].sub("", name)  # 东陵满族乡 is 东陵乡, too
    if short != name and len(short) > 2:
        yield short, False
    stem = _PATTERNS["unit"].sub("", name)
    if name.endswith("街道"):
        for unit in _STREET_UNITS[1:]:
            yield stem + unit, False
    if stem != name and len(stem) >= _MIN_BARE_CHARS:
        yield stem, True


def streets() -> tuple[Street, ...]:
    """Return the streets of data/vocab/streets.csv. Raises VocabularyError."""
    return _streets(settings().data_file("vocab", "streets.csv"))


@process_cache(size=2)
def _streets(file: Path) -> tuple[Street, ...]:
    listed = []
    with file.open(encoding="utf-8", newline="") as rows:
        for number, row in enumerate(csv.reader(rows), 1):
            if number == 1:
                continue
            try:
                listed.append(Street(*row))
            except TypeError:
                text = ",".join(row)
                raise VocabularyError(file, number, "name", text, "is no street") from None
    return tuple(listed)


def street_reader() -> StreetReader:
    """Return the reader of the streets of data/vocab/streets.csv."""
    return _street_reader(settings().data_file("vocab", "streets.csv"))


@process_cache(size=2)
def _street_reader(file: Path) -> StreetReader:
    home = settings().home_region[:2]
    names = {r.name[:-1] for r in vocabulary().regions.values() if r.code[:2] == home}
    return StreetReader(_streets(file), names)

"""The vocabulary of data/vocab: regions and occupations with the names people use."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from bot.caches import process_cache
from bot.settings import settings
from bot.text.errors import VocabularyError
from bot.yaml_files import read_yaml

_REGION_CODE = re.compile(r"\d{6}")
_OCCUPATION_CODE = re.compile(r"[1-8]-\d\d-\d\d-\d\d")


@dataclass(frozen=True)
class Region:
    """A province, city or district."""

    code: str
    name: str
    level: int
    """1 province, 2 city (or a county that a province rules directly), 3 district or county."""
    parent: str | None


@dataclass(frozen=True)
class Occupation:
    """An occupation of the vocabulary."""

    name: str
    code: str
    family: str
    aliases: tuple[str, ...]


class Vocabulary:
    """Regions and occupations, by code and by name."""

    def __init__(self, folder: Path) -> None:
        self.regions = {region.code: region for region in _regions(folder / "regions.csv")}
        self.region_aliases = list(_region_names(folder / "region_names.csv", self.regions))
        listed = [
            *_occupations(folder / "occupations.yml"),
            *_official_occupations(folder / "occupations-2022.csv"),
        ]
        self.occupations: dict[str, Occupation] = {}
        for occupation in listed:
            self.occupations.setdefault(occupation.name, occupation)
        self.trade_verbs = _trade_verbs(folder / "trade_verbs.yml", self.occupations)
        self.trade_contexts = _trade_contexts(folder / "trade_contexts.yml", self.occupations)
        """By a name: the words next to which it means another trade, and that trade."""
        self._covers = _covers(folder / "covers.yml", self.occupations)
        self._covered_by: dict[str, list[str]] = {}
        for general, special in self._covers.items():
            for name in special:
                self._covered_by.setdefault(name, []).append(general)
        self.with_care = _with_care(folder / "words_with_care.yml")
        self._children: dict[str, list[str]] = {}
        for region in self.regions.values():
            if region.parent:
                self._children.setdefault(region.parent, []).append(region.code)
        self._near = _neighbours(folder / "neighbours.csv", self.regions)

    def name(self, code: str) -> str:
        """Return a region's own name: 铁西区. KeyError for an unknown code."""
        return self.regions[code].name

    def full_name(self, code: str) -> str:
        """Return a region's name with its city: 沈阳市铁西区; provinces of others are named too."""
        region = self.regions[code]
        above = self.regions.get(region.parent or "")
        if region.level == 3 and above:
            return above.name + region.name
        return region.name

    def city_of(self, code: str) -> str | None:
        """Return the city a region lies in (itself for a city), None for a province."""
        region = self.regions.get(code)
        while region and region.level > 2:
            region = self.regions.get(region.parent or "")
        return region.code if region and region.level == 2 else None

    def province_of(self, code: str) -> str:
        """Return the code of the province a region lies in."""
        return code[:2] + "0000"

    def children(self, code: str) -> list[str]:
        """Return the codes of the regions directly under one."""
        return self._children.get(code, [])

    def is_within(self, code: str, region: str) -> bool:
        """Tell whether a region is another one or lies in it."""
        current: str | None = code
        while current:
            if current == region:
                return True
            current = self.regions[current].parent if current in self.regions else None
        return False

    def neighbours(self, code: str) -> list[str]:
        """Return the other districts of a district's city, or the cities around a city."""
        region = self.regions[code]
        if region.level == 3 and region.parent:
            return [other for other in self.children(region.parent) if other != code]
        return self._near.get(code, [])

    def covered(self, occupations: Iterable[str]) -> tuple[str, ...]:
        """Return occupations with the special ones that each covers: 司机 covers 货车司机."""
        general_names = tuple(occupations)
        special = (
            special_name for name in general_names for special_name in self._covers.get(name, ())
        )
        return tuple(dict.fromkeys((*general_names, *special)))

    def general(self, occupation: str) -> Sequence[str]:
        """Return the occupations that cover another one, without itself."""
        return self._covered_by.get(occupation, ())

    def words(self) -> Iterator[str]:
        """Yield all names, for a segmenter's dictionary."""
        for region in self.regions.values():
            yield region.name
        for occupation in self.occupations.values():
            yield occupation.name
            yield from occupation.aliases


def _rows(file: Path, fields: tuple[str, ...]) -> Iterator[tuple[int, dict[str, str]]]:
    with file.open(encoding="utf-8", newline="") as lines:
        for number, row in enumerate(csv.DictReader(lines), 2):
            for field in fields:
                if not row.get(field):
                    raise VocabularyError(file, number, field, "", "is missing")
            yield number, row


def _regions(file: Path) -> Iterator[Region]:
    codes: set[str] = set()
    for number, row in _rows(file, ("code", "name", "level")):
        code, parent = row["code"], row["parent"] or None
        if not _REGION_CODE.fullmatch(code) or code in codes:
            raise VocabularyError(file, number, "code", code, "no new code of six digits")
        if parent and parent not in codes:
            raise VocabularyError(file, number, "parent", parent, "is not a region above")
        codes.add(code)
        yield Region(code, row["name"], int(row["level"]), parent)


def _region_names(file: Path, regions: dict[str, Region]) -> Iterator[tuple[str, str]]:
    for number, row in _rows(file, ("alias", "code")):
        if row["code"] not in regions:
            raise VocabularyError(file, number, "code", row["code"], "is no region")
        yield row["alias"], row["code"]


def _occupations(file: Path) -> Iterator[Occupation]:
    for family, members in read_yaml(file).items():
        for name, description in members.items():
            code, *aliases = description.split()
            if not _OCCUPATION_CODE.fullmatch(code):
                lines = enumerate(file.read_text(encoding="utf-8").splitlines(), 1)
                line = next(number for number, text in lines if text.startswith(f"  {name}:"))
                raise VocabularyError(file, line, name, code, "is no code of 职业分类大典")
            yield Occupation(name, code, family, tuple(a.replace("_", " ") for a in aliases))


def _official_occupations(file: Path) -> Iterator[Occupation]:
    for number, row in _rows(file, ("name", "code", "family")):
        if not _OCCUPATION_CODE.fullmatch(row["code"]):
            raise VocabularyError(file, number, "code", row["code"], "is no code of 职业分类大典")
        yield Occupation(row["name"], row["code"], row["family"], ())


def _trade_verbs(file: Path, occupations: dict[str, Occupation]) -> dict[str, tuple[str, ...]]:
    content: dict[str, str] = read_yaml(file)
    for line, (verb, name) in enumerate(content.items(), 2):
        if name not in occupations:
            raise VocabularyError(file, line, verb, name, "is no occupation")
    return {verb: (name,) for verb, name in content.items()}


def _trade_contexts(
    file: Path, occupations: dict[str, Occupation]
) -> dict[str, tuple[re.Pattern[str], tuple[str, ...]]]:
    content: dict[str, dict[str, str]] = read_yaml(file)
    for line, (name, context) in enumerate(content.items(), 3):
        if context["is"] not in occupations:
            raise VocabularyError(file, line, name, context["is"], "is no occupation")
    return {name: (re.compile(entry["beside"]), (entry["is"],)) for name, entry in content.items()}


def _covers(file: Path, occupations: dict[str, Occupation]) -> dict[str, tuple[str, ...]]:
    content: dict[str, str] = read_yaml(file)
    covers = {general: tuple(special.split()) for general, special in content.items()}
    for line, (general, special) in enumerate(covers.items(), 3):
        for name in (general, *special):
            if name not in occupations:
                raise VocabularyError(file, line, general, name, "is no occupation")
    return covers


def _with_care(file: Path) -> dict[str, frozenset[str]]:
    content: dict[str, str] = read_yaml(file)
    return {name: frozenset(words.split()) for name, words in content.items()}


def _neighbours(file: Path, regions: dict[str, Region]) -> dict[str, list[str]]:
    neighbours: dict[str, list[str]] = {}
    for number, row in _rows(file, ("code", "near")):
        for code in (row["code"], *row["near"].split()):
            if code not in regions:
                raise VocabularyError(file, number, "near", code, "is no region")
        neighbours[row["code"]] = row["near"].split()
    return neighbours


@process_cache(size=4)
def vocabulary(folder: Path | None = None) -> Vocabulary:
    """Return the vocabulary of a data folder (default: the settings')."""
    return Vocabulary((folder or settings().data) / "vocab")

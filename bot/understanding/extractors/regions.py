"""Regions that a text names; an ambiguous name (铁西) has all its candidates.

Free messages prefer Liaoning; fields of postings treat all provinces alike.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from bot.text.fuzzy_names import NearNames
from bot.text.pattern_file import patterns
from bot.text.phrase_matcher import Gazetteer
from bot.text.text_span import TextSpan
from bot.vocabulary.vocabulary import Region, Vocabulary

#: The province that a bare name is looked for in first.
HOME_PROVINCE = "210000"
_PATTERNS = patterns("regions")
_UNIT_END = ("省", "市", "区", "县", "旗", "盟", "州")


@dataclass(frozen=True)
class RegionMention:
    """A place that a text names."""

    codes: tuple[str, ...]
    """Candidates: one code when it is certain."""
    name: str
    """As it is called: the official name when it is certain, else the words used."""

    @property
    def code(self) -> str | None:
        """Return the code when only one is possible."""
        return self.codes[0] if len(self.codes) == 1 else None


class RegionReader:
    """Reads places with one vocabulary."""

    def __init__(self, words: Vocabulary) -> None:
        self._words = words
        self._every: dict[str, list[str]] = {}
        self._home: dict[str, list[str]] = {}
        for region in words.regions.values():
            for name in _names(region):
                self._every.setdefault(name, []).append(region.code)
                if region.code[:2] == HOME_PROVINCE[:2] or region.level < 3 or name == region.name:
                    self._home.setdefault(name, []).append(region.code)
        for alias, code in words.region_aliases:
            for names in (self._every, self._home):
                names[alias] = [code]

    @cached_property
    def _gazetteer(self) -> Gazetteer[tuple[str, ...]]:
        """Names in messages; an import, which reads fields alone, does without."""
        return Gazetteer((name, tuple(codes)) for name, codes in self._home.items())

    @cached_property
    def _mistyped_names(self) -> NearNames[tuple[str, ...]]:
        return NearNames(
            (
                (name, tuple(codes))
                for name, codes in self._home.items()
                if name not in self._words.with_care["place_words"]
                and any(code[:2] == HOME_PROVINCE[:2] for code in codes)
            ),
            _PATTERNS["mistyped_before"].pattern,
            _PATTERNS["mistyped_after"].pattern,
            self._words.with_care["sound_like_names"],
        )

    def names(self) -> Iterator[str]:
        """Yield every name that a message can call a place by."""
        yield from self._home

    def read(
        self, text: str, *, reference_region: str | None = None
    ) -> list[TextSpan[RegionMention]]:
        """Return the places of a normalised message; `reference_region` is one known already."""
        exact = self._gazetteer.find(text)
        mistyped = self._mistyped_names.find(text, [(hit.start, hit.end) for hit in exact])
        hits = sorted(
            [*(hit for hit in exact if self._is_place(text, hit)), *mistyped],
            key=lambda hit: hit.start,
        )
        joined: list[TextSpan[tuple[str, ...]]] = []
        for hit in hits:
            joint = joined and _PATTERNS["joint"].match(text[joined[-1].end : hit.start])
            narrowed = joint and self._narrow(joined[-1].value, hit.value)
            if narrowed:
                start = joined.pop().start
                joined.append(TextSpan(narrowed, start, hit.end, text[start : hit.end]))
            elif not (joint and _PATTERNS["named_after_place"].match(text, hit.end)):
                joined.append(hit)
        return [self._mention(place, reference_region) for place in joined]

    def field(self, place: str, district: str = "") -> RegionMention | None:
        """Read the place of a posting (沈阳·铁西区, 广州-天河区); None when it names none."""
        text = f"{place} {district}" if district and district not in place else place
        parts = [part for part in re.split(r"[·\-—/|,，、\s()（）>]", text) if part]
        candidates = [codes for part in parts for codes in self._split(part)]
        if not candidates:
            return None
        best = candidates[0]
        for codes in candidates[1:]:
            best = self._narrow(best, codes) or best
        preferred = _of_level(best, self._words, 2) or best
        return RegionMention(preferred, self._words.name(preferred[0]))

    def _split(self, part: str) -> Iterator[tuple[str, ...]]:
        """Yield what the pieces of one word of a field can mean: 辽宁大连 is two."""
        start = 0
        while start < len(part):
            for end in range(len(part), start + 1, -1):
                name = part[start:end]
                if name in self._every:
                    street = _street_behind(name, part, end, _PATTERNS["street_of_field"])
                    if street is None:
                        yield tuple(self._every[name])
                    start = street or end
                    break
            else:
                start += 1

    def _narrow(self, outer: tuple[str, ...], inner: tuple[str, ...]) -> tuple[str, ...]:
        """Return those of two mentions side by side that lie in the other one."""
        within = self._words.is_within
        down = tuple(code for code in inner if any(within(code, out) for out in outer))
        return down or tuple(code for code in outer if any(within(code, i) for i in inner))

    def _is_place(self, text: str, hit: TextSpan[tuple[str, ...]]) -> bool:
        if hit.text in self._words.with_care["plain_words"]:
            return False
        if _street_behind(hit.text, text, hit.end, _PATTERNS["street"]) is not None:
            return False
        behind_unit = text[max(0, hit.start - 1) : hit.start] in ("区", "县", "市")
        if behind_unit and text.startswith("街道", hit.end):  # 普兰店区铁西街道
            return False
        if hit.text not in self._words.with_care["place_words"]:
            return not (hit.text in ("海南", "河南") and text[hit.end : hit.end + 1] == "岛")
        if _PATTERNS["no_place_after"].match(text[hit.end :]):
            return False
        preceding = text[: hit.start]
        behind_place = any(preceding.endswith(name) for name in self._cities(preceding))
        return behind_place or bool(_PATTERNS["place_before"].search(preceding))

    def _cities(self, text: str) -> Iterator[str]:
        """Yield the names of regions that a text ends with."""
        for length in (2, 3, 4):
            if text[-length:] in self._home:
                yield text[-length:]

    def _mention(
        self, hit: TextSpan[tuple[str, ...]], reference_region: str | None
    ) -> TextSpan[RegionMention]:
        codes = self._preferred(hit.value, reference_region)
        name = self._words.name(codes[0]) if len(codes) == 1 else hit.text
        return TextSpan(RegionMention(codes, name), hit.start, hit.end, hit.text)

    def _preferred(self, codes: tuple[str, ...], reference_region: str | None) -> tuple[str, ...]:
        """Prefer the home province, then the city known, then the city over its districts."""
        home = tuple(code for code in codes if code[:2] == HOME_PROVINCE[:2]) or codes
        if reference_region:
            city = self._words.city_of(reference_region)
            close = tuple(code for code in home if city and self._words.is_within(code, city))
            home = close or home
        return _of_level(home, self._words, 2) or _of_level(home, self._words, 1) or home


def _street_behind(name: str, text: str, end: int, street: re.Pattern[str]) -> int | None:
    """Return the end of a street that is named after a place; None when it is no street."""
    if len(name) > 2 and name.endswith(_UNIT_END):
        return None
    hit = street.match(text, end)
    return hit.end() if hit else None


def _of_level(codes: tuple[str, ...], words: Vocabulary, level: int) -> tuple[str, ...]:
    return tuple(code for code in codes if words.regions[code].level == level)


def _names(region: Region) -> list[str]:
    """Return a region's name and the short one: 沈阳市 and 沈阳, but 和县 stays whole."""
    short = _PATTERNS["unit_suffix"].sub("", region.name)
    short = _PATTERNS["nationalities"].sub("", short) or short
    return [region.name] if len(short) < 2 or short == region.name else [region.name, short]

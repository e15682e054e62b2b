"""Region of an address: the district that it states, or that of the street that it names."""

from __future__ import annotations

from collections.abc import Iterable

from bot.understanding.entity_extractor import message_reader
from bot.vocabulary.streets import street_reader
from bot.vocabulary.vocabulary import vocabulary

_DISTRICT_LEVEL = 3


def region_of_address(text: str) -> str | None:
    """Return the code of the narrowest region of a normalised address; None when uncertain.

    What stands behind the street is no region: 新华街道和平社区 lies in no 和平区.
    """
    streets = street_reader().read(text)
    if not streets:
        return _narrowest(text)[0]
    stated, outer = _narrowest(text[: streets[0].start])
    if stated and _level(stated) == _DISTRICT_LEVEL:
        return stated
    districts = districts_within(streets[0].value, outer)
    if len(districts) == 1:
        return districts[0]
    return stated if districts else _narrowest(text)[0]  # 沈阳铁西街道 is none of Shenyang's names


def _narrowest(text: str) -> tuple[str | None, tuple[str, ...]]:
    """Return the narrowest certain region that a text names, and what its last one may be."""
    mentions = [span.value for span in message_reader().regions.read(text)]
    stated = max((m.code for m in mentions if m.code), key=_level, default=None)
    return stated, mentions[-1].codes if mentions else ()


def districts_within(districts: Iterable[str], regions: Iterable[str]) -> tuple[str, ...]:
    """Return those districts that lie in one of some regions; all of them where none is given."""
    outer = tuple(regions)
    return tuple(
        code
        for code in districts
        if not outer or any(vocabulary().is_within(code, region) for region in outer)
    )


def _level(code: str) -> int:
    return vocabulary().regions[code].level

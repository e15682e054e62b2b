"""Cells of offices' sheets read as values: days, times, sums, ages, regions, trades, points."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, time

from bot.places.addresses import region_of_address
from bot.places.coordinates import Point, from_gcj
from bot.text.normalise import normalise
from bot.text.pattern_file import patterns
from bot.understanding.entity_extractor import message_reader
from bot.vocabulary.vocabulary import vocabulary
from bot.wording import wording

_SAY = wording("listing_cells")

_PATTERNS = patterns("listing_cells")
#: Level of a district or county among regions.
_DISTRICT_LEVEL = 3
_DATE, _SUM = _PATTERNS["date"], _PATTERNS["sum"]


class CellError(ValueError):
    """A cell cannot be read; the message says in Chinese what it holds."""


def plain(text: str) -> str:
    """Return a text without width and with one kind of dash."""
    return re.sub(r"[–—－―~〜]", "-", unicodedata.normalize("NFKC", text)).strip()


def day(text: str) -> date:
    """Return the first day that a cell states. Raises CellError."""
    hit = _DATE.search(plain(text))
    if hit is None:
        raise CellError(_SAY("date_without_year", text=text))
    try:
        return date(*(int(part) for part in hit.groups()))
    except ValueError:
        raise CellError(_SAY("not_a_date", text=text)) from None


def days(text: str) -> list[date]:
    """Return all days that a cell states, each once. Raises CellError where it states none."""
    texts = [hit.group() for hit in _DATE.finditer(plain(text))]
    if not texts:
        raise CellError(_SAY("no_date_with_year", text=text))
    return list(dict.fromkeys(day(date_text) for date_text in texts))


def times(text: str) -> tuple[time, time]:
    """Return when something begins and ends on a day. Raises CellError."""
    hit = _PATTERNS["times"].search(plain(_DATE.sub(" ", plain(text))))
    if hit is None:
        raise CellError(_SAY("not_a_time_span", text=text))
    first = _time(hit[1], hit[2], hit[3])
    last = _time(hit[4] or hit[1], hit[5], hit[6])
    if last <= first and last.hour < 12:
        last = time(last.hour + 12, last.minute)
    if last <= first:
        raise CellError(_SAY("ends_before_begin", text=text))
    return first, last


def _time(half: str | None, hour: str, minute: str | None) -> time:
    hours = int(hour) + (12 if half in ("下午", "晚", "晚上") and int(hour) < 12 else 0)
    minutes = 30 if minute == "半" else int(minute or 0)
    if hours > 23 or minutes > 59:
        raise CellError(_SAY("not_a_time", hour=hour, minute=minute))
    return time(hours, minutes)


def number(text: str) -> int:
    """Return the whole number that a cell begins with: 60余家 is 60. Raises CellError."""
    hit = re.match(r"\D{0,4}(\d{1,7})", plain(text).replace(",", ""))
    if hit is None:
        raise CellError(_SAY("not_a_number", text=text))
    return int(hit[1])


def fee(text: str) -> int | None:
    """Return a fee in yuan: 0 for what is free, None for what is not plainly one sum."""
    cell_text = plain(text).replace(",", "")
    if _PATTERNS["free"].search(cell_text):
        return 0
    hit = _SUM.fullmatch(cell_text)
    return int(hit[1]) if hit else None


def amount(text: str) -> int:
    """Return a sum in yuan. Raises CellError."""
    hit = _SUM.fullmatch(_PATTERNS["per_person"].sub("", plain(text).replace(",", "")))
    if hit is None:
        raise CellError(_SAY("not_a_sum", text=text))
    return int(hit[1])


def ages(text: str) -> tuple[int | None, int | None]:
    """Return the least and the greatest age that a text states."""
    cell_text = plain(text)
    between = _PATTERNS["ages_between"].search(cell_text)
    if between:
        return int(between[1]), int(between[2])
    lowest = _PATTERNS["age_from"].search(cell_text)
    highest = _PATTERNS["age_up_to"].search(cell_text)
    return (
        int(lowest[1] or lowest[2]) if lowest else None,
        int(highest[1] or highest[2]) if highest else None,
    )


def quarter(text: str) -> str:
    """Return a quarter as 2026Q4. Raises CellError."""
    hit = _PATTERNS["quarter"].search(plain(text))
    if hit is None:
        raise CellError(_SAY("not_a_quarter", text=text))
    return f"{hit[1]}Q{'一二三四'.find(hit[2]) + 1 or int(hit[2])}"


def region(cells: Mapping[str, str], home: str) -> str:
    """Return the code of the narrowest region that a row states. Raises CellError.

    City and district come first; what they leave open the address says, by its district or its
    street, then the title.
    """
    place_names = cells.get("city", "") + cells.get("district", "")
    address = cells.get("street", "") + cells.get("address", "")
    field = message_reader().regions.field(cells.get("city", ""), cells.get("district", ""))
    stated = (field.code if field else None) or region_of_address(normalise(place_names).text)
    for text in (place_names + address, place_names + cells.get("title", "")):
        if stated and vocabulary().regions[stated].level == _DISTRICT_LEVEL:
            break
        narrower = region_of_address(normalise(text).text)
        if narrower and (stated is None or vocabulary().is_within(narrower, stated)):
            stated = narrower
    if stated and stated[:2] == home[:2] and vocabulary().regions[stated].level > 1:
        return stated
    raise CellError(_SAY("region_uncertain", text=place_names or cells.get("address", "")))


def occupation_in(text: str) -> str | None:
    """Return the occupation of the vocabulary that a trade's words name first, if any."""
    spans = message_reader().occupations.read(normalise(text).text)
    return str(spans[0].value[0]) if spans else None


@dataclass(frozen=True)
class StatedPoint:
    """A point that a row states, or why it is not used."""

    point: Point | None
    note: str = ""


def place(cells: Mapping[str, str]) -> StatedPoint:
    """Return the point of a row; it must say in which datum its numbers are."""
    if not cells.get("lat") or not cells.get("lon"):
        return StatedPoint(None)
    try:
        lat, lon = float(cells["lat"]), float(cells["lon"])
    except ValueError:
        return StatedPoint(None, _SAY("point_is_no_number"))
    if not (38 <= lat <= 44 and 118 <= lon <= 126):
        return StatedPoint(None, _SAY("point_outside_liaoning"))
    datum = cells.get("datum", "")
    if _PATTERNS["gcj_datum"].search(datum):
        return StatedPoint(from_gcj(lat, lon))
    if _PATTERNS["wgs_datum"].search(datum):
        return StatedPoint(Point(lat, lon))
    return StatedPoint(None, _SAY("datum_missing"))

"""Codes and names of areas: province 21, city 2101, district 210106, street, community."""

from __future__ import annotations

import re
from collections.abc import Mapping

from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from bot.db.tables import Locality, Region
from bot.vocabulary.streets import streets

#: Digits of a code by the level of its area.
DIGITS = {"province": 2, "city": 4, "district": 6, "street": 9, "community": 12}
_LEVELS = {digits: level for level, digits in DIGITS.items()}
_LOCALITY_LEVELS = {9: 4, 12: 5}
_CODE = re.compile(r"\d{2}(\d{2}(\d{2}(\d{3}(\d{3})?)?)?)?")
#: Sorts after every digit: the end of the range of codes that begin with a prefix.
AFTER_DIGITS = ":"


def area_of_region(code: str) -> str:
    """Return the area of a GB/T 2260 code of six digits: 210000 is 21, 210106 is itself."""
    while code.endswith("00") and len(code) > 2:
        code = code[:-2]
    return code


def region_of_area(area: str) -> str:
    """Return the GB/T 2260 code of the district, city or province that an area lies in or is."""
    return area[:6].ljust(6, "0")


def level_of(area: str) -> str:
    """Return the level of an area: province, city, district, street or community."""
    return _LEVELS[len(area)]


def is_area(code: str) -> bool:
    """Tell whether a text is of the form of an area's code."""
    return _CODE.fullmatch(code) is not None


def lies_in(area: str, scope: str) -> bool:
    """Tell whether an area lies in another one, or is it."""
    return area.startswith(scope)


def name_of(db: Session, area: str, short: bool = False) -> str:
    """Return an area's name from its city down: 沈阳市铁西区兴华街道; short: its own name alone."""
    names = []
    for digits in (2, 4, 6, 9, 12):
        if len(area) >= digits:
            names.append(_own_name(db, area[:digits]))
    if short or len(names) == 1:
        return names[-1]
    return "".join(names[1:])


def names_of(db: Session, areas: set[str]) -> Mapping[str, str]:
    """Return the own names of some areas; one that is not known has its code for a name."""
    regions = {region_of_area(area): area for area in areas if len(area) <= 6}
    local = [area for area in areas if len(area) > 6]
    names = {area: area for area in areas}
    rows = db.execute(select(Region.code, Region.name).where(Region.code.in_(regions)))
    names.update({regions[code]: name for code, name in rows})
    rows = db.execute(select(Locality.code, Locality.name).where(Locality.code.in_(local)))
    names.update(rows.tuples().all())
    return names


def exists(db: Session, area: str) -> bool:
    """Tell whether there is an area of that code."""
    if not is_area(area):
        return False
    if len(area) <= 6:
        return db.get(Region, region_of_area(area)) is not None
    return db.get(Locality, area) is not None


def children(db: Session, area: str) -> list[tuple[str, str]]:
    """Return the areas directly below one, by code: code and name."""
    if len(area) >= 6:
        rows = select(Locality.code, Locality.name).where(Locality.parent_code == area)
        return [(code, name) for code, name in db.execute(rows.order_by(Locality.code))]
    regions = select(Region.code, Region.name).where(Region.parent_code == region_of_area(area))
    return [(area_of_region(code), name) for code, name in db.execute(regions.order_by("code"))]


def load_localities(db: Session) -> int:
    """Bring the streets of data/vocab/streets.csv into their table; return how many were new."""
    stored = set(db.scalars(select(Locality.code).where(Locality.level == 4)))
    fresh = [
        {
            "code": street.code,
            "name": street.name,
            "level": 4,
            "parent_code": street.district,
        }
        for street in streets()
        if street.code not in stored
    ]
    if fresh:
        db.execute(insert(Locality), fresh)
    return len(fresh)


def add_locality(db: Session, code: str, name: str) -> bool:
    """Add a street or community, or give it its new name; tell whether anything changed."""
    locality = db.get(Locality, code)
    if locality is None:
        parent = code[: {9: 6, 12: 9}[len(code)]]
        level = _LOCALITY_LEVELS[len(code)]
        db.add(Locality(code=code, name=name, level=level, parent_code=parent))
        db.flush()
        return True
    if locality.name == name:
        return False
    locality.name = name
    return True


def _own_name(db: Session, area: str) -> str:
    return names_of(db, {area})[area]

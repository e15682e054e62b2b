"""A row of a file becomes a posting: fields by header, then pay, place, trade… as values."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from typing import Any

from ruamel.yaml import YAML

from bot.jobs.screen import screen
from bot.settings import settings
from bot.text import education, experience, money, work_time
from bot.text.occupations import OccupationReader
from bot.text.regions import RegionReader
from bot.text.vocabulary import vocabulary

#: What a field says when it says nothing.
_NOTHING = frozenset(
    {"无", "-", "--", "nan", "none", "null", "全国", "远程办公", "在家办公", "异地招聘"}
)


class RowError(ValueError):
    """A row that cannot become a posting; the message says which field and why."""


@dataclass(frozen=True)
class Draft:
    """A posting as read from a row, not yet stored."""

    source: str
    given_id: str | None
    """The source's own id, None when it gives none."""
    content_hash: str
    title: str
    employer: str
    industry: str | None
    kind: str | None
    size: str | None
    description: str
    tags: str
    place_text: str
    region_code: str | None
    city_code: str | None
    salary_text: str
    pay: money.Pay | None
    education: str | None
    experience_years: int | None
    work_time: str | None
    published_on: date | None
    warnings: str
    occupations: tuple[str, ...]


@lru_cache(maxsize=1)
def _headers() -> dict[str, list[tuple[str, ...]]]:
    given = YAML(typ="safe").load(
        (settings().data / "vocab" / "posting_headers.yml").read_text("utf-8")
    )
    return {name: [tuple(h.split(".")) for h in headers] for name, headers in given.items()}


def _text(value: Any) -> str:
    """Return a cell as text; lists are joined, a schema.org salary is written out."""
    if value is None:
        return ""
    if isinstance(value, list):
        return ",".join(_text(part) for part in value)
    if isinstance(value, dict):
        return _amount(value) if "value" in value else _text(value.get("name"))
    if isinstance(value, (datetime, date)):
        return value.isoformat()[:10]
    return str(value).strip()


def _amount(salary: Mapping[str, Any]) -> str:
    """Write out schema.org's MonetaryAmount: 4000-6000元/月."""
    value = salary["value"]
    if not isinstance(value, dict):
        return f"{value}元/月"
    unit = {"YEAR": "年", "DAY": "天", "HOUR": "时", "WEEK": "周"}.get(
        str(value.get("unitText")), "月"
    )
    ends = [str(value[key]) for key in ("minValue", "maxValue", "value") if value.get(key)]
    return f"{'-'.join(ends[:2])}元/{unit}" if ends else ""


def fields(row: Mapping[str, Any]) -> dict[str, str]:
    """Return the fields of a row by the headers that data/vocab/posting_headers.yml knows."""
    found: dict[str, str] = {}
    for name, headers in _headers().items():
        for path in headers:
            value: Any = row
            for step in path:
                value = value.get(step) if isinstance(value, Mapping) else None
            text = _text(value)
            if text and text.lower() not in _NOTHING:
                found[name] = text
                break
    return found


class Drafter:
    """Turns rows into drafts; what was read from a title or a place once is kept."""

    def __init__(self) -> None:
        words = vocabulary()
        self._city_of = words.city_of
        reader, regions = OccupationReader(words), RegionReader(words)
        self._occupations = lru_cache(maxsize=50_000)(lambda title: tuple(reader.title(title)))
        self._place = lru_cache(maxsize=20_000)(regions.field)
        self._pay = lru_cache(maxsize=20_000)(money.salary_field)

    def draft(self, row: Mapping[str, Any], source: str) -> Draft:
        """Return a row as a draft. Raises RowError without a title or an employer."""
        given = fields(row)
        title, employer = given.get("title", ""), given.get("employer", "")
        if not title:
            raise RowError("title: is missing")
        if not employer:
            raise RowError("employer: is missing")
        place, district = given.get("place", ""), given.get("district", "")
        region = self._place(place, district) if place or district else None
        code = region.code if region else None
        words = f"{title} {given.get('tags', '')} {given.get('description', '')}"
        return Draft(
            source=given.get("source", source)[:80],
            given_id=given.get("id"),
            content_hash=_hash(given),
            title=title[:200],
            employer=employer[:200],
            industry=_cut(given.get("industry"), 100),
            kind=_cut(given.get("kind"), 40),
            size=_cut(given.get("size"), 40),
            description=given.get("description", ""),
            tags=given.get("tags", ""),
            place_text="·".join(part for part in (place, district) if part)[:100],
            region_code=code,
            city_code=self._city_of(code) if code else None,
            salary_text=given.get("salary", "")[:100],
            pay=self._pay(given.get("salary", "")),
            education=education.field(given.get("education", "")),
            experience_years=experience.field(given.get("experience", "")),
            work_time=work_time.field(
                f"{given.get('work_time', '')} {title} {given.get('tags', '')}"
            ),
            published_on=_day(given.get("published", "")),
            warnings=",".join(screen(words)),
            occupations=self._occupations(title),
        )


def _cut(text: str | None, length: int) -> str | None:
    return text[:length] if text else None


def _hash(given: Mapping[str, str]) -> str:
    return hashlib.sha1(
        json.dumps(given, ensure_ascii=False, sort_keys=True).encode(), usedforsecurity=False
    ).hexdigest()


_DAY = re.compile(r"(\d{4})[-/.年](\d{1,2})(?:[-/.月](\d{1,2}))?")


def _day(text: str) -> date | None:
    hit = _DAY.search(text)
    if not hit:
        return None
    try:
        return date(int(hit[1]), int(hit[2]), int(hit[3] or 1))
    except ValueError:
        return None

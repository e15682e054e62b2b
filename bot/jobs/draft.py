"""A row of a file becomes a posting: fields by header, then pay, place, trade… as values.

What a field does not state is looked for in the text, where the words are plain enough
(学历要求：大专以上, 长白班, 招聘人数：3人).
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache
from typing import Any

from bot.jobs import in_text
from bot.jobs.fields import FieldReader
from bot.jobs.screen import screen
from bot.text import education, experience, headcount, money, shifts, welfare, work_time
from bot.text.families import FamilyReader
from bot.text.occupations import OccupationReader
from bot.text.regions import RegionReader
from bot.text.vocabulary import vocabulary


class RowError(ValueError):
    """A row that cannot become a posting; the message says which field and why."""


@dataclass(frozen=True)
class Stated:
    """What a row states, before anything in it is understood: enough to know the row again."""

    fields: Mapping[str, str]
    source: str
    given_id: str | None
    """The source's own id, None when it gives none."""
    title: str
    employer: str
    place: str
    district: str
    content_hash: str

    @property
    def place_text(self) -> str:
        """The place as it is kept beside its code."""
        return "·".join(part for part in (self.place, self.district) if part)[:100]


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
    family_code: str | None
    """First two levels of the occupation's code, e.g. 4-07."""
    shifts: tuple[str, ...]
    welfare: tuple[str, ...]
    headcount: int | None
    published_on: date | None
    valid_until: date | None
    """The last day it holds; None when neither the row nor the source says."""
    faults: tuple[str, ...]
    """What the screen found in its words."""
    occupations: tuple[str, ...]


class Drafter:
    """Turns rows into drafts; what was read from a title or a place once is kept."""

    def __init__(
        self, own_fields: Mapping[str, str] | None = None, max_age_days: int | None = None
    ) -> None:
        """With a source's own map of fields, and the age after which its postings expire."""
        words = vocabulary()
        self._city_of = words.city_of
        self._max_age = timedelta(days=max_age_days) if max_age_days else None
        self._fields = FieldReader(own_fields)
        reader, regions = OccupationReader(words), RegionReader(words)
        families = FamilyReader(words)
        self._occupations = lru_cache(maxsize=50_000)(lambda title: tuple(reader.title(title)))
        self._family = lru_cache(maxsize=50_000)(families.family)
        self._place = lru_cache(maxsize=20_000)(regions.field)
        self._pay = lru_cache(maxsize=20_000)(money.salary_field)

    def draft(self, row: Mapping[str, Any], source: str, always: bool = False) -> Draft:
        """Return a row as a draft. Raises RowError without a title or an employer."""
        return self.understood(self.stated(row, source, always))

    def stated(self, row: Mapping[str, Any], source: str, always: bool = False) -> Stated:
        """Return what a row states. Raises RowError without a title or an employer.

        A row's own field may name its source, unless the one given counts `always`.
        """
        given = self._fields.fields(row)
        title, employer = given.get("title", ""), given.get("employer", "")
        if not title:
            raise RowError("title: is missing")
        if not employer:
            raise RowError("employer: is missing")
        return Stated(
            fields=given,
            source=(source if always else given.get("source", source))[:80],
            given_id=given.get("id"),
            title=title[:200],
            employer=employer[:200],
            place=given.get("place") or in_text.place(given.get("description", "")),
            district=given.get("district", ""),
            content_hash=_hash(given),
        )

    def understood(self, stated: Stated) -> Draft:
        """Return what a row states as a draft."""
        given, title = stated.fields, stated.fields["title"]
        text, tags = given.get("description", ""), given.get("tags", "")
        place, district = stated.place, stated.district
        region = self._place(place, district) if place or district else None
        code = region.code if region else None
        salary = given.get("salary") or in_text.pay(text)
        words = f"{title} {tags} {text}"
        times = f"{given.get('work_time', '')} {title} {tags}"
        in_shifts = shifts.field(f"{times} {text}")
        occupations = self._occupations(title)
        published = _day(given.get("published", ""))
        return Draft(
            source=stated.source,
            given_id=stated.given_id,
            content_hash=stated.content_hash,
            title=stated.title,
            employer=stated.employer,
            industry=_cut(given.get("industry"), 100),
            kind=_cut(given.get("kind"), 40),
            size=_cut(given.get("size"), 40),
            description=text,
            tags=tags,
            place_text=stated.place_text,
            region_code=code,
            city_code=self._city_of(code) if code else None,
            salary_text=salary[:100],
            pay=self._pay(salary),
            education=education.field(given.get("education") or in_text.education(text)),
            experience_years=experience.field(given.get("experience") or in_text.experience(text)),
            work_time=work_time.field(times) or shifts.work_time(in_shifts),
            family_code=self._family(title, occupations),
            shifts=in_shifts,
            welfare=welfare.field(f"{title} {text}", tags),
            headcount=headcount.stated(given.get("headcount")) or headcount.field(words),
            published_on=published,
            valid_until=self._last_day(_day(given.get("valid_until", "")), published),
            faults=tuple(screen(words)),
            occupations=occupations,
        )

    def _last_day(self, stated: date | None, published: date | None) -> date | None:
        """Return the earlier of the day stated and of the source's greatest age."""
        oldest = published + self._max_age if published and self._max_age else None
        return min((day for day in (stated, oldest) if day), default=None)


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

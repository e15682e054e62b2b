"""A row of a file becomes a posting: fields by header, then pay, place, trade… as values.

What a field does not state is looked for in the text, where the words are plain enough
(学历要求：大专以上, 长白班, 招聘人数：3人).
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import lru_cache
from typing import Any

from bot import clock
from bot.jobs import in_text
from bot.jobs.days import LastDay, last_day, published
from bot.jobs.fields import FieldReader
from bot.jobs.match.rules import rules
from bot.jobs.requirements import age_beside_sex, age_stated, screened
from bot.jobs.screen import screen
from bot.jobs.text_fields import TextFields, street, web_address, without_gaps
from bot.text import education, experience, headcount, shifts, welfare, work_time
from bot.text.families import FamilyReader
from bot.text.occupations import OccupationReader
from bot.text.pay import Pay
from bot.text.pay_field import salary_field
from bot.text.regions import RegionMention, RegionReader
from bot.text.vocabulary import vocabulary

_OPEN_END = LastDay()
#: Yuan that the upper end of a text's sum reaches when it is by the month without saying so.
_LEAST_OF_TEXT = 1000


class RowError(ValueError):
    """A row that cannot become a posting; the message says which field and why."""


@dataclass(frozen=True)
class Stated:
    """What a row states, before anything in it is understood: enough to know the row again."""

    fields: Mapping[str, str]
    source: str
    given_id: str | None
    """The source's own id, None when it gives none."""
    id_scope: str
    """Within what the id is unique (schema.org's PropertyValue); empty when that is not said."""
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
    pay: Pay | None
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
    sex_text: str = ""
    """The sex asked for in a column of its own, as stated."""
    age_text: str = ""
    """The age asked for in a column of its own, else in the text."""
    contact: str = ""
    """Whom to call: as stated in columns of their own, else in the text."""
    address: str = ""
    """Where the work is, when more than its district is stated."""
    apply_text: str = ""
    link: str = ""
    stated_until: date | None = None
    """The last day that the row itself states."""
    unread: tuple[str, ...] = ()
    """Fields that state something which could not be read: pay, valid_until."""


class Drafter:
    """Turns rows into drafts; what was read from a title or a place once is kept."""

    def __init__(
        self, own_fields: Mapping[str, str] | None = None, max_age_days: int | None = None
    ) -> None:
        """With a source's own map of fields, and the age after which its postings expire."""
        words = vocabulary()
        self._city_of = words.city_of
        self._max_age = timedelta(days=max_age_days) if max_age_days else None
        self.fields = FieldReader(own_fields)
        reader, regions = OccupationReader(words), RegionReader(words)
        families = FamilyReader(words)
        self._occupations = lru_cache(maxsize=50_000)(lambda title: tuple(reader.title(title)))
        self._family = lru_cache(maxsize=50_000)(families.family)
        self._place = lru_cache(maxsize=20_000)(regions.field)
        self._pay = lru_cache(maxsize=20_000)(self._believed)
        self._published = lru_cache(maxsize=5_000)(published)
        self._end = lru_cache(maxsize=5_000)(last_day)
        self._rules = rules().postings

    def draft(self, row: Mapping[str, Any], source: str, always: bool = False) -> Draft:
        """Return a row as a draft. Raises RowError without a title or an employer."""
        return self.understood(self.stated(row, source, always))

    def stated(self, row: Mapping[str, Any], source: str, always: bool = False) -> Stated:
        """Return what a row states. Raises RowError without a title or an employer.

        A row's own field may name its source, unless the one given counts `always`.
        """
        given = self.fields.fields(row)
        title, employer = given.get("title", ""), given.get("employer", "")
        if not title:
            raise RowError("title: is missing")
        if not employer:
            raise RowError("employer: is missing")
        place = given.get("place") or in_text.place(given.get("description", ""))
        return Stated(
            fields=given,
            source=(source if always else given.get("source", source))[:80],
            given_id=given.get("id"),
            id_scope=given.get("id_scope", ""),
            title=title[:200],
            employer=employer[:200],
            place=place or given.get("province", ""),
            district=given.get("district", ""),
            content_hash=_hash(given),
        )

    def understood(self, stated: Stated) -> Draft:
        """Return what a row states as a draft."""
        given, title = stated.fields, stated.fields["title"]
        text, tags = given.get("description", ""), given.get("tags", "")
        place, district = stated.place, stated.district
        region = self._region(given.get("province", ""), place, district)
        code = region.code if region else None
        salary, pay = self._salary(given.get("salary", ""), text)
        words = f"{title} {tags} {text}"
        sex = given.get("sex", "")
        age = age_stated(given.get("age") or age_beside_sex(sex))
        contact = _contact(given)
        apply_text = without_gaps(given.get("apply", ""))
        said = TextFields(text)
        times = f"{given.get('work_time', '')} {title} {tags}"
        in_shifts = shifts.field(f"{times} {text}")
        occupations = self._occupations(title)
        columns = sex or age or contact or apply_text
        asked = screened(title, tags, text, sex, age, contact, apply_text) if columns else words
        day, end = self._days(given, said)
        unread = {"pay": bool(given.get("salary")) and pay is None, "valid_until": end.unread}
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
            pay=pay,
            education=education.from_posting_text(
                given.get("education") or in_text.education(text)
            ),
            experience_years=experience.from_posting_text(
                given.get("experience") or in_text.experience(text)
            ),
            work_time=work_time.field(times) or shifts.work_time(in_shifts),
            family_code=self._family(title, occupations),
            shifts=in_shifts,
            welfare=welfare.field(f"{title} {text}", tags),
            headcount=headcount.from_field(given.get("headcount"))
            or headcount.from_posting_text(words),
            published_on=day,
            valid_until=self._last_day(end.day, day),
            faults=(*screen(asked), *(("odd_pay",) if salary and pay is None else ())),
            occupations=occupations,
            sex_text=sex[:40],
            age_text=(age or age_stated(said.age()))[:60],
            contact=(contact if _can_be_reached(contact) else _with_numbers(contact, said))[:200],
            address=_address(given, district, said)[:200],
            apply_text=(apply_text or said.apply())[:300],
            link=(web_address(given.get("link", "")) or said.first("link"))[:300],
            stated_until=end.day,
            unread=tuple(name for name, missed in unread.items() if missed),
        )

    def _days(self, given: Mapping[str, str], said: TextFields) -> tuple[date | None, LastDay]:
        """Return when it was published and its last day: by columns, else by the text."""
        stated = given.get("published") or said.first("published")
        day = self._published(stated, clock.today()) if stated else None
        if given.get("valid_until"):
            return day, self._end(given["valid_until"], day or clock.today())
        for words in said.stated("until"):
            end = self._end(words, day or clock.today())
            if end.day:
                return day, end
        return day, _OPEN_END

    def _region(self, province: str, place: str, district: str) -> RegionMention | None:
        if not (place or district or province):
            return None
        within = f"{province} {place}" if province and province not in place else place
        return self._place(within.strip(), district)

    def _salary(self, field: str, text: str) -> tuple[str, Pay | None]:
        """Return the pay and its words: of the field, or of the text where that says nothing.

        What a field states and nobody is paid (120-150元/月, of a site that lost 元/天) stays as
        its words, without a pay.
        """
        pay = self._pay(field) if field else None
        if pay is None:
            for words in in_text.pays(text):
                stated = self._pay(words)
                if stated is not None and _leaves_no_doubt(stated):
                    return words, stated
        return field, pay

    def _believed(self, salary: str) -> Pay | None:
        """Read pay within the bounds of reason; beyond them it was misread or miswritten."""
        pay = salary_field(salary[:200])
        if pay and pay.min == 0 and pay.max:
            # 0-1000元: up to 1000.
            pay = replace(pay, min=None)
        ends = [end for end in (pay.min, pay.max) if end is not None] if pay else []
        least, most = self._rules.least_pay, self._rules.most_pay
        return pay if all(least <= end <= most for end in ends) else None

    def _last_day(self, stated: date | None, published: date | None) -> date | None:
        """Return the earlier of the day stated and of the source's greatest age.

        A posting without either is over when it is older than any that is still filled.
        """
        age = self._max_age or (None if stated else timedelta(days=self._rules.oldest_days))
        oldest = published + age if published and age else None
        return min((day for day in (stated, oldest) if day), default=None)


def _address(given: Mapping[str, str], district: str, said: TextFields) -> str:
    """Return where the work is below the district: by a column, the text, the district's own."""
    address = given.get("address", "")
    return (
        (street(address) if address else "")
        or said.address()
        or (street(district) if district else "")
    )


def _contact(given: Mapping[str, str]) -> str:
    """Return whom to call by the columns."""
    name, phone = given.get("contact_name", ""), given.get("phone", "")
    return " ".join(filter(None, map(without_gaps, (name, phone)))) if name or phone else ""


def _can_be_reached(contact: str) -> bool:
    """Tell whether more than a name is stated."""
    return any(char.isdigit() or char == "@" for char in contact)


def _with_numbers(name: str, said: TextFields) -> str:
    """Return a name of a column with the numbers that only the text states."""
    stated = said.contact()
    return stated if name in stated else f"{name} {stated}".strip()


def _leaves_no_doubt(pay: Pay) -> bool:
    """Tell whether a sum of a text is pay: 300-500 without a period may be by the day."""
    most = pay.max or pay.min
    return most is not None and (pay.period != "月" or most >= _LEAST_OF_TEXT)


def _cut(text: str | None, length: int) -> str | None:
    return text[:length] if text else None


_written = json.JSONEncoder(ensure_ascii=False, sort_keys=True).encode


def _hash(given: Mapping[str, str]) -> str:
    return hashlib.sha1(_written(given).encode(), usedforsecurity=False).hexdigest()

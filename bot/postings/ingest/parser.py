"""Parser of posting rows: fields by header, then values such as pay, place and trade.

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
from bot.postings.ingest import contact_in_text, headcount, shifts
from bot.postings.ingest.field_mapping import FieldReader
from bot.postings.ingest.text_fields import TextFields, street, web_address, without_gaps
from bot.postings.ingest.validity import LastDay, last_day, published
from bot.postings.match_config import rules
from bot.postings.requirements import age_from_sex_column, age_with_unit, screened_text
from bot.postings.screening.rules import screen
from bot.understanding.extractors import benefits, education, experience, work_time
from bot.understanding.extractors.occupations import OccupationReader
from bot.understanding.extractors.pay import Pay
from bot.understanding.extractors.pay_field import salary_field
from bot.understanding.extractors.regions import RegionMention, RegionReader
from bot.understanding.occupation_families import FamilyReader
from bot.vocabulary.vocabulary import vocabulary

_NO_LAST_DAY = LastDay()
#: Yuan that the upper end of a text's sum reaches when it is by the month without saying so.
_MIN_MONTHLY_PAY = 1000


class RowError(ValueError):
    """A row that cannot become a posting; the message says which field and why."""


@dataclass(frozen=True)
class RawPosting:
    """The fields of a row before their values are parsed: enough to identify the row."""

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
        """The place in the words of the row."""
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
    """Ids of the faults that the screen found in its words."""
    occupations: tuple[str, ...]
    sex_text: str = ""
    """The sex asked for in a column of its own, as stated."""
    age_text: str = ""
    """The age asked for in a column of its own, else in the text."""
    contact: str = ""
    """The contact: as stated in columns of their own, else in the text."""
    address: str = ""
    """The address, when more than the district is stated."""
    apply_text: str = ""
    link: str = ""
    stated_until: date | None = None
    """The last day that the row itself states."""
    unread: tuple[str, ...] = ()
    """Fields that state something which could not be read: pay, valid_until."""


class Drafter:
    """Turns rows into drafts; caches what it reads of titles, places and pay."""

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
        return self.parse(self.raw_posting(row, source, always))

    def raw_posting(self, row: Mapping[str, Any], source: str, always: bool = False) -> RawPosting:
        """Return the fields of a row. Raises RowError without a title or an employer.

        A row's own field may name its source, unless the one given counts `always`.
        """
        fields = self.fields.fields(row)
        title, employer = fields.get("title", ""), fields.get("employer", "")
        if not title:
            raise RowError("title: is missing")
        if not employer:
            raise RowError("employer: is missing")
        place = fields.get("place") or contact_in_text.place(fields.get("description", ""))
        return RawPosting(
            fields=fields,
            source=(source if always else fields.get("source", source))[:80],
            given_id=fields.get("id"),
            id_scope=fields.get("id_scope", ""),
            title=title[:200],
            employer=employer[:200],
            place=place or fields.get("province", ""),
            district=fields.get("district", ""),
            content_hash=_hash(fields),
        )

    def parse(self, raw: RawPosting) -> Draft:
        """Return a draft with the parsed values of a row."""
        fields, title = raw.fields, raw.fields["title"]
        text, tags = fields.get("description", ""), fields.get("tags", "")
        place, district = raw.place, raw.district
        region = self._region(fields.get("province", ""), place, district)
        code = region.code if region else None
        salary, pay = self._salary(fields.get("salary", ""), text)
        words = f"{title} {tags} {text}"
        sex = fields.get("sex", "")
        age = age_with_unit(fields.get("age") or age_from_sex_column(sex))
        contact = _contact(fields)
        apply_text = without_gaps(fields.get("apply", ""))
        text_fields = TextFields(text)
        times = f"{fields.get('work_time', '')} {title} {tags}"
        in_shifts = shifts.from_posting_text(f"{times} {text}")
        occupations = self._occupations(title)
        columns = sex or age or contact or apply_text
        words_to_screen = (
            screened_text(title, tags, text, sex, age, contact, apply_text) if columns else words
        )
        day, end = self._days(fields, text_fields)
        unread = {"pay": bool(fields.get("salary")) and pay is None, "valid_until": end.unread}
        return Draft(
            source=raw.source,
            given_id=raw.given_id,
            content_hash=raw.content_hash,
            title=raw.title,
            employer=raw.employer,
            industry=_cut(fields.get("industry"), 100),
            kind=_cut(fields.get("kind"), 40),
            size=_cut(fields.get("size"), 40),
            description=text,
            tags=tags,
            place_text=raw.place_text,
            region_code=code,
            city_code=self._city_of(code) if code else None,
            salary_text=salary[:100],
            pay=pay,
            education=education.from_posting_text(
                fields.get("education") or contact_in_text.education(text)
            ),
            experience_years=experience.from_posting_text(
                fields.get("experience") or contact_in_text.experience(text)
            ),
            work_time=work_time.from_posting_text(times) or shifts.work_time(in_shifts),
            family_code=self._family(title, occupations),
            shifts=in_shifts,
            welfare=benefits.from_posting_text(f"{title} {text}", tags),
            headcount=headcount.from_field(fields.get("headcount"))
            or headcount.from_posting_text(words),
            published_on=day,
            valid_until=self._last_day(end.day, day),
            faults=(*screen(words_to_screen), *(("odd_pay",) if salary and pay is None else ())),
            occupations=occupations,
            sex_text=sex[:40],
            age_text=(age or age_with_unit(text_fields.age()))[:60],
            contact=(contact if _can_be_reached(contact) else _with_numbers(contact, text_fields))[
                :200
            ],
            address=_address(fields, district, text_fields)[:200],
            apply_text=(apply_text or text_fields.apply())[:300],
            link=(web_address(fields.get("link", "")) or text_fields.first("link"))[:300],
            stated_until=end.day,
            unread=tuple(name for name, missed in unread.items() if missed),
        )

    def _days(
        self, fields: Mapping[str, str], text_fields: TextFields
    ) -> tuple[date | None, LastDay]:
        """Return when it was published and its last day: by columns, else by the text."""
        published_text = fields.get("published") or text_fields.first("published")
        day = self._published(published_text, clock.today()) if published_text else None
        if fields.get("valid_until"):
            return day, self._end(fields["valid_until"], day or clock.today())
        for words in text_fields.statements("until"):
            end = self._end(words, day or clock.today())
            if end.day:
                return day, end
        return day, _NO_LAST_DAY

    def _region(self, province: str, place: str, district: str) -> RegionMention | None:
        if not (place or district or province):
            return None
        within = f"{province} {place}" if province and province not in place else place
        return self._place(within.strip(), district)

    def _salary(self, field: str, text: str) -> tuple[str, Pay | None]:
        """Return the pay and its words: of the field, or of the text where that says nothing.

        An impossible pay of the field (120-150元/月, of a site that lost 元/天) stays as its words.
        """
        pay = self._pay(field) if field else None
        if pay is None:
            for words in contact_in_text.pays(text):
                text_pay = self._pay(words)
                if text_pay is not None and _is_certain(text_pay):
                    return words, text_pay
        return field, pay

    def _believed(self, salary: str) -> Pay | None:
        """Read pay within the bounds of reason; beyond them it was misread or miswritten."""
        pay = salary_field(salary[:200])
        if pay and pay.min == 0 and pay.max:
            # 0-1000元: up to 1000.
            pay = replace(pay, min=None)
        ends = [end for end in (pay.min, pay.max) if end is not None] if pay else []
        lowest, highest = self._rules.least_pay, self._rules.most_pay
        return pay if all(lowest <= end <= highest for end in ends) else None

    def _last_day(self, stated_day: date | None, published: date | None) -> date | None:
        """Return the earlier of the day stated and of the source's greatest age.

        A posting without either is over when it is older than any that is still filled.
        """
        age = self._max_age or (None if stated_day else timedelta(days=self._rules.oldest_days))
        oldest = published + age if published and age else None
        return min((day for day in (stated_day, oldest) if day), default=None)


def _address(fields: Mapping[str, str], district: str, text_fields: TextFields) -> str:
    """Return where the work is below the district: by a column, the text, the district's own."""
    address = fields.get("address", "")
    return (
        (street(address) if address else "")
        or text_fields.address()
        or (street(district) if district else "")
    )


def _contact(fields: Mapping[str, str]) -> str:
    """Return the contact that the columns state."""
    name, phone = fields.get("contact_name", ""), fields.get("phone", "")
    return " ".join(filter(None, map(without_gaps, (name, phone)))) if name or phone else ""


def _can_be_reached(contact: str) -> bool:
    """Tell whether more than a name is stated."""
    return any(char.isdigit() or char == "@" for char in contact)


def _with_numbers(name: str, text_fields: TextFields) -> str:
    """Return a name of a column with the numbers that only the text states."""
    text_contact = text_fields.contact()
    return text_contact if name in text_contact else f"{name} {text_contact}".strip()


def _is_certain(pay: Pay) -> bool:
    """Tell whether a sum of a text is certainly pay: 300-500 without a period may be by the day."""
    highest = pay.max or pay.min
    return highest is not None and (pay.period != "月" or highest >= _MIN_MONTHLY_PAY)


def _cut(text: str | None, length: int) -> str | None:
    return text[:length] if text else None


_written = json.JSONEncoder(ensure_ascii=False, sort_keys=True).encode


def _hash(fields: Mapping[str, str]) -> str:
    return hashlib.sha1(_written(fields).encode(), usedforsecurity=False).hexdigest()

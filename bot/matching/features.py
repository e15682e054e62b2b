"""Features of a posting for scoring: plain values, so that a score needs no database."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from bot.db.comma_lists import split
from bot.db.tables import Posting
from bot.postings.traits import Traits, traits
from bot.understanding.extractors import education


@dataclass(frozen=True)
class Market:
    """Median pay of an occupation in a place."""

    occupation: str
    median: int
    """Yuan a month."""
    place: str
    """Code of the city or province that it was worked out for."""


@dataclass(frozen=True)
class Features:
    """Values of a posting that the score is made of."""

    posting_id: int
    employer_id: int
    title: str
    occupations: tuple[str, ...]
    """Best first."""
    region_code: str | None
    salary_min: int | None
    """Yuan a month, None when not stated."""
    salary_max: int | None
    """None when not stated, or when there is no upper end."""
    education: str | None
    experience_years: int | None
    work_time: str | None
    published_on: date | None
    clean: bool
    """True when the screen found nothing that counts against it (see `is_clean`)."""
    market: Market | None = None
    """None when too few postings state their pay."""
    traits: Traits | None = None
    """None when the words were not read: those parts of the score are then neutral."""


@dataclass(frozen=True)
class Card:
    """Fields of a posting that a list shows in addition to its features."""

    employer: str
    place_text: str
    """The place as written, for one that was not read."""
    salary_text: str
    warnings: str
    """What the screen found, joined by commas."""
    source: str
    description: str = ""
    """Left out of a list."""
    contact: str = ""
    """The contact, as stated."""
    valid_until: date | None = None
    """The last day that it states itself."""
    details: tuple[tuple[str, str], ...] = ()
    """Fields for the lines of its details; left out of a list."""


#: A fault that concerns only the ages it excludes, and is a part of the score itself.
_AGE = "age"


def is_clean(warnings: str) -> bool:
    """Tell whether nothing among a posting's faults (joined by commas) counts against everyone.

    An age limit does not: the score part "age" counts it against the excluded ages only.
    """
    return not any(fault != _AGE for fault in split(warnings))


def features_of(posting: Posting, market: Market | None = None) -> Features:
    """Return the features of a stored posting, its words read."""
    return Features(
        posting.id,
        posting.employer_id,
        posting.title,
        tuple(occupation.occupation_name for occupation in posting.occupations),
        posting.region_code,
        posting.salary_min,
        posting.salary_max,
        posting.education,
        posting.experience_years,
        posting.work_time,
        posting.published_on,
        is_clean(posting.warnings),
        market,
        traits(posting.title, posting.tags, posting.description, posting.welfare, posting.age_text),
    )


def card_of(posting: Posting) -> Card:
    """Return the card of a stored posting, whole."""
    return Card(
        posting.employer.name,
        posting.place_text,
        posting.salary_text,
        posting.warnings,
        posting.source,
        posting.description,
        posting.contact,
        posting.valid_until,
        (
            ("address", posting.address),
            ("headcount", str(posting.headcount or "")),
            ("age", posting.age_text),
            ("schooling", education.NAMES.get(posting.education or "", "")),
            ("apply", posting.apply_text),
            ("link", posting.link),
        ),
    )

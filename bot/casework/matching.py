"""Postings that suit a person of the record: by their needs of work, in their district."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.caches import process_cache
from bot.casework.areas import region_of_area
from bot.db.tables import Need, Person
from bot.matching.explain import item
from bot.matching.job_preference import JobPreference
from bot.matching.search import find
from bot.understanding.extractors.occupations import OccupationReader
from bot.vocabulary.vocabulary import vocabulary


@dataclass(frozen=True)
class Suggestion:
    """A posting with why it was found."""

    posting_id: int
    title: str
    employer: str
    region: str
    pay: str
    reasons: str


def preference(db: Session, person: Person) -> JobPreference:
    """Return the job preference of a person: the trades of their needs, or any trade."""
    query = select(Need.detail).where(
        Need.person_id == person.id, Need.kind == "job", Need.state == "current"
    )
    trades = [
        name
        for detail in db.scalars(query.order_by(Need.id.desc()))
        for span in _reader().read(detail)
        for name in span.value
    ]
    occupations = tuple(dict.fromkeys(trades))[:3]
    region = region_of_area(person.region_code)
    return JobPreference(
        occupations=occupations, any_occupation=not occupations, region_code=region
    )


def suggestions(
    db: Session, person: Person, without: Collection[int] = (), limit: int = 5
) -> list[Suggestion]:
    """Return open postings for a person, the best first, without some that they have had."""
    wish = preference(db, person)
    suggested = []
    for match in find(db, wish, exclude=tuple(without), limit=limit).items:
        posting = item(match, wish)
        suggested.append(
            Suggestion(
                posting.id,
                posting.title,
                posting.employer,
                posting.region,
                posting.salary_text,
                "；".join(posting.reasons),
            )
        )
    return suggested


@process_cache(size=1)
def _reader() -> OccupationReader:
    return OccupationReader(vocabulary())

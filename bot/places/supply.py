"""Supply and demand by family of trades and place; stations by district."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date
from statistics import median
from typing import Any

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from bot.db.models.imports import is_shown
from bot.db.tables import (
    CourseSubscription,
    Occupation,
    Posting,
    PostingOccupation,
    Station,
    Subscription,
    SubscriptionOccupation,
)
from bot.places.coordinates import Point, circle, distance, region_points
from bot.places.find import CourseWish, Place, courses, is_visible, within
from bot.settings import settings
from bot.vocabulary.vocabulary import vocabulary

#: Fewer wishes, or postings with pay, than this are not told: small cells lead to people.
LEAST_WISHES, LEAST_PAID = 20, 5


@dataclass(frozen=True)
class Supply:
    """The open postings of a family of trades in a place, and the wishes for it."""

    family: str
    region_code: str
    """The city or district; postings of a city without a district count for the city."""
    postings: int
    employers: int
    pay: int | None
    """Median of the middles of the pay, yuan a month; None for fewer than LEAST_PAID."""
    paid: int
    """Postings that state a monthly pay."""
    days_open: int | None
    """Median days since publication, of those that state the day."""
    wishes: int | None
    """Running subscriptions for it in the city; None for fewer than LEAST_WISHES."""

    def to_dict(self) -> dict[str, Any]:
        """Return it as plain JSON values."""
        return asdict(self)


def supply(db: Session, region: str | None, today: date) -> list[Supply]:
    """Return the supply by family and district (or city), most postings first."""
    query = (
        select(
            Occupation.family, Posting.region_code, Posting.employer_id, Posting.salary_min,
            Posting.salary_max, Posting.published_on, Posting.work_time,
        )
        .join(PostingOccupation, PostingOccupation.posting_id == Posting.id)
        .join(Occupation, Occupation.name == PostingOccupation.occupation_name)
        .where(
            Posting.status == "open",
            is_shown(Posting.id),
            PostingOccupation.rank == 0,
            Posting.region_code.is_not(None),
            or_(Posting.valid_until.is_(None), Posting.valid_until >= today),
            within(Posting, region or settings().home_region),
        )
    )  # fmt: skip
    groups: dict[tuple[str, str], list[Any]] = defaultdict(list)
    for row in db.execute(query):
        groups[(row.family, row.region_code)].append(row)
    wish_counts = _wishes(db)
    lines = [
        _line(
            family,
            code,
            rows,
            wish_counts.get((family, vocabulary().city_of(code) or code), 0),
            today,
        )
        for (family, code), rows in groups.items()
    ]
    return sorted(lines, key=lambda line: (-line.postings, line.family, line.region_code))


def most_wanted(db: Session, region: str, today: date, count: int) -> list[tuple[str, int]]:
    """Return the families with most open postings in a region, by the figures of `supply`."""
    postings: dict[str, int] = defaultdict(int)
    for line in supply(db, region, today):
        postings[line.family] += line.postings
    ordered = sorted(postings.items(), key=lambda item: (-item[1], item[0]))
    return ordered[:count]


def _line(family: str, code: str, rows: Sequence[Any], wishes: int, today: date) -> Supply:
    middles = [
        (row.salary_min + (row.salary_max or row.salary_min)) / 2
        for row in rows
        if row.salary_min is not None and row.work_time not in ("gig", "part_time")
    ]
    ages = [(today - row.published_on).days for row in rows if row.published_on]
    return Supply(
        family=family,
        region_code=code,
        postings=len(rows),
        employers=len({row.employer_id for row in rows}),
        pay=round(median(middles)) if len(middles) >= LEAST_PAID else None,
        paid=len(middles),
        days_open=round(median(ages)) if ages else None,
        wishes=wishes if wishes >= LEAST_WISHES else None,
    )


@dataclass(frozen=True)
class CourseDemand:
    """Number of seekers who wish to learn a trade in a city, and the courses they could join."""

    occupation: str
    region_code: str
    """The city."""
    wishes: int
    courses: int


def course_demand(db: Session, region: str, today: date) -> list[CourseDemand]:
    """Return the trades that LEAST_WISHES and more wish to learn in a city, most wishes first."""
    wish = CourseSubscription
    people = func.count(wish.seeker_id.distinct())
    query = (
        select(wish.occupation_name, wish.region_code, people)
        .where(wish.expires_on >= today, within(wish, region))
        .group_by(wish.occupation_name, wish.region_code)
        .having(people >= LEAST_WISHES)
        .order_by(people.desc(), wish.occupation_name)
    )
    return [
        CourseDemand(
            trade, city, seekers,
            len(courses(db, Place(city), CourseWish(occupation=trade), today)),
        )
        for trade, city, seekers in db.execute(query)
    ]  # fmt: skip


def _wishes(db: Session) -> dict[tuple[str, str], int]:
    """Count running subscriptions by family and city; a person counts once for each."""
    query = (
        select(
            Occupation.family,
            Subscription.region_code,
            func.count(Subscription.seeker_id.distinct()),
        )
        .join(SubscriptionOccupation, SubscriptionOccupation.subscription_id == Subscription.id)
        .join(Occupation, Occupation.name == SubscriptionOccupation.occupation_name)
        .where(Subscription.ended_at.is_(None), Subscription.region_code.is_not(None))
        .group_by(Occupation.family, Subscription.region_code)
    )
    counts: dict[tuple[str, str], int] = defaultdict(int)
    for family, code, seekers in db.execute(query):
        counts[(family, vocabulary().city_of(code) or code)] += seekers
    return counts


@dataclass(frozen=True)
class StationCoverage:
    """Coverage of a district by open stations."""

    region_code: str
    stations: int
    nearest: int | None
    """Metres from the district's middle to the nearest station, whichever district it is in."""

    @property
    def is_blind(self) -> bool:
        """Tell whether it has no station, nor one within the 15 minutes' circle of its middle."""
        return not self.stations and (self.nearest is None or self.nearest > circle())


def coverage(
    db: Session, closed: int | None = None, opened: str | None = None
) -> list[StationCoverage]:
    """Return each district of the home province with its stations, the worst covered first.

    As it would be with one station closed, and another opened in the middle of a district.
    """
    stations = select(Station.region_code, Station.lat, Station.lon).where(
        is_visible(db, Station), Station.state == "open"
    )
    if closed is not None:
        stations = stations.where(Station.id != closed)
    rows = [(code, lat, lon) for code, lat, lon in db.execute(stations)]
    middle_of = region_points().get(opened) if opened else None
    if opened and middle_of:
        rows.append((opened, middle_of.lat, middle_of.lon))
    points = [Point(lat, lon) for _, lat, lon in rows if lat is not None and lon is not None]
    districts = []
    for code, region in vocabulary().regions.items():
        if region.level != 3 or code[:2] != settings().home_region[:2]:
            continue
        middle = region_points().get(code)
        metres = [distance(middle, point) for point in points] if middle else []
        here = sum(1 for row in rows if row[0] == code)
        districts.append(StationCoverage(code, here, round(min(metres)) if metres else None))
    return sorted(
        districts, key=lambda line: (line.stations, -(line.nearest or 10**7), line.region_code)
    )

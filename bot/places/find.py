"""Searches for stations, fairs, courses, directories and rates of subsidy."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, func, or_, select
from sqlalchemy.orm import Session

from bot.db.comma_lists import split
from bot.db.models.imports import is_shown
from bot.db.tables import (
    Course,
    DirectoryItem,
    Fair,
    ListingBatch,
    ListingChange,
    Posting,
    PostingOccupation,
    Station,
    SubsidyRate,
)
from bot.places.changes import TABLES
from bot.places.coordinates import Point, distance, region_points
from bot.places.nearest import Nearest
from bot.places.occurrences import Occurrence, occurrences
from bot.vocabulary.vocabulary import vocabulary

#: Days that a course which has begun is still shown, where its end is not stated.
_BEGUN = timedelta(days=3)


@dataclass(frozen=True)
class Place:
    """Place of a seeker, or the place they ask about."""

    region: str | None = None
    """GB/T 2260 code."""
    point: Point | None = None
    """Their position; None where only a region is known."""


@dataclass(frozen=True)
class NearStation:
    """A station with its distance."""

    station: Station
    metres: float | None = None
    """From the position of the seeker; None where that is not known."""


@dataclass(frozen=True)
class FairWish:
    """Conditions on the fairs asked for."""

    first: date
    last: date
    kinds: tuple[str, ...] = ("fair",)
    audience: str | None = None
    trade: str | None = None


@dataclass(frozen=True)
class CourseWish:
    """Conditions on the courses asked for."""

    occupation: str | None = None
    trade: str | None = None
    """In words, where the vocabulary has no such occupation."""
    times: tuple[str, ...] = ()
    """day, evening, weekend: any of them will do."""
    free: bool = False
    mode: str | None = None
    subsidised: bool = False
    only: tuple[int, ...] = field(default=())
    """The courses to choose among; empty for all."""


def has_any(db: Session, kind: str) -> bool:
    """Tell whether there is any listing of a kind."""
    return db.scalar(select(TABLES[kind].id).limit(1)) is not None


def listed(db: Session, kind: str, region: str | None, limit: int) -> Sequence[Any]:
    """Return listings of a kind in a region, whatever their state."""
    table = TABLES[kind]
    query = select(table).order_by(table.region_code, table.id).limit(limit)
    return db.scalars(query.where(within(table, region)) if region else query).all()


def within(table: type[Any], region: str) -> ColumnElement[bool]:
    """Return the condition that a listing lies in a region."""
    words = vocabulary()
    if words.regions[region].level == 1:
        condition: ColumnElement[bool] = table.region_code.like(f"{region[:2]}%")
        return condition
    inside: ColumnElement[bool] = table.region_code.in_([region, *words.children(region)])
    return inside


def is_visible(db: Session, table: type[Any]) -> ColumnElement[bool]:
    """Return the condition that a listing may be shown: invented ones only among themselves."""
    real = db.scalar(select(table.id).where(table.demo.is_(False)).limit(1)) is not None
    condition: ColumnElement[bool] = table.demo.is_(not real)
    return condition


def stations(
    db: Session, place: Place, count: int, functions: Sequence[str] = (), closed: bool = False
) -> list[NearStation]:
    """Return the nearest stations, or those of a region, nearest first where a point is known."""
    if place.point is not None:
        return _nearest(db, place.point, count, functions)
    query = select(Station).where(is_visible(db, Station), _has_functions(functions))
    if not closed:
        query = query.where(Station.state == "open")
    if place.region:
        query = query.where(within(Station, place.region))
    query = query.order_by(Station.verified_on.is_(None), Station.region_code, Station.id)
    return [NearStation(station) for station in db.scalars(query.limit(count))]


def stations_around(
    db: Session, region: str, count: int, functions: Sequence[str] = ()
) -> list[NearStation]:
    """Return the stations nearest to the middle of a region that has none of its own."""
    middle = region_points().get(region)
    if not middle:
        return []
    neighbours = _nearest(db, middle, count, functions)
    return [NearStation(neighbour.station) for neighbour in neighbours]


def _has_functions(functions: Sequence[str]) -> ColumnElement[bool]:
    conditions = [("," + Station.functions + ",").like(f"%,{function},%") for function in functions]
    return and_(True, *conditions)


@dataclass
class _Index:
    """The stations with a point, as they were at a state of the database."""

    state: tuple[Any, ...] = ()
    points: dict[tuple[str, ...], Nearest] = field(default_factory=dict)


_index = _Index()


def _nearest(db: Session, point: Point, count: int, functions: Sequence[str]) -> list[NearStation]:
    state = (
        str(db.get_bind()),
        db.scalar(select(func.max(ListingChange.id))),
        db.scalar(select(func.count(ListingBatch.undone_at))),
        *db.execute(select(func.count(), func.max(Station.id)).select_from(Station)).one(),
    )
    global _index
    if _index.state != state:
        _index = _Index(state)
    key = tuple(functions)
    if key not in _index.points:
        open_ones = select(Station.id, Station.lat, Station.lon).where(
            is_visible(db, Station),
            Station.state == "open",
            Station.lat.is_not(None),
            _has_functions(functions),
        )
        rows = db.execute(open_ones).tuples()
        _index.points[key] = Nearest([(id, Point(lat or 0, lon or 0)) for id, lat, lon in rows])
    neighbours = _index.points[key].find(point, count)
    stations_by_id = {
        station.id: station
        for station in db.scalars(select(Station).where(Station.id.in_([n.id for n in neighbours])))
    }
    return [
        NearStation(stations_by_id[n.id], n.metres) for n in neighbours if n.id in stations_by_id
    ]


def fairs(db: Session, place: Place, wish: FairWish, now: datetime) -> list[Occurrence]:
    """Return the occurrences of fairs in a span of days that are not over, in order of time.

    Cancelled ones are among them: who asks is told.
    """
    query = select(Fair).where(
        is_visible(db, Fair),
        Fair.kind.in_(wish.kinds),
        Fair.state.in_(("open", "full", "cancelled")),
        Fair.last_on >= wish.first,
    )
    if place.region:
        query = query.where(within(Fair, place.region))
    upcoming = [
        occurrence
        for fair in db.scalars(query)
        if _suits(fair, wish)
        for occurrence in occurrences(fair, wish.first, wish.last)
        if occurrence.ends > now
    ]
    return sorted(
        upcoming, key=lambda item: (item.begins, _sort_distance(item.fair, place), item.fair.id)
    )


def fairs_on(db: Session, ids: Sequence[int], days: Sequence[str]) -> list[Occurrence]:
    """Return fairs, each on a day (ISO); those that are gone are left out."""
    occurrences_of_days: list[Occurrence] = []
    for number, day in zip(ids, days, strict=True):
        fair, fair_day = db.get(Fair, number), date.fromisoformat(day)
        occurrences_of_days += occurrences(fair, fair_day, fair_day)[:1] if fair else []
    return occurrences_of_days


def _suits(fair: Fair, wish: FairWish) -> bool:
    if wish.audience and wish.audience not in split(fair.audiences):
        return False
    return not wish.trade or wish.trade in fair.trades + fair.title


def metres_to(row: Any, place: Place) -> float | None:
    """Return the distance of a listing from the seeker; None where either position is unknown."""
    if place.point is None or row.lat is None or row.lon is None:
        return None
    return distance(place.point, Point(row.lat, row.lon))


def _sort_distance(row: Any, place: Place) -> float:
    metres = metres_to(row, place)
    return metres if metres is not None else float("inf") if place.point else 0.0


def courses(db: Session, place: Place, wish: CourseWish, today: date) -> list[Course]:
    """Return the courses that one can still join, the soonest first; nearest where a point is."""
    query = select(Course).where(is_visible(db, Course), *joinable(today))
    if wish.only:
        query = query.where(Course.id.in_(wish.only))
    if place.region:
        query = query.where(within(Course, place.region))
    query = _of_trade(query, wish)
    if wish.free:
        query = query.where(Course.fee == 0)
    if wish.subsidised:
        query = query.where(or_(Course.subsidy != "", Course.fee == 0))
    if wish.mode:
        query = query.where(Course.mode.in_((wish.mode, "both")))
    if wish.times:
        query = query.where(
            or_(*(("," + Course.times + ",").like(f"%,{time},%") for time in wish.times))
        )
    rows = list(db.scalars(query.order_by(Course.starts_on.is_(None), Course.starts_on, Course.id)))
    return sorted(rows, key=lambda row: _sort_distance(row, place)) if place.point else rows


def joinable(today: date) -> tuple[ColumnElement[bool], ...]:
    """Return the conditions that a course is not closed, over, or past its enrolment."""
    return (
        Course.state != "closed",
        or_(Course.enrol_by.is_(None), Course.enrol_by >= today),
        or_(Course.ends_on.is_(None), Course.ends_on >= today),
        or_(
            Course.starts_on.is_(None), Course.starts_on >= today - _BEGUN, Course.ends_on >= today
        ),
    )


def _of_trade(query: Select[tuple[Course]], wish: CourseWish) -> Select[tuple[Course]]:
    if wish.occupation:
        names = vocabulary().covered([wish.occupation])
        return query.where(Course.occupation_name.in_(names))
    if wish.trade:
        like = f"%{wish.trade}%"
        return query.where(or_(Course.trade.like(like), Course.title.like(like)))
    return query


def directory(
    db: Session, directory: str, region: str | None
) -> tuple[str | None, list[DirectoryItem]]:
    """Return the newest quarter of a directory with its items; (None, []) where there is none.

    A region's own edition comes before the province's.
    """
    items = select(DirectoryItem).where(
        is_visible(db, DirectoryItem), DirectoryItem.directory == directory
    )
    words = vocabulary()
    city = words.city_of(region) if region else None
    for code in dict.fromkeys((region, city, f"{(region or '21')[:2]}0000")):
        if code is None:
            continue
        of_place = items.where(DirectoryItem.region_code == code)
        newest = db.scalar(
            of_place.with_only_columns(func.max(DirectoryItem.quarter)).order_by(None)
        )
        if newest:
            newest_items = of_place.where(DirectoryItem.quarter == newest)
            ordered = newest_items.order_by(DirectoryItem.position, DirectoryItem.id)
            return newest, list(db.scalars(ordered))
    return None, []


def rates(db: Session, occupation: str, region: str | None, today: date) -> list[SubsidyRate]:
    """Return the verified rates of a trade that hold today, those of the narrowest place first."""
    words = vocabulary()
    city = words.city_of(region) if region else None
    places = [code for code in (region, city, f"{(region or '21')[:2]}0000") if code]
    query = select(SubsidyRate).where(
        is_visible(db, SubsidyRate),
        SubsidyRate.state == "open",
        SubsidyRate.occupation_name == occupation,
        SubsidyRate.starts_on <= today,
        or_(SubsidyRate.ends_on.is_(None), SubsidyRate.ends_on >= today),
    )
    if region:
        query = query.where(SubsidyRate.region_code.in_(places))
    return sorted(
        db.scalars(query),
        key=lambda rate: (
            places.index(rate.region_code) if rate.region_code in places else 9,
            rate.id,
        ),
    )


def openings(db: Session, occupation: str, region: str | None) -> int:
    """Return how many open postings have a trade as their first, in a region or everywhere."""
    query = (
        select(func.count())
        .select_from(Posting)
        .join(PostingOccupation, PostingOccupation.posting_id == Posting.id)
        .where(
            Posting.status == "open",
            is_shown(Posting.id),
            PostingOccupation.rank == 0,
            PostingOccupation.occupation_name.in_(vocabulary().covered([occupation])),
        )
    )
    if region:
        query = query.where(within(Posting, region))
    return db.scalar(query) or 0

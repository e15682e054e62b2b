"""Content of the public pages: courses, fairs and stations by filters, a page at a time."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import Select, func, or_, select
from sqlalchemy.orm import Session

from bot.db.session import connection
from bot.db.tables import Course, Station
from bot.matching.going_pay import GoingPay, going_pay
from bot.places.cells import occupation_in
from bot.places.coordinates import Point, distance, region_points
from bot.places.find import (
    FairWish,
    NearStation,
    Place,
    fairs,
    is_visible,
    joinable,
    openings,
    stations,
    within,
)
from bot.places.occurrences import Occurrence
from bot.vocabulary.vocabulary import vocabulary

#: Rows of a page, the number up to which results are counted, and the days of fairs shown.
PAGE, COUNTED, AHEAD = 20, 1000, 60


@dataclass(frozen=True)
class CourseFilter:
    """Choice on the page of courses."""

    words: str = ""
    place: str | None = None
    """A region's code."""
    time: str = ""
    """day, evening or weekend."""
    mode: str = ""
    """site or online."""
    subsidy: bool = False
    """Only free ones and those that state a subsidy."""
    page: int = 1


@dataclass(frozen=True)
class CoursePage:
    """A page of courses."""

    rows: Sequence[Course]
    total: int
    """Counted up to COUNTED."""
    more: bool


def course_page(db: Session, chosen: CourseFilter, today: date) -> CoursePage:
    """Return a page of the courses that one can still join, the soonest first."""
    query = _chosen(select(Course).where(is_visible(db, Course), *joinable(today)), chosen)
    counted_ids = query.with_only_columns(Course.id).limit(COUNTED).subquery()
    total = db.scalar(select(func.count()).select_from(counted_ids)) or 0
    start = (max(1, chosen.page) - 1) * PAGE
    ordered = query.order_by(Course.starts_on.is_(None), Course.starts_on, Course.id)
    rows = db.scalars(ordered.offset(start).limit(PAGE + 1)).all()
    return CoursePage(rows[:PAGE], total, len(rows) > PAGE)


def _chosen(query: Select[tuple[Course]], chosen: CourseFilter) -> Select[tuple[Course]]:
    if chosen.place:
        query = query.where(within(Course, chosen.place))
    if chosen.words:
        occupation = occupation_in(chosen.words)
        columns = [Course.title, Course.trade, Course.provider]
        texts = [column.contains(chosen.words, autoescape=True) for column in columns]
        if occupation:
            texts.append(Course.occupation_name.in_(vocabulary().covered([occupation])))
        query = query.where(or_(*texts))
    if chosen.time:
        query = query.where(("," + Course.times + ",").like(f"%,{chosen.time},%"))
    if chosen.mode:
        query = query.where(Course.mode.in_((chosen.mode, "both")))
    if chosen.subsidy:
        query = query.where(or_(Course.fee == 0, Course.subsidy != ""))
    return query


@dataclass(frozen=True)
class TradePage:
    """Postings, pay and courses of a trade in a place."""

    openings: int
    """Open postings that have it as their first trade."""
    pay: GoingPay
    """Of the place, or of the first wider one with enough of them."""
    courses: Sequence[Course]


def trade_page(db: Session, trade: str, place: str | None, today: date) -> TradePage:
    """Return the postings, the pay and the courses of an occupation of the vocabulary."""
    courses = course_page(db, CourseFilter(words=trade, place=place), today).rows
    with connection() as plain:
        pay = going_pay(plain, [trade], place)[-1]
    return TradePage(openings(db, trade, place), pay, courses)


def fair_page(
    db: Session, place: str | None, audience: str | None, now: datetime
) -> list[Occurrence]:
    """Return the next day of each fair and expert day within AHEAD days, cancelled ones too."""
    last = now.date() + timedelta(days=AHEAD)
    wish = FairWish(now.date(), last, ("fair", "expert", "gig"), audience)
    each: dict[int, Occurrence] = {}
    for occurrence in fairs(db, Place(place), wish, now):
        each.setdefault(occurrence.fair.id, occurrence)
    return list(each.values())


def station_page(db: Session, place: str | None) -> list[NearStation]:
    """Return stations: of a city all, of a district those nearest to its middle."""
    middle = region_points().get(place or "")
    if place and middle and vocabulary().regions[place].level == 3:
        nearby = stations(db, Place(place, middle), PAGE)
        inside = [NearStation(row.station, _metres(row.station, middle))
                  for row in stations(db, Place(place), PAGE)]  # fmt: skip
        nearby_ids = {row.station.id for row in nearby}
        return [*nearby, *(row for row in inside if row.station.id not in nearby_ids)]
    return stations(db, Place(place), 200)


def _metres(station: Station, middle: Point) -> float | None:
    if station.lat is None or station.lon is None:
        return None
    return distance(middle, Point(station.lat, station.lon))

"""Wording of stations, fairs and courses: parts of sentences and whole messages."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from bot import clock
from bot.clock import CHINA
from bot.db.comma_lists import split
from bot.fixed_replies import reply
from bot.messages import Button, ListingCard, Listings
from bot.places.coordinates import way
from bot.places.errors import HoursError
from bot.places.figures import figures
from bot.places.find import NearStation
from bot.places.hours import read_hours
from bot.places.occurrences import Occurrence
from bot.places.status import status_of
from bot.places.words import names
from bot.vocabulary.vocabulary import vocabulary
from bot.wording import wording as sentences

_SAY = sentences("place_answers")
_WEEK = "一二三四五六日"


def reply_text(name: str, /, **values: object) -> str:
    """Return the text of a reply with its places filled in."""
    return reply(name, None).text.format(**values)


def region_text(code: str | None) -> str:
    """Return a region's name with its city; the province for none."""
    return vocabulary().full_name(code) if code else "全省"


def spoken_time(time_of_day: time | None) -> str:
    """Return a time of day as 8:30; midnight as 24:00."""
    return f"{time_of_day.hour}:{time_of_day.minute:02d}" if time_of_day else "24:00"


def spoken_day(day: date) -> str:
    """Return a day as 11月28日（周六）."""
    return f"{day.month}月{day.day}日（周{_WEEK[day.weekday()]}）"


def spoken_opening(opening: datetime, now: datetime) -> str:
    """Return when something opens as 今天13:00, 明天8:30, 12月1日（周二）8:30."""
    days = (opening.date() - now.astimezone(CHINA).date()).days
    day_text = {0: "今天", 1: "明天"}.get(days) or spoken_day(opening.date())
    return f"{day_text}{spoken_time(opening.time())}"


def open_now(hours: str, now: datetime) -> str:
    """Return whether a place with such hours is open at a moment, and until or from when."""
    if not hours:
        return reply_text("places_hours_unknown")
    try:
        opening_hours = read_hours(hours)
    except HoursError:  # read by an earlier release
        return reply_text("places_hours_unknown")
    if opening_hours.is_open(now):
        ends = opening_hours.closes(now)
        return (
            reply_text("places_open_until", until=spoken_time(ends))
            if ends
            else reply_text("places_open_through")
        )
    opening = opening_hours.next_opening(now)
    if opening is None:
        return reply_text("places_shut")
    today = bool(opening_hours.periods(now.astimezone(CHINA).date()))
    name = "places_shut_next" if today else "places_shut_today"
    return reply_text(name, next=spoken_opening(opening, now))


def open_on(hours: str, day: date, moment: time | None) -> str:
    """Return when a place with such hours is open on a day, or at a time of it."""
    if not hours:
        return reply_text("places_hours_unknown")
    try:
        opening_hours = read_hours(hours)
    except HoursError:  # read by an earlier release
        return reply_text("places_hours_unknown")
    periods = opening_hours.periods(day)
    if not periods:
        opening = opening_hours.next_opening(datetime.combine(day, time.max, CHINA))
        next_text = spoken_opening(opening, clock.now()) if opening else ""
        values = {"day": _day_name(day), "next": next_text}
        return _SAY("open_on_shut_next" if opening else "open_on_shut", **values)
    spans = "、".join(f"{spoken_time(p.begins)}-{spoken_time(p.ends)}" for p in periods)
    values = {"day": _day_name(day), "periods": spans, "time": spoken_time(moment)}
    if moment is None:
        return _SAY("open_on_day", **values)
    is_open = any(period.holds(moment) for period in periods)
    return _SAY("open_on_time" if is_open else "open_on_other_time", **values)


def _day_name(day: date) -> str:
    days = (day - clock.today()).days
    return {0: "今天", 1: "明天"}.get(days, "") + spoken_day(day)


def phone(row: Any) -> str:
    """Return a listing's telephone, or that none is stated."""
    return str(row.phone) or reply_text("places_no_phone")


def address(row: Any) -> str:
    """Return a listing's district and address, or that none is stated."""
    name = vocabulary().name(row.region_code)
    if not row.address:
        return f"{name}，{reply_text('places_no_address')}"
    return row.address if name in row.address else f"{name}{row.address}"


def sureness(rows: Sequence[Any], kind: str) -> str:
    """Return how sure some listings are, and that invented ones are invented; said once."""
    today = clock.today()
    parts: list[str] = []
    for row in rows:
        status = status_of(row, kind, today)
        if status.state == "confirmed" and row.verified_by:
            sentence = reply_text("places_verified", day=status.since, by=row.verified_by)
        elif status.state == "confirmed":
            sentence = reply_text("places_verified", day=status.since, by="当地")
        elif status.state == "closed":
            continue
        elif status.since:
            sentence = reply_text("places_unconfirmed", day=status.since)
        else:
            sentence = reply_text("places_never_confirmed")
        if sentence not in parts:
            parts.append(sentence)
    if any(row.demo for row in rows):
        parts.append(reply_text("places_demo"))
    return "".join(parts)


def distance_text(metres: float) -> str:
    """Return a distance as 650米 or 3.2公里."""
    if metres < 1000:
        return f"{max(50, round(metres / 50) * 50)}米"
    return f"{metres / 1000:.1f}公里"


def way_text(metres: float) -> str:
    """Return the estimated way over a straight line."""
    estimate = way(metres)
    return reply_text(
        f"places_{estimate.mode}", distance=distance_text(metres), minutes=estimate.minutes
    )


def way_note() -> str:
    """Return what the minutes of a way rest on."""
    pace = figures().walking
    return reply_text("places_way_note", pace=round(pace.metres_per_minute), detour=pace.detour)


@dataclass(frozen=True)
class ListingLine:
    """Text of one listing in a list."""

    title: str
    parts: tuple[str, ...]
    brief: str
    """The most important of it, for a short medium."""


def listings(
    act: str, head: str, lines: Sequence[ListingLine], notes: str,
    buttons: Sequence[Button] = (), *, demo: bool,
) -> Listings:  # fmt: skip
    """Return a list as a message: words for all media, cards for those that draw them."""
    several = len(lines) > 1
    numbered = []
    for n, line in enumerate(lines, 1):
        line_text = "；".join(part for part in line.parts if part)
        numbered.append(
            f"{n}. {line.title}：{line_text}" if several else f"{line.title}：{line_text}"
        )
    cards = [ListingCard(line.title, [p for p in line.parts if p], line.brief) for line in lines]
    return Listings(
        act=act,
        text="\n".join(part for part in (head, *numbered, notes) if part),
        buttons=list(buttons),
        cards=cards,
        beside_cards=head,
        notes=notes,
        demo=demo,
    )


def station_line(near_station: NearStation, now: datetime) -> ListingLine:
    """Return a station as a line: open now, telephone, address, way."""
    row = near_station.station
    opened = open_now(row.hours, now)
    way_there = way_text(near_station.metres) if near_station.metres is not None else ""
    parts = (opened, f"电话{phone(row)}", address(row), way_there)
    return ListingLine(row.title, parts, f"{_short_open(opened)} {row.phone}".strip())


def _short_open(opened: str) -> str:
    return opened.removeprefix("现在").replace("，", "")


def functions_of(row: Any) -> str:
    """Return what a station does, or that it is not stated."""
    does = names("functions", split(row.functions))
    if not does:
        return reply_text("stations_functions_unknown", phone=row.phone or "12333")
    return reply_text("stations_functions", functions="、".join(does))


def fair_when(occurrence: Occurrence) -> str:
    """Return when a fair takes place: 11月28日（周六）9:00-11:30."""
    begins, ends = occurrence.begins.timetz(), occurrence.ends.timetz()
    return f"{spoken_day(occurrence.day)}{spoken_time(begins)}-{spoken_time(ends)}"


def fair_line(occurrence: Occurrence, way_there: str = "") -> ListingLine:
    """Return a fair on a day as a line."""
    row, time_text = occurrence.fair, fair_when(occurrence)
    if row.state == "cancelled":
        off = reply_text("fairs_cancelled")
        return ListingLine(row.title, (off, time_text), f"{off} {time_text}")
    return ListingLine(row.title, (time_text, address(row), how_many(row), way_there), time_text)


def how_many(row: Any) -> str:
    """Return how many employers and openings a fair has, and which trades; empty when unknown."""
    employers = f"{row.employers}家单位" if row.employers else ""
    openings = f"{row.openings}个岗位" if row.openings else ""
    trades = f"，有{row.trades}" if row.trades and (employers or openings) else row.trades
    return reply_text("fairs_openings", employers=employers, openings=openings, trades=trades)


def course_line(row: Any, way_there: str = "") -> ListingLine:
    """Return a course as a line: when it begins, when it is taught, how long, fee, where."""
    begins = f"{spoken_day(row.starts_on)}开课" if row.starts_on else ""
    parts = (begins, row.schedule, row.length, fee_of(row), address(row), way_there)
    short = f"{row.starts_on.month}月{row.starts_on.day}日开" if row.starts_on else ""
    return ListingLine(
        row.title, parts, " ".join(part for part in (short, _short_fee(row)) if part)
    )


def fee_of(row: Any) -> str:
    """Return what a course costs, or that it is not stated."""
    if row.fee is None:
        return reply_text("courses_no_fee")
    return reply_text("courses_free") if row.fee == 0 else reply_text("courses_fee", fee=row.fee)


def _short_fee(row: Any) -> str:
    return "" if row.fee is None else fee_of(row)


def ages_of(row: Any) -> str:
    """Return the ages that a course takes: 18-55岁, 55岁以下; empty when not stated."""
    lowest, highest = row.age_min, row.age_max
    if lowest is not None and highest is not None:
        return f"{lowest}-{highest}岁"
    if lowest is not None:
        return f"{lowest}岁以上"
    return f"{highest}岁以下" if highest is not None else ""


def span_text(first: date, last: date, today: date) -> str:
    """Return a span of days as people say it."""
    if first == last:
        day_text = {0: "今天", 1: "明天", 2: "后天"}.get((first - today).days)
        return day_text or spoken_day(first)
    if (first - today).days <= 0 and (last - today).days >= figures().ahead_days - 1:
        return f"近{figures().ahead_days}天"
    return f"{first.month}月{first.day}日到{last.month}月{last.day}日"


def ahead(today: date) -> tuple[date, date]:
    """Return the days in which a fair is looked for where none is named."""
    return today, today + timedelta(days=figures().ahead_days)

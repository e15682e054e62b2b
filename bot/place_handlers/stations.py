"""Service stations: the nearest ones, their hours, functions and telephone."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import replace
from datetime import date, time, timedelta
from typing import Any

from bot import clock
from bot.db.session import Session, session
from bot.db.tables import Station
from bot.fixed_replies import reply
from bot.matching.replies import ask_region
from bot.messages import Button, Message
from bot.place_handlers.listing import ListedPlaces
from bot.place_handlers.location import MentionedPlace, is_district, mentioned_place
from bot.places import wording
from bot.places.coordinates import Point
from bot.places.figures import figures
from bot.places.find import (
    NearStation,
    Place,
    has_any,
    metres_to,
    stations,
    stations_around,
)
from bot.turns.turn import Turn
from bot.understanding.place_questions import aspect_of, clock_time, facility, matches
from bot.wording import wording as sentences

ACT = "station"
_SAY = sentences("place_answers")
#: Stations of a region that are looked at.
_MAX_STATIONS = 200
#: How far ahead the hours of a day are told, and of how many days of a span.
_ASKED_AHEAD, _MAX_DAYS = timedelta(days=60), 3
_QUESTIONS = ("几点开门", "能办啥", "电话多少")


def open_stations(turn: Turn, text: str, listing: ListedPlaces | None) -> Message | None:
    """Answer a question for stations; None when no listing is there at all."""
    with session() as db:
        if not has_any(db, "station"):
            return None
    functions = ["gig"] if matches("gig_post", text) else []
    wish = {"functions": functions, "aspect": aspect_of(ACT, text), **_moment(turn, text)}
    query = ListedPlaces(ACT, wish=wish)
    previous = listing if listing and (listing.kind == ACT or listing.point) else None
    return _in_place(turn, query, mentioned_place(turn, previous))


def in_region(turn: Turn, listing: ListedPlaces) -> Message:
    """Answer the same question for the place that a message names."""
    return _in_place(turn, listing, mentioned_place(turn, listing))


def _in_place(turn: Turn, query: ListedPlaces, mention: MentionedPlace) -> Message:
    if mention.codes:
        replace(query, asks="region").remember(turn)
        return ask_region(mention.name, mention.codes, ACT)
    place = mention.place
    if place.region is None and place.point is None:
        replace(query, asks="region").remember(turn)
        return reply("places_ask_district", ACT)
    return list_stations(turn, query, place)


def list_stations(turn: Turn, query: ListedPlaces, place: Place) -> Message:
    """List the nearest stations, or those of a region, and remember them.

    Those that the person has seen and wants others of are left out.
    """
    functions = tuple(query.wish.get("functions") or ())
    limit = figures().listed
    with session() as db:
        seen = set(query.wish.get("seen") or ())
        count = limit + len(seen) if place.point else _MAX_STATIONS
        matching = [n for n in stations(db, place, count, functions) if n.station.id not in seen]
        around = [] if matching or place.point else _around(db, place, functions, seen)
        nearest = (matching or around)[:limit]
        point = (place.point.lat, place.point.lon) if place.point else None
        listing = replace(
            query, ids=tuple(n.station.id for n in nearest), viewed=None, region=place.region,
            point=point, asks="",
        )  # fmt: skip
        listing.remember(turn)
        if not nearest:
            return _none(place, functions)
        aspect = query.wish.get("aspect")
        if len(nearest) == 1 and aspect in _DETAILS and aspect != "where" and matching:
            return _aspect_answer(nearest[0].station, str(aspect), query)
        head = _head(place, matching, nearest, functions)
        return _listing_message(nearest, head, aspect, query)


def _around(
    db: Session, place: Place, functions: Sequence[str], seen: Collection[int]
) -> list[NearStation]:
    """Return the nearest stations to the middle of a district, without those seen."""
    if not is_district(place.region):
        return []
    count = figures().listed
    around = stations_around(db, str(place.region), count + len(seen), functions)
    return [near for near in around if near.station.id not in seen][:count]


def _kind_in_words(functions: Sequence[str]) -> str:
    return "零工驿站" if "gig" in functions else "就业服务站"


def _none(place: Place, functions: Sequence[str]) -> Message:
    text = wording.reply_text(
        "stations_none", where=wording.region_text(place.region), what=_kind_in_words(functions)
    )
    return Message(act=ACT, text=text, buttons=[Button("转人工", "转人工")])


def _head(
    place: Place, matching: Sequence[NearStation], nearest: Sequence[NearStation],
    functions: Sequence[str],
) -> str:  # fmt: skip
    if place.point is not None:
        return wording.reply_text("stations_near", count=len(nearest))
    place_name = wording.region_text(place.region)
    if not matching:
        return wording.reply_text(
            "stations_none_near", where=place_name, what=_kind_in_words(functions)
        )
    if len(matching) > len(nearest):
        name = "stations_head" if is_district(place.region) else "stations_head_city"
        return wording.reply_text(name, where=place_name, total=len(matching), count=len(nearest))
    return wording.reply_text("stations_head_all", where=place_name)


def _listing_message(
    nearest: Sequence[NearStation], head: str, aspect: str | None, query: ListedPlaces
) -> Message:
    now, rows = clock.now(), [entry.station for entry in nearest]
    lines = [wording.station_line(entry, now) for entry in nearest]
    if aspect in ("hours", "functions") or (aspect == "open_now" and query.wish.get("days")):
        lines = [
            replace(line, parts=(_detail(row, str(aspect), query),))
            for line, row in zip(lines, rows, strict=True)
        ]
    asked_for = query.wish.get("facility")
    notes = _SAY("station_facility_unknown", what=asked_for) if asked_for else ""
    notes += wording.sureness(rows, ACT)
    if any(entry.metres is not None for entry in nearest):
        notes = wording.way_note() + notes
    buttons = [Button(entry, entry) for entry in _QUESTIONS]
    return wording.listings(ACT, head, lines, notes, buttons, demo=any(r.demo for r in rows))


def _hours(row: Station) -> str:
    opened = wording.open_now(row.hours, clock.now())
    if not row.hours:
        return _SAY("station_call_first", opened=opened, phone=row.phone or "12333")
    return wording.reply_text("stations_hours_kept", hours=row.hours.strip("。；"), open=opened)


def _open(row: Station) -> str:
    opened = wording.open_now(row.hours, clock.now())
    return f"{opened}。" if row.hours else _hours(row)


_DETAILS: Mapping[str, Callable[[Station], str]] = {
    "open_now": _open,
    "hours": _hours,
    "functions": wording.functions_of,
    "phone": wording.phone,
    "where": wording.address,
}


def _moment(turn: Turn, text: str) -> dict[str, Any]:
    """Return the days and the time that a question is about, and what the place should have."""
    today = clock.today()
    days = [
        day
        for entity in turn.of_kind("date")
        for day in _days_of(entity["value"])
        if today <= day <= today + _ASKED_AHEAD
    ]
    asked_time = clock_time(text)
    if asked_time and not days:
        days = [today]
    return {
        "days": [day.isoformat() for day in days if asked_time or day != today],
        "time": asked_time.isoformat() if asked_time else None,
        "facility": facility(text),
    }


def _days_of(span: Mapping[str, str]) -> list[date]:
    """Return the days of a span; the first ones of a long span."""
    first, last = date.fromisoformat(span["first"]), date.fromisoformat(span["last"])
    return [first + timedelta(days=n) for n in range(min((last - first).days + 1, _MAX_DAYS))]


def _detail(row: Station, aspect: str, listing: ListedPlaces) -> str:
    """Say one thing of one station, of its hours those of the days asked about."""
    days = [date.fromisoformat(day) for day in listing.wish.get("days") or ()]
    if aspect not in ("hours", "open_now") or not days:
        return _DETAILS[aspect](row)
    asked_time = listing.wish.get("time")
    moment = time.fromisoformat(asked_time) if asked_time else None
    return "；".join(wording.open_on(row.hours, day, moment) for day in days) + "。"


def _aspect_answer(row: Station, aspect: str, listing: ListedPlaces) -> Message:
    """Say one thing of one station."""
    sentence = f"{row.title}：{_detail(row, aspect, listing)}"
    notes = wording.sureness([row], ACT)
    joint = "" if sentence.endswith("。") else "。"
    return Message(act=ACT, text=f"{sentence}{joint}{notes}", buttons=_further(aspect))


def _further(aspect: str) -> list[Button]:
    words = {"hours": "几点开门", "functions": "能办啥", "phone": "电话多少", "where": "在哪"}
    return [Button(label, label) for name, label in words.items() if name != aspect]


def answer_station(
    turn: Turn, text: str, listing: ListedPlaces, aspect: str | None
) -> Message | None:
    """Answer a question about the stations shown; None when it is none."""
    if aspect is None and turn.act == ACT and listing.ids:
        aspect = "functions"  # 能给看简历不: what it does is all that is known
    if aspect is None or aspect == "nearest":
        return _nearest(turn, listing) if aspect else None
    if aspect == "other":
        return _others(turn, listing)
    listing = replace(listing, wish={**listing.wish, **_moment(turn, text)})
    with session() as db:
        rows = [row for row in (db.get(Station, number) for number in listing.ids) if row]
        if not rows:
            return None
        position = listing.current_position
        listing.remember(turn)
        chosen = rows if position is None or position >= len(rows) else [rows[position]]
        if aspect in _OF_SEVERAL:
            return _OF_SEVERAL[aspect](chosen, listing)
        if len(chosen) == 1 and position is not None:
            if aspect not in _DETAILS:
                return _all_details(chosen[0])
            return _aspect_answer(chosen[0], aspect, listing)
        if aspect not in _DETAILS:
            return None
        lines = [
            f"{n}. {row.title}：{_detail(row, aspect, listing)}" for n, row in enumerate(rows, 1)
        ]
        text = "\n".join([*lines, wording.sureness(rows, ACT)])
        return Message(act=ACT, text=text, buttons=_further(aspect))


def _others(turn: Turn, listing: ListedPlaces) -> Message:
    """List other stations than those shown: 换一个."""
    seen = [*(listing.wish.get("seen") or ()), *listing.ids]
    query = replace(listing, wish={**listing.wish, "seen": seen, "aspect": None})
    point = Point(*listing.point) if listing.point else None
    return list_stations(turn, query, Place(listing.region, point))


def _way(rows: Sequence[Station], listing: ListedPlaces) -> Message:
    """Say how far some stations are from the person's position, or that it is not known."""
    place = Place(listing.region, Point(*listing.point) if listing.point else None)
    ways = [(row, metres_to(row, place)) for row in rows]
    if all(metres is None for _, metres in ways):
        text = _SAY("station_way_unknown", address=wording.address(rows[0]))
        return Message(act=ACT, text=text)
    lines = [f"{row.title}：{wording.way_text(m)}。" for row, m in ways if m is not None]
    return Message(act=ACT, text="\n".join([*lines, wording.way_note()]))


def _bring(rows: Sequence[Station], listing: ListedPlaces) -> Message:
    """Say that what is to be brought depends on what is done there, and how to ask for that."""
    button = _SAY("station_bring_button")
    return Message(act=ACT, text=_SAY("station_bring"), buttons=[Button(button, button)])


def _facility(rows: Sequence[Station], listing: ListedPlaces) -> Message:
    """Say that no station states what else it has, and whom to ask."""
    text = _SAY("station_facility_unknown", what=listing.wish.get("facility"))
    return Message(act=ACT, text=text + _phones(rows) + wording.sureness(rows, ACT))


def _unreached(rows: Sequence[Station], listing: ListedPlaces) -> Message:
    """Say when somebody is there who could answer the telephone, and whom else to ring."""
    opened = "；".join(f"{row.title}{wording.open_now(row.hours, clock.now())}" for row in rows)
    text = _SAY("station_unreached", opened=opened)
    return Message(act=ACT, text=text, buttons=[Button("换一个", "换一个")])


def _wrong(rows: Sequence[Station], listing: ListedPlaces) -> Message:
    """Say what is stated, since when, and who can put it right."""
    stated = "；".join(
        f"{row.title}：{wording.address(row)}，电话{wording.phone(row)}" for row in rows
    )
    text = _SAY("station_wrong", stated=stated) + wording.sureness(rows, ACT)
    return Message(act=ACT, text=text, buttons=[Button("换一个", "换一个")])


def _phones(rows: Sequence[Station]) -> str:
    return "；".join(f"{row.title}{wording.phone(row)}" for row in rows) + "。"


#: What is said of all stations spoken of in one sentence.
_OF_SEVERAL: Mapping[str, Callable[[Sequence[Station], ListedPlaces], Message]] = {
    "way": _way,
    "bring": _bring,
    "facility": _facility,
    "unreached": _unreached,
    "wrong": _wrong,
}


def _nearest(turn: Turn, listing: ListedPlaces) -> Message:
    if listing.point is not None and listing.ids:
        return _nearest_shown(turn, listing)
    if listing.point is not None:
        return list_stations(turn, listing, Place(listing.region, Point(*listing.point)))
    replace(listing, asks="region").remember(turn)
    return reply("places_ask_district_near", ACT)


def _nearest_shown(turn: Turn, listing: ListedPlaces) -> Message:
    """Say which of the stations shown is the nearest: they stand in that order."""
    with session() as db:
        row = db.get_one(Station, listing.ids[0])
    replace(listing, viewed=0).remember(turn)
    metres = metres_to(row, Place(listing.region, Point(*(listing.point or (0.0, 0.0)))))
    way_there = wording.way_text(metres) if metres is not None else ""
    text = _SAY("station_nearest", title=row.title, address=wording.address(row), way=way_there)
    return Message(act=ACT, text=text + wording.way_note() + wording.sureness([row], ACT))


def _all_details(row: Station) -> Message:
    """Say all that is known of one station."""
    parts = (wording.address(row), f"电话{wording.phone(row)}", _hours(row).rstrip("。"),
             wording.functions_of(row).rstrip("。"))  # fmt: skip
    notes = wording.sureness([row], ACT)
    return Message(act=ACT, text=f"{row.title}：{'；'.join(parts)}。{notes}")

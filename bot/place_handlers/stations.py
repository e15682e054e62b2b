"""Service stations: the nearest ones, their hours, functions and telephone."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

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
from bot.places.find import NearStation, Place, has_any, stations, stations_around
from bot.turns.turn import Turn
from bot.understanding.place_questions import aspect_of, matches
from bot.wording import wording as sentences

ACT = "station"
_SAY = sentences("place_answers")
#: Stations of a region that are looked at.
_MAX_STATIONS = 200
_QUESTIONS = ("几点开门", "能办啥", "电话多少")


def open_stations(turn: Turn, text: str, listing: ListedPlaces | None) -> Message | None:
    """Answer a question for stations; None when no listing is there at all."""
    with session() as db:
        if not has_any(db, "station"):
            return None
    functions = ["gig"] if matches("gig_post", text) else []
    query = ListedPlaces(ACT, wish={"functions": functions, "aspect": aspect_of(ACT, text)})
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
    """List the nearest stations, or those of a region, and remember them."""
    functions = tuple(query.wish.get("functions") or ())
    limit = figures().listed
    with session() as db:
        matching = stations(db, place, limit if place.point else _MAX_STATIONS, functions)
        around = [] if matching or place.point else _around(db, place, functions)
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
            return _aspect_answer(nearest[0].station, str(aspect))
        return _listing_message(nearest, _head(place, matching, nearest, functions), aspect)


def _around(db: Session, place: Place, functions: Sequence[str]) -> list[NearStation]:
    if not is_district(place.region) or functions:
        return []
    return stations_around(db, str(place.region), figures().listed)


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


def _listing_message(nearest: Sequence[NearStation], head: str, aspect: str | None) -> Message:
    now, rows = clock.now(), [entry.station for entry in nearest]
    lines = [wording.station_line(entry, now) for entry in nearest]
    if aspect in ("hours", "functions"):
        lines = [
            replace(line, parts=(_DETAILS[aspect](row),))
            for line, row in zip(lines, rows, strict=True)
        ]
    notes = wording.sureness(rows, ACT)
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


_DETAILS = {
    "open_now": _open,
    "hours": _hours,
    "functions": wording.functions_of,
    "phone": wording.phone,
    "where": wording.address,
}


def _aspect_answer(row: Station, aspect: str) -> Message:
    """Say one thing of one station."""
    sentence = f"{row.title}：{_DETAILS[aspect](row)}"
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
    with session() as db:
        rows = [row for row in (db.get(Station, number) for number in listing.ids) if row]
        if not rows:
            return None
        position = listing.current_position
        listing.remember(turn)
        if position is not None and position < len(rows):
            return (
                _aspect_answer(rows[position], aspect)
                if aspect in _DETAILS
                else _all_details(rows[position])
            )
        if aspect not in _DETAILS:
            return None
        lines = [f"{n}. {row.title}：{_DETAILS[aspect](row)}" for n, row in enumerate(rows, 1)]
        text = "\n".join([*lines, wording.sureness(rows, ACT)])
        return Message(act=ACT, text=text, buttons=_further(aspect))


def _nearest(turn: Turn, listing: ListedPlaces) -> Message:
    if listing.point is not None:
        return list_stations(turn, listing, Place(listing.region, Point(*listing.point)))
    replace(listing, asks="region").remember(turn)
    return reply("places_ask_district_near", ACT)


def _all_details(row: Station) -> Message:
    """Say all that is known of one station."""
    parts = (wording.address(row), f"电话{wording.phone(row)}", _hours(row).rstrip("。"),
             wording.functions_of(row).rstrip("。"))  # fmt: skip
    notes = wording.sureness([row], ACT)
    return Message(act=ACT, text=f"{row.title}：{'；'.join(parts)}。{notes}")

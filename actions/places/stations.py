"""Stations: where the nearest is, when it is open, what it does, its telephone."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from actions.places.memory import ListedPlaces
from actions.places.where import Named, is_district, named_place
from actions.turn import Turn
from bot import clock
from bot.db.session import Session, session
from bot.db.tables import Station
from bot.jobs.compose import ask_region
from bot.messages import Button, Message
from bot.places import wording
from bot.places.coordinates import Point
from bot.places.figures import figures
from bot.places.find import NearStation, Place, has_any, stations, stations_around
from bot.replies import reply
from bot.text.place_questions import aspect_of, matches

ACT = "station"
#: Stations of a region that are looked at.
_MOST = 200
_ASKED = ("几点开门", "能办啥", "电话多少")


def open_stations(turn: Turn, text: str, shown: ListedPlaces | None) -> Message | None:
    """Answer a question for stations; None when no listing is there at all."""
    with session() as db:
        if not has_any(db, "station"):
            return None
    functions = ["gig"] if matches("gig_post", text) else []
    wanted = ListedPlaces(ACT, wish={"functions": functions, "aspect": aspect_of(ACT, text)})
    before = shown if shown and (shown.kind == ACT or shown.point) else None
    return _in_place(turn, wanted, named_place(turn, before))


def in_region(turn: Turn, shown: ListedPlaces) -> Message:
    """Answer the same question for the place that a message names."""
    return _in_place(turn, shown, named_place(turn, shown))


def _in_place(turn: Turn, wanted: ListedPlaces, named: Named) -> Message:
    if named.codes:
        replace(wanted, asks="region").keep(turn)
        return ask_region(named.said, named.codes, ACT)
    place = named.place
    if place.region is None and place.point is None:
        replace(wanted, asks="region").keep(turn)
        return reply("places_ask_district", ACT)
    return list_stations(turn, wanted, place)


def list_stations(turn: Turn, wanted: ListedPlaces, place: Place) -> Message:
    """List the nearest stations, or those of a region, and remember them."""
    functions = tuple(wanted.wish.get("functions") or ())
    most = figures().listed
    with session() as db:
        found = stations(db, place, most if place.point else _MOST, functions)
        around = [] if found or place.point else _around(db, place, functions)
        near = (found or around)[:most]
        point = (place.point.lat, place.point.lon) if place.point else None
        kept = replace(
            wanted, ids=tuple(n.station.id for n in near), viewed=None, region=place.region,
            point=point, asks="",
        )  # fmt: skip
        kept.keep(turn)
        if not near:
            return _none(place, functions)
        aspect = wanted.wish.get("aspect")
        if len(near) == 1 and aspect in _TELLS and aspect != "where" and found:
            return _aspect_answer(near[0].station, str(aspect))
        return _listed(near, _head(place, found, near, functions), aspect)


def _around(db: Session, place: Place, functions: Sequence[str]) -> list[NearStation]:
    if not is_district(place.region) or functions:
        return []
    return stations_around(db, str(place.region), figures().listed)


def _what(functions: Sequence[str]) -> str:
    return "零工驿站" if "gig" in functions else "就业服务站"


def _none(place: Place, functions: Sequence[str]) -> Message:
    said = wording.reply_text(
        "stations_none", where=wording.region_text(place.region), what=_what(functions)
    )
    return Message(act=ACT, text=said, buttons=[Button("转人工", "转人工")])


def _head(
    place: Place, found: Sequence[NearStation], near: Sequence[NearStation],
    functions: Sequence[str],
) -> str:  # fmt: skip
    if place.point is not None:
        return wording.reply_text("stations_near", count=len(near))
    where = wording.region_text(place.region)
    if not found:
        return wording.reply_text("stations_none_near", where=where, what=_what(functions))
    if len(found) > len(near):
        name = "stations_head" if is_district(place.region) else "stations_head_city"
        return wording.reply_text(name, where=where, total=len(found), count=len(near))
    return wording.reply_text("stations_head_all", where=where)


def _listed(near: Sequence[NearStation], head: str, aspect: str | None) -> Message:
    now, rows = clock.now(), [one.station for one in near]
    lines = [wording.station_line(one, now) for one in near]
    if aspect in ("hours", "functions"):
        lines = [
            replace(line, parts=(_TELLS[aspect](row),))
            for line, row in zip(lines, rows, strict=True)
        ]
    notes = wording.sureness(rows, ACT)
    if any(one.metres is not None for one in near):
        notes = wording.way_note() + notes
    buttons = [Button(one, one) for one in _ASKED]
    return wording.listings(ACT, head, lines, notes, buttons, demo=any(r.demo for r in rows))


def _hours(row: Station) -> str:
    opened = wording.open_now(row.hours, clock.now())
    if not row.hours:
        return f"{opened}，先打{row.phone or '12333'}问"
    return wording.reply_text("stations_hours_kept", hours=row.hours.strip("。；"), open=opened)


def _open(row: Station) -> str:
    opened = wording.open_now(row.hours, clock.now())
    return f"{opened}。" if row.hours else _hours(row)


_TELLS = {
    "open_now": _open,
    "hours": _hours,
    "functions": wording.functions_of,
    "phone": wording.phone,
    "where": wording.address,
}


def _aspect_answer(row: Station, aspect: str) -> Message:
    """Say one thing of one station."""
    said = f"{row.title}：{_TELLS[aspect](row)}"
    notes = wording.sureness([row], ACT)
    joint = "" if said.endswith("。") else "。"
    return Message(act=ACT, text=f"{said}{joint}{notes}", buttons=_further(aspect))


def _further(aspect: str) -> list[Button]:
    words = {"hours": "几点开门", "functions": "能办啥", "phone": "电话多少", "where": "在哪"}
    return [Button(said, said) for name, said in words.items() if name != aspect]


def answer_station(
    turn: Turn, text: str, shown: ListedPlaces, aspect: str | None
) -> Message | None:
    """Answer a question about the stations shown; None when it is none."""
    if aspect is None and turn.act == ACT and shown.ids:
        aspect = "functions"  # 能给看简历不: what it does is all that is known
    if aspect is None or aspect == "nearest":
        return _nearest(turn, shown) if aspect else None
    with session() as db:
        rows = [row for row in (db.get(Station, number) for number in shown.ids) if row]
        if not rows:
            return None
        at = shown.one
        shown.keep(turn)
        if at is not None and at < len(rows):
            return _aspect_answer(rows[at], aspect) if aspect in _TELLS else _whole(rows[at])
        if aspect not in _TELLS:
            return None
        lines = [f"{n}. {row.title}：{_TELLS[aspect](row)}" for n, row in enumerate(rows, 1)]
        text = "\n".join([*lines, wording.sureness(rows, ACT)])
        return Message(act=ACT, text=text, buttons=_further(aspect))


def _nearest(turn: Turn, shown: ListedPlaces) -> Message:
    if shown.point is not None:
        return list_stations(turn, shown, Place(shown.region, Point(*shown.point)))
    replace(shown, asks="region").keep(turn)
    return reply("places_ask_district_near", ACT)


def _whole(row: Station) -> Message:
    """Say all that is known of one station."""
    parts = (wording.address(row), f"电话{wording.phone(row)}", _hours(row).rstrip("。"),
             wording.functions_of(row).rstrip("。"))  # fmt: skip
    notes = wording.sureness([row], ACT)
    return Message(act=ACT, text=f"{row.title}：{'；'.join(parts)}。{notes}")

"""Fairs, expert days and gig days: time, place, audience, how one takes part."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

from bot import clock
from bot.db.comma_lists import split
from bot.db.session import session
from bot.db.tables import Fair
from bot.fixed_replies import reply
from bot.matching.replies import ask_region
from bot.messages import Button, Message
from bot.place_handlers import reminders
from bot.place_handlers.listing import ListedPlaces
from bot.place_handlers.location import MentionedPlace, mentioned_place
from bot.places import wording
from bot.places.figures import figures
from bot.places.find import FairWish, Place, fairs, fairs_on, has_any
from bot.places.occurrences import Occurrence
from bot.places.words import names, words
from bot.text.normalise import normalise
from bot.turns.turn import Turn
from bot.understanding.place_questions import aspect_of, matches
from bot.vocabulary.vocabulary import vocabulary
from bot.wording import wording as sentences

ACT = "fair"
_SAY = sentences("place_answers")
_CLAUSE_END = re.compile(r"[,，。;；!！?？\s]")
_KIND_NAMES = {"fair": "招聘会", "expert": "专家坐班", "gig": "零工日"}


def open_fairs(turn: Turn, text: str, kind: str = "fair") -> Message | None:
    """Answer a question for fairs; None when no listing is there at all."""
    with session() as db:
        if not has_any(db, "fair"):
            return None
    span = _span(turn, text) or wording.ahead(clock.today())
    wish = {
        "kinds": [kind], "audience": _audience(turn, text), "first": span[0].isoformat(),
        "last": span[1].isoformat(), "aspect": aspect_of(ACT, text),
    }  # fmt: skip
    return _in_place(turn, ListedPlaces(ACT, wish=wish), mentioned_place(turn, None))


def in_region(turn: Turn, listing: ListedPlaces) -> Message:
    """Answer the same question for the place that a message names."""
    return _in_place(turn, listing, mentioned_place(turn, listing))


def _span(turn: Turn, text: str) -> tuple[date, date] | None:
    """Return the days that a message names and that are not over."""
    whole = _week_or_month(text)
    if whole and not turn.of_kind("date"):
        return whole
    free = [e for e in turn.of_kind("date") if not _is_busy_day(turn.text, e)]
    days = [e["value"] for e in free]
    if not days:
        return None
    today = clock.today()
    first, last = (date.fromisoformat(days[-1][end]) for end in ("first", "last"))
    return (max(first, today), last) if last >= today else None


def _week_or_month(text: str) -> tuple[date, date] | None:
    """Return the days that a text names otherwise than by a date: 下周, 这个月, 明早."""
    today = clock.today()
    if matches("tomorrow_morning", text):
        return today + timedelta(days=1), today + timedelta(days=1)
    monday = today - timedelta(days=today.weekday())
    if matches("next_week", text):
        return monday + timedelta(days=7), monday + timedelta(days=13)
    if matches("this_week", text):
        return today, monday + timedelta(days=6)
    next_month = (today.replace(day=1) + timedelta(days=32)).replace(day=1)
    if matches("next_month", text):
        after = (next_month + timedelta(days=32)).replace(day=1)
        return next_month, after - timedelta(days=1)
    return (today, next_month - timedelta(days=1)) if matches("this_month", text) else None


def _is_busy_day(text: str, day: dict[str, Any]) -> bool:
    """Tell whether a day stands among words that say what is done on it: 我周一到周五上班."""
    preceding = _CLAUSE_END.split(text[: day["start"]])[-1]
    following = _CLAUSE_END.split(text[day["end"] :])[0]
    return matches("busy", normalise(preceding + following).text)


def _audience(turn: Turn, text: str) -> str | None:
    if matches("women", text):
        return "women"
    groups = [str(e["value"]) for e in turn.of_kind("group") if e["value"] in words("audiences")]
    return groups[-1] if groups else None


def _in_place(turn: Turn, query: ListedPlaces, mention: MentionedPlace) -> Message:
    if mention.codes:
        replace(query, asks="region").remember(turn)
        return ask_region(mention.name, mention.codes, _act(query))
    place = mention.place
    if place.region is None and place.point is None:
        occurrences = _matching(Place(), query)
        if not query.wish.get("audience") or len(occurrences) > figures().listed:
            replace(query, asks="region").remember(turn)
            return reply("places_ask_city", _act(query))
    return list_fairs(turn, query, place)


def _act(listing: ListedPlaces) -> str:
    return "station" if "gig" in listing.wish.get("kinds", ()) else ACT


def _matching(place: Place, query: ListedPlaces) -> list[Occurrence]:
    span = query.span()
    assert span is not None
    wish = FairWish(*span, tuple(query.wish["kinds"]), query.wish.get("audience"))
    with session() as db:
        occurrences = fairs(db, place, wish, clock.now())
    next_by_fair: dict[int, Occurrence] = {}
    for occurrence in occurrences:  # of a recurring one the next day is meant
        next_by_fair.setdefault(occurrence.fair.id, occurrence)
    return sorted(next_by_fair.values(), key=lambda occurrence: occurrence.begins)


def list_fairs(
    turn: Turn, query: ListedPlaces, place: Place, before: ListedPlaces | None = None
) -> Message:
    """List the fairs of a place in the span asked for, and remember them.

    Where there is none, the list shown before still stands: 怎么去 asks of it.
    """
    requested_region, city = (
        place.region,
        vocabulary().city_of(place.region) if place.region else None,
    )
    occurrences = _matching(place, query)
    if not occurrences and city and city != place.region:  # a district: what its city has
        place = Place(city)
        occurrences = _matching(place, query)
    occurrences = occurrences[: figures().listed]
    head = ""
    if not occurrences and query.wish.get("audience"):
        for_all = query.with_wish(audience=None)
        occurrences = [o for o in _matching(place, for_all) if not o.fair.audiences]
        occurrences = occurrences[: figures().listed]
        if occurrences:
            head, query = _SAY("fairs_none_for", **_values(query, place)), for_all
    listing = replace(
        query, ids=tuple(occurrence.fair.id for occurrence in occurrences),
        days=tuple(occurrence.day.isoformat() for occurrence in occurrences), viewed=None,
        region=place.region, asks="",
    )  # fmt: skip
    if not occurrences and before is not None and before.ids:
        listing = replace(before, wish=query.wish, asks="")
    listing.remember(turn)
    values = _values(query, place)
    if not occurrences:
        return _none(query, values)
    rows = [occurrence.fair for occurrence in occurrences]
    name = "gigs_head" if "gig" in query.wish["kinds"] else "fairs_head"
    head = head or wording.reply_text(name, **values)
    if requested_region != place.region:
        head = (
            wording.reply_text("places_none_here", where=wording.region_text(requested_region))
            + head
        )
    lines = [wording.fair_line(occurrence) for occurrence in occurrences]
    if query.wish.get("aspect") == "sign_up":
        lines = [
            replace(line, parts=(*line.parts, row.sign_up))
            for line, row in zip(lines, rows, strict=True)
        ]
    buttons = (
        []
        if "gig" in query.wish["kinds"]
        else [Button(b, b) for b in ("提醒我", "都有啥岗位", "咋报名")]
    )
    demo = any(row.demo for row in rows)
    return wording.listings(
        _act(query), head, lines, wording.sureness(rows, ACT), buttons, demo=demo
    )


def _values(query: ListedPlaces, place: Place) -> dict[str, str]:
    """Return in words where, when and what is asked for."""
    return {
        "where": wording.region_text(place.region),
        "when": _span_in_words(query),
        "what": _kinds_in_words(query),
    }


def _kinds_in_words(query: ListedPlaces) -> str:
    audience = query.wish.get("audience")
    kinds = "、".join(_KIND_NAMES[kind] for kind in query.wish["kinds"])
    return f"{words('audiences')[audience].name}专场" if audience else kinds


def _span_in_words(query: ListedPlaces) -> str:
    span = query.span()
    return wording.span_text(*span, clock.today()) if span else ""


def _none(query: ListedPlaces, values: dict[str, str]) -> Message:
    if "gig" in query.wish["kinds"]:
        none = reply("gigs_none", _act(query))
        return replace(none, text=none.text.format(**values))
    text = wording.reply_text("fairs_none", **values)
    return Message(act=ACT, text=text, buttons=[Button("我想找工作", "我想找工作")])


def answer_fair(turn: Turn, text: str, listing: ListedPlaces, aspect: str | None) -> Message | None:
    """Answer a question about the fairs shown, or ask for others; None when it is none."""
    if aspect == "withdraw":
        return reminders.withdraw(turn, listing)
    changed = _changed(turn, text, listing)
    if changed is not None:
        return list_fairs(turn, changed, Place(listing.region), listing)
    occurrences, position = _listed_occurrences(listing), listing.current_position
    if aspect is None or (aspect == "detail" and position is None):
        return None
    if not occurrences:
        return _none_to_ask_about(turn, listing) if listing.region else None
    if aspect == "calendar":
        return _calendar(turn, listing, occurrences)
    if aspect in ("remind", "enrol_for_me"):
        open_positions = [
            n for n, occurrence in enumerate(occurrences) if occurrence.fair.state != "cancelled"
        ]
        position = open_positions[0] if position is None and len(open_positions) == 1 else position
        if position is None:
            replace(listing, asks=aspect).remember(turn)
            return _ask_fair_choice(listing, occurrences)
        return reminders.ask(turn, listing, position, enrol=aspect == "enrol_for_me")
    listing.remember(turn)
    if position is not None and position < len(occurrences):
        return _aspect_answer(listing, occurrences[position], aspect)
    if aspect == "detail":
        return None
    lines = [
        f"{n}. {occurrence.fair.title}：{_aspect_in_words(occurrence, aspect)}"
        for n, occurrence in enumerate(occurrences, 1)
    ]
    notes = wording.sureness([occurrence.fair for occurrence in occurrences], ACT)
    return Message(act=_act(listing), text="\n".join([*lines, notes]))


def _changed(turn: Turn, text: str, listing: ListedPlaces) -> ListedPlaces | None:
    """Return what is asked for now, where days or an audience are named; else None."""
    changed: dict[str, Any] = {}
    span = _span(turn, text)
    if span:
        changed |= {"first": span[0].isoformat(), "last": span[1].isoformat()}
    audience = _audience(turn, text)
    if audience and audience != listing.wish.get("audience"):
        changed["audience"] = audience
    return listing.with_wish(**changed) if changed else None


def _none_to_ask_about(turn: Turn, listing: ListedPlaces) -> Message:
    """Say to what is asked of no fair at all that it depends on the fair, and how to go on."""
    listing.remember(turn)
    values = _values(listing, Place(listing.region))
    return Message(act=_act(listing), text=_SAY("fairs_none_to_ask_about", **values))


def _calendar(turn: Turn, listing: ListedPlaces, occurrences: Sequence[Occurrence]) -> Message:
    """Say when a fair is, to be noted; on the web page where its calendar file is."""
    position = listing.current_position
    listing.remember(turn)
    occurrence = occurrences[position if position is not None else 0]
    row = occurrence.fair
    if row.state == "cancelled":
        return reply("fair_off", ACT)
    text = _SAY(
        "fair_calendar", title=row.title, when=wording.fair_when(occurrence),
        address=wording.address(row),
    )  # fmt: skip
    if turn.channel == "web":
        path = f"/guide/fairs/{row.id}/{occurrence.day.isoformat()}.ics"
        text += _SAY("fair_calendar_page", path=path)
    notes = wording.sureness([row], ACT)
    return Message(act=_act(listing), text=text + notes, buttons=[Button("提醒我", "提醒我")])


def _ask_fair_choice(listing: ListedPlaces, occurrences: Sequence[Occurrence]) -> Message:
    """Ask which of several fairs is meant; those that are cancelled are none of them."""
    act = _act(listing)
    open_numbers = [
        n for n, occurrence in enumerate(occurrences, 1) if occurrence.fair.state != "cancelled"
    ]
    titles = [f"{n}. {occurrences[n - 1].fair.title}" for n in open_numbers]
    buttons = [Button(f"第{n}个", f"第{n}个") for n in open_numbers]
    text = "\n".join([reply("fairs_which", act).text, *titles])
    return Message(act=act, status="form", text=text, buttons=buttons)


def _listed_occurrences(listing: ListedPlaces) -> list[Occurrence]:
    with session() as db:
        return fairs_on(db, listing.ids, listing.days)


def _aspect_answer(listing: ListedPlaces, occurrence: Occurrence, aspect: str | None) -> Message:
    sentence = f"{occurrence.fair.title}：{_aspect_in_words(occurrence, aspect)}"
    joint = "" if sentence.endswith("。") else "。"
    notes = wording.sureness([occurrence.fair], ACT)
    buttons = [Button("提醒我", "提醒我")] if occurrence.fair.state != "cancelled" else []
    return Message(act=_act(listing), text=f"{sentence}{joint}{notes}", buttons=buttons)


def _audience_in_words(row: Fair, phone: str) -> str:
    """Return the audience of a fair, and that no other condition is stated."""
    audiences = "、".join(names("audiences", split(row.audiences)))
    sentence = _SAY("fair_audiences", audiences=audiences) if audiences else ""
    return wording.reply_text("fairs_who", audiences=sentence, phone=phone)


def _aspect_in_words(occurrence: Occurrence, aspect: str | None) -> str:
    """Return what is asked of one fair; all of it when nothing is."""
    row = occurrence.fair
    contact = row.phone or "12333"
    if row.state == "cancelled" and aspect != "phone":
        return wording.reply_text("fairs_cancelled")
    answers = {
        "when": wording.fair_when(occurrence),
        "where": wording.address(row),
        "phone": wording.phone(row),
        "state": wording.reply_text("fairs_goes_on", phone=contact),
        "openings": wording.how_many(row)
        or wording.reply_text("fairs_openings_unknown", phone=contact),
        "who": _audience_in_words(row, contact),
        "fee": row.sign_up if "收费" in row.sign_up else wording.reply_text("fairs_free"),
        "sign_up": row.sign_up or wording.reply_text("fairs_sign_up_unknown", phone=contact),
    }
    if aspect in answers:
        return answers[aspect]
    parts = (
        answers["when"],
        answers["where"],
        wording.how_many(row),
        row.sign_up,
        f"电话{answers['phone']}",
    )
    return "；".join(part for part in parts if part)

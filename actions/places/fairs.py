"""Fairs, expert days and gig days: when, where, for whom, how one takes part."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from typing import Any

from actions.places import reminders
from actions.places.memory import ListedPlaces
from actions.places.where import Named, named_place
from actions.turn import Turn
from bot import clock
from bot.db.lists import split
from bot.db.session import session
from bot.db.tables import Fair
from bot.jobs.compose import ask_region
from bot.messages import Button, Message
from bot.places import wording
from bot.places.figures import figures
from bot.places.find import FairWish, Place, fairs, fairs_on, has_any
from bot.places.occurrences import Occurrence
from bot.places.words import names, words
from bot.replies import reply
from bot.text.normalise import normalise
from bot.text.place_questions import aspect_of, matches
from bot.text.vocabulary import vocabulary

ACT = "fair"
_CLAUSE_END = re.compile(r"[,，。;；!！?？\s]")
_WHAT = {"fair": "招聘会", "expert": "专家坐班", "gig": "零工日"}


def open_fairs(turn: Turn, text: str, kind: str = "fair") -> Message | None:
    """Answer a question for fairs; None when no listing is there at all."""
    with session() as db:
        if not has_any(db, "fair"):
            return None
    span = _span(turn) or wording.ahead(clock.today())
    wish = {
        "kinds": [kind], "audience": _audience(turn, text), "first": span[0].isoformat(),
        "last": span[1].isoformat(), "aspect": aspect_of(ACT, text),
    }  # fmt: skip
    return _in_place(turn, ListedPlaces(ACT, wish=wish), named_place(turn, None))


def in_region(turn: Turn, shown: ListedPlaces) -> Message:
    """Answer the same question for the place that a message names."""
    return _in_place(turn, shown, named_place(turn, shown))


def _span(turn: Turn) -> tuple[date, date] | None:
    """Return the days that a message names and that are not over."""
    free = [e for e in turn.of_kind("date") if not _is_taken(turn.text, e)]
    days = [e["value"] for e in free]
    if not days:
        return None
    today = clock.today()
    first, last = (date.fromisoformat(days[-1][end]) for end in ("first", "last"))
    return (max(first, today), last) if last >= today else None


def _is_taken(text: str, day: dict[str, Any]) -> bool:
    """Tell whether a day stands among words that say what is done on it: 我周一到周五上班."""
    before = _CLAUSE_END.split(text[: day["start"]])[-1]
    behind = _CLAUSE_END.split(text[day["end"] :])[0]
    return matches("busy", normalise(before + behind).text)


def _audience(turn: Turn, text: str) -> str | None:
    if matches("women", text):
        return "women"
    groups = [str(e["value"]) for e in turn.of_kind("group") if e["value"] in words("audiences")]
    return groups[-1] if groups else None


def _in_place(turn: Turn, wanted: ListedPlaces, named: Named) -> Message:
    if named.codes:
        replace(wanted, asks="region").keep(turn)
        return ask_region(named.said, named.codes, _act(wanted))
    place = named.place
    if place.region is None and place.point is None:
        few = _matching(Place(), wanted)
        if not wanted.wish.get("audience") or len(few) > figures().listed:
            replace(wanted, asks="region").keep(turn)
            return reply("places_ask_city", _act(wanted))
    return list_fairs(turn, wanted, place)


def _act(shown: ListedPlaces) -> str:
    return "station" if "gig" in shown.wish.get("kinds", ()) else ACT


def _matching(place: Place, wanted: ListedPlaces) -> list[Occurrence]:
    span = wanted.span()
    assert span is not None
    wish = FairWish(*span, tuple(wanted.wish["kinds"]), wanted.wish.get("audience"))
    with session() as db:
        found = fairs(db, place, wish, clock.now())
    each: dict[int, Occurrence] = {}
    for one in found:  # of a recurring one the next day is meant
        each.setdefault(one.fair.id, one)
    return sorted(each.values(), key=lambda one: one.begins)


def list_fairs(turn: Turn, wanted: ListedPlaces, place: Place) -> Message:
    """List the fairs of a place in the span asked for, and remember them."""
    asked, city = place.region, vocabulary().city_of(place.region) if place.region else None
    found = _matching(place, wanted)
    if not found and city and city != place.region:  # a district: what its city has
        place = Place(city)
        found = _matching(place, wanted)
    found = found[: figures().listed]
    kept = replace(
        wanted, ids=tuple(one.fair.id for one in found),
        days=tuple(one.day.isoformat() for one in found), viewed=None, region=place.region, asks="",
    )  # fmt: skip
    kept.keep(turn)
    values = {
        "where": wording.region_text(place.region),
        "when": _when(wanted),
        "what": _what(wanted),
    }
    if not found:
        return _none(wanted, values)
    rows = [one.fair for one in found]
    name = "gigs_head" if "gig" in wanted.wish["kinds"] else "fairs_head"
    head = wording.reply_text(name, **values)
    if asked != place.region:
        head = wording.reply_text("places_none_here", where=wording.region_text(asked)) + head
    lines = [wording.fair_line(one) for one in found]
    if wanted.wish.get("aspect") == "sign_up":
        lines = [
            replace(line, parts=(*line.parts, row.sign_up))
            for line, row in zip(lines, rows, strict=True)
        ]
    buttons = (
        []
        if "gig" in wanted.wish["kinds"]
        else [Button(b, b) for b in ("提醒我", "都有啥岗位", "咋报名")]
    )
    demo = any(row.demo for row in rows)
    return wording.listings(
        _act(wanted), head, lines, wording.sureness(rows, ACT), buttons, demo=demo
    )


def _what(wanted: ListedPlaces) -> str:
    audience = wanted.wish.get("audience")
    what = "、".join(_WHAT[kind] for kind in wanted.wish["kinds"])
    return f"{words('audiences')[audience].name}专场" if audience else what


def _when(wanted: ListedPlaces) -> str:
    span = wanted.span()
    return wording.span_text(*span, clock.today()) if span else ""


def _none(wanted: ListedPlaces, values: dict[str, str]) -> Message:
    if "gig" in wanted.wish["kinds"]:
        none = reply("gigs_none", _act(wanted))
        return replace(none, text=none.text.format(**values))
    said = wording.reply_text("fairs_none", **values)
    return Message(act=ACT, text=said, buttons=[Button("我想找工作", "我想找工作")])


def answer_fair(turn: Turn, text: str, shown: ListedPlaces, aspect: str | None) -> Message | None:
    """Answer a question about the fairs shown, or ask for others; None when it is none."""
    if aspect == "withdraw":
        return reminders.withdraw(turn, shown)
    changed = _changed(turn, text, shown)
    if changed is not None:
        return list_fairs(turn, changed, Place(shown.region))
    found, at = _listed_occurrences(shown), shown.one
    if aspect is None or (aspect == "detail" and at is None):
        return None
    if not found:
        return list_fairs(turn, shown, Place(shown.region)) if shown.region else None
    if aspect in ("remind", "enrol_for_me"):
        held = [n for n, one in enumerate(found) if one.fair.state != "cancelled"]
        at = held[0] if at is None and len(held) == 1 else at
        if at is None:
            replace(shown, asks=aspect).keep(turn)
            return _which(shown, found)
        return reminders.ask(turn, shown, at, enrol=aspect == "enrol_for_me")
    shown.keep(turn)
    if at is not None and at < len(found):
        return _aspect_answer(shown, found[at], aspect)
    if aspect == "detail":
        return None
    lines = [f"{n}. {one.fair.title}：{_tell(one, aspect)}" for n, one in enumerate(found, 1)]
    notes = wording.sureness([one.fair for one in found], ACT)
    return Message(act=_act(shown), text="\n".join([*lines, notes]))


def _changed(turn: Turn, text: str, shown: ListedPlaces) -> ListedPlaces | None:
    """Return what is asked for now, where days or an audience are named; else None."""
    changed: dict[str, Any] = {}
    span = _span(turn)
    if span:
        changed |= {"first": span[0].isoformat(), "last": span[1].isoformat()}
    audience = _audience(turn, text)
    if audience and audience != shown.wish.get("audience"):
        changed["audience"] = audience
    return shown.with_wish(**changed) if changed else None


def _which(shown: ListedPlaces, found: Sequence[Occurrence]) -> Message:
    """Ask which of several fairs is meant; those that are cancelled are none of them."""
    act = _act(shown)
    held = [n for n, one in enumerate(found, 1) if one.fair.state != "cancelled"]
    titles = [f"{n}. {found[n - 1].fair.title}" for n in held]
    buttons = [Button(f"第{n}个", f"第{n}个") for n in held]
    text = "\n".join([reply("fairs_which", act).text, *titles])
    return Message(act=act, status="form", text=text, buttons=buttons)


def _listed_occurrences(shown: ListedPlaces) -> list[Occurrence]:
    with session() as db:
        return fairs_on(db, shown.ids, shown.days)


def _aspect_answer(shown: ListedPlaces, one: Occurrence, aspect: str | None) -> Message:
    said = f"{one.fair.title}：{_tell(one, aspect)}"
    joint = "" if said.endswith("。") else "。"
    notes = wording.sureness([one.fair], ACT)
    buttons = [Button("提醒我", "提醒我")] if one.fair.state != "cancelled" else []
    return Message(act=_act(shown), text=f"{said}{joint}{notes}", buttons=buttons)


def _who(row: Fair, phone: str) -> str:
    """Return whom a fair is for, and that no other condition is stated."""
    audiences = "、".join(names("audiences", split(row.audiences)))
    said = f"面向{audiences}。" if audiences else ""
    return wording.reply_text("fairs_who", audiences=said, phone=phone)


def _tell(one: Occurrence, aspect: str | None) -> str:
    """Return what is asked of one fair; all of it when nothing is."""
    row = one.fair
    known = row.phone or "12333"
    if row.state == "cancelled" and aspect != "phone":
        return wording.reply_text("fairs_cancelled")
    told = {
        "when": wording.fair_when(one),
        "where": wording.address(row),
        "phone": wording.phone(row),
        "state": wording.reply_text("fairs_goes_on", phone=known),
        "openings": wording.how_many(row)
        or wording.reply_text("fairs_openings_unknown", phone=known),
        "who": _who(row, known),
        "fee": row.sign_up if "收费" in row.sign_up else wording.reply_text("fairs_free"),
        "sign_up": row.sign_up or wording.reply_text("fairs_sign_up_unknown", phone=known),
    }
    if aspect in told:
        return told[aspect]
    parts = (
        told["when"],
        told["where"],
        wording.how_many(row),
        row.sign_up,
        f"电话{told['phone']}",
    )
    return "；".join(part for part in parts if part)

"""Courses: which there are, and the very question asked of one: fee, time, length, certificate…"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from actions.places import course_news
from actions.places.memory import ListedPlaces
from actions.places.where import Named, is_district, named_place
from actions.turn import Turn
from bot import clock
from bot.db.session import connection, session
from bot.db.tables import Course
from bot.jobs.compose import ask_region
from bot.jobs.going_pay import going_pay
from bot.messages import Button, Message
from bot.places import wording
from bot.places.figures import figures
from bot.places.find import CourseWish, Place, courses, has_any, metres_to, openings, rates
from bot.replies import reply
from bot.seekers.profile import wanted_occupations
from bot.text.place_questions import aspect_of, matches
from bot.text.vocabulary import vocabulary

ACT, ACT_KIND = "training", "course"
#: What narrows courses: pattern, what changes in the wish, how it is called.
_FILTERS: Sequence[tuple[str, dict[str, Any], str]] = (
    ("evening", {"times": ["evening"]}, "晚上上课"),
    ("weekend", {"times": ["weekend"]}, "周末上课"),
    ("daytime", {"times": ["day"]}, "白天上课"),
    ("online", {"mode": "online"}, "线上学"),
    ("free", {"free": True}, "免费"),
)


def open_courses(turn: Turn, text: str, shown: ListedPlaces | None) -> Message | None:
    """Answer a question for courses; None when no listing is there at all."""
    with session() as db:
        if not has_any(db, "course"):
            return None
    trades = wanted_occupations(turn.entities)
    wish: dict[str, Any] = {
        "occupation": trades[0] if trades else None, "aspect": aspect_of(ACT_KIND, text),
    }  # fmt: skip
    for name, changed, _ in _FILTERS:
        if matches(name, text):
            wish |= changed
    shared = shown if shown and shown.point else None
    return _in_place(turn, ListedPlaces(ACT_KIND, wish=wish), named_place(turn, shared))


def in_region(turn: Turn, shown: ListedPlaces) -> Message:
    """Answer the same question for the place that a message names."""
    return _in_place(turn, shown, named_place(turn, shown))


def _in_place(turn: Turn, wanted: ListedPlaces, named: Named) -> Message:
    if named.codes:
        replace(wanted, asks="region").keep(turn)
        return ask_region(named.said, named.codes, ACT)
    if named.place.region is None and named.place.point is None:
        replace(wanted, asks="region").keep(turn)
        return reply("places_ask_city", ACT)
    return list_courses(turn, wanted, named.place)


def _wish(wanted: ListedPlaces) -> CourseWish:
    of = wanted.wish
    return CourseWish(
        occupation=of.get("occupation"),
        times=tuple(of.get("times") or ()),
        free=bool(of.get("free")),
        mode=of.get("mode"),
    )


def list_courses(turn: Turn, wanted: ListedPlaces, place: Place) -> Message:
    """List the courses of a place that one can join, and remember them."""
    with session() as db:
        found = courses(db, place, _wish(wanted), clock.today())
        asked, city = place.region, vocabulary().city_of(place.region) if place.region else None
        if not found and city and city != place.region:
            place = Place(city, place.point)
            found = courses(db, place, _wish(wanted), clock.today())
    rows = found[: figures().listed]
    kept = replace(
        wanted, ids=tuple(row.id for row in rows), viewed=None, region=place.region, asks="",
        point=(place.point.lat, place.point.lon) if place.point else None,
    )  # fmt: skip
    kept.keep(turn)
    what = what_of(wanted)
    if not rows:
        return _none(wanted, place, what)
    where = wording.region_text(place.region)
    name = "courses_head_more" if len(found) > len(rows) else "courses_head"
    head = wording.reply_text(name, where=where, what=what, total=len(found), count=len(rows))
    if asked != place.region:
        head = wording.reply_text("places_none_here", where=wording.region_text(asked)) + head
    ways = [metres_to(row, place) for row in rows]
    told = zip(rows, (wording.way_text(way) if way else "" for way in ways), strict=True)
    lines = [wording.course_line(row, way) for row, way in told]
    aspect = wanted.wish.get("aspect")
    if len(rows) == 1 and aspect in TELLS and aspect not in ("fee", "when"):
        return _aspect_answer(rows[0], aspect)
    buttons = [Button(one, one) for one in ("要多久", "发证吗", "怎么报名")]
    notes = (wording.way_note() if any(ways) else "") + wording.sureness(rows, ACT_KIND)
    demo = any(row.demo for row in rows)
    return wording.listings(ACT, head, lines, notes, buttons, demo=demo)


def what_of(wanted: ListedPlaces) -> str:
    """Return what was asked for in words: 免费的焊工培训班."""
    of = wanted.wish
    how = [
        said
        for _, changed, said in _FILTERS
        if all(of.get(name) == value for name, value in changed.items())
    ]
    trade = of.get("occupation") or ""
    return "".join(f"{one}的" for one in how) + f"{trade}培训班"


def _none(wanted: ListedPlaces, place: Place, what: str) -> Message:
    """Say that there is none, who knows, and where there is one."""
    said = wording.reply_text("courses_none", where=wording.region_text(place.region), what=what)
    with session() as db:
        elsewhere = courses(db, Place(), _wish(wanted), clock.today())
    cities = dict.fromkeys(
        vocabulary().name(city)
        for row in elsewhere
        if (city := vocabulary().city_of(row.region_code))
    )
    if cities:
        said += wording.reply_text("courses_elsewhere", places="、".join(list(cities)[:4]))
    asked = replace(wanted, region=place.region)
    told = ("有新班告诉我",) if course_news.need_of(asked) else ()
    return Message(
        act=ACT, text=said, buttons=[Button(one, one) for one in (*told, "现在学啥吃香")]
    )


def _certificate(row: Course) -> str:
    return row.certificate or wording.reply_text("courses_no_certificate")


def _fee(row: Course) -> str:
    said = wording.fee_of(row)
    return f"{said}（{row.subsidy}）" if row.subsidy else said


def _sign_up(row: Course) -> str:
    how = row.sign_up or wording.reply_text("courses_no_sign_up")
    return f"{how}，电话{wording.phone(row)}"


def _requirements(row: Course) -> str:
    parts = [row.requirements, wording.ages_of(row)]
    return "；".join(one for one in parts if one) or wording.reply_text("courses_no_requirements")


def _when(row: Course) -> str:
    if row.starts_on is None:
        return wording.reply_text("courses_no_start")
    enrol = f"，{wording.spoken_day(row.enrol_by)}前报名" if row.enrol_by else ""
    return f"{wording.spoken_day(row.starts_on)}开课{enrol}"


def _seats(row: Course) -> str:
    seats = f"计划{row.seats}人，" if row.seats else ""
    return seats + wording.reply_text("courses_no_seats")


#: What is said of one course for each question that a column answers.
TELLS: Mapping[str, Callable[[Course], str]] = {
    "fee": _fee,
    "length": lambda row: (
        "，".join(one for one in (row.length, row.schedule) if one)
        or wording.reply_text("courses_no_length")
    ),
    "certificate": _certificate,
    "ages": lambda row: wording.ages_of(row) or wording.reply_text("courses_no_ages"),
    "sign_up": _sign_up,
    "phone": wording.phone,
    "where": wording.address,
    "requirements": _requirements,
    "when": _when,
    "seats": _seats,
    "subsidy": lambda row: row.subsidy or wording.reply_text("courses_no_subsidy"),
    "provider": lambda row: row.provider,
    "lodging": lambda row: wording.reply_text("courses_no_lodging"),
}


def answer_course(turn: Turn, text: str, shown: ListedPlaces, aspect: str | None) -> Message | None:
    """Answer a question about the courses shown, or narrow them; None when it is none."""
    if aspect == "news":
        return course_news.ask(turn, shown)
    if aspect == "no_news":
        return course_news.withdraw(turn, shown)
    narrowed = _narrowed(turn, text, shown, aspect)
    if narrowed is not None:
        return narrowed
    rows = _rows(shown)
    at = shown.one
    if aspect == "nearest":
        return _nearest(turn, shown)
    age = next((int(e["value"]) for e in turn.of_kind("age")), None)
    if aspect is None and age is None:
        return None
    if not rows:
        return _none(shown, Place(shown.region), what_of(shown)) if shown.region else None
    shown.keep(turn)
    one = rows[at] if at is not None and at < len(rows) else None
    if aspect == "enrol_for_me":
        return _enrol(one or rows[0])
    if aspect == "after":
        return _after(one or rows[0], shown.region)
    if aspect == "subsidy":
        return subsidy_of((one or rows[0]).occupation_name, shown.region, one or rows[0])
    if age is not None and aspect in ("ages", "requirements", None):
        return _of_age(rows if one is None else [one], age)
    if one is not None:
        return _aspect_answer(one, aspect) if aspect in TELLS else _whole(one)
    return _each(rows, str(aspect))


def _rows(shown: ListedPlaces) -> list[Course]:
    with session() as db:
        return [row for row in (db.get(Course, number) for number in shown.ids) if row]


def _narrowed(turn: Turn, text: str, shown: ListedPlaces, aspect: str | None) -> Message | None:
    """Return those of the courses that are taught so; None when a message names no way."""
    trades = wanted_occupations(turn.entities)
    if trades and trades[0] != shown.wish.get("occupation"):
        return list_courses(turn, shown.with_wish(occupation=trades[0]), Place(shown.region))
    if aspect is not None and aspect not in ("when",):
        return None
    chosen = [one for one in _FILTERS if matches(one[0], text)]
    if not chosen:
        return None
    changed: dict[str, Any] = {}
    for _, change, _ in chosen:
        changed |= change
    wanted = replace(shown, wish={**shown.wish, **changed, "aspect": None})
    with session() as db:
        found = courses(db, Place(shown.region), _wish(wanted), clock.today())
    if found:
        return list_courses(turn, wanted, Place(shown.region))
    shown.keep(turn)
    how = "、".join(said for _, _, said in chosen)
    said = wording.reply_text(
        "courses_none_so", where=wording.region_text(shown.region), what=what_of(shown), how=how
    )
    rows = _rows(shown)
    there = [f"{row.title}：{row.schedule}" for row in rows if row.schedule]
    return Message(act=ACT, text="\n".join([said, *there, wording.sureness(rows, ACT_KIND)]))


def _nearest(turn: Turn, shown: ListedPlaces) -> Message:
    """Sort by distance from the district that is named next."""
    if not is_district(shown.region):
        replace(shown, asks="region").keep(turn)
        return reply("places_ask_district_near", ACT)
    return list_courses(turn, shown, Place(shown.region))


def _aspect_answer(row: Course, aspect: str | None) -> Message:
    """Say one thing of one course."""
    return _message_of(f"{row.title}：{TELLS[str(aspect)](row)}", [row])


def _each(rows: Sequence[Course], aspect: str) -> Message | None:
    """Say one thing of each course shown."""
    if aspect not in TELLS:
        return None
    lines = [f"{n}. {row.title}：{TELLS[aspect](row)}" for n, row in enumerate(rows, 1)]
    return _message_of("\n".join(lines), rows)


def _message_of(text: str, rows: Sequence[Course]) -> Message:
    joint = "\n" if "\n" in text else "" if text.endswith("。") else "。"
    return Message(act=ACT, text=f"{text}{joint}{wording.sureness(rows, ACT_KIND)}")


def _whole(row: Course) -> Message:
    """Say all that is stated of one course."""
    parts = [_when(row), row.schedule, row.length, _fee(row), _certificate(row), _requirements(row),
             wording.address(row), _sign_up(row)]  # fmt: skip
    return _message_of(f"{row.title}（{row.provider}）：{'；'.join(p for p in parts if p)}", [row])


def _enrol(row: Course) -> Message:
    """Say that nobody is enrolled from here, and how one enrols."""
    how = row.sign_up or wording.reply_text("courses_no_sign_up")
    values = {"title": row.title, "sign_up": how, "phone": wording.phone(row)}
    return _message_of(wording.reply_text("courses_enrol", **values), [row])


def _of_age(rows: Sequence[Course], age: int) -> Message:
    """Compare an age that is told with those that the courses take."""
    lines = []
    for row in rows:
        least, most = row.age_min, row.age_max
        if least is None and most is None:
            said = wording.reply_text("courses_no_ages")
        else:
            fits = (least or 0) <= age <= (most or 200)
            name = "courses_age_fits" if fits else "courses_age_not"
            said = wording.reply_text(name, ages=wording.ages_of(row), age=age)
        lines.append(f"{row.title}：{said}")
    return _message_of("\n".join(lines), rows)


def _after(row: Course, region: str | None) -> Message:
    """Say what postings stand behind a course: how many are open, and what they pay."""
    trade = row.occupation_name
    if trade is None:
        return _message_of(f"{row.title}：{wording.reply_text('courses_after_unknown')}", [row])
    city = vocabulary().city_of(region) if region else None
    with session() as db:
        here, all_over = openings(db, trade, city), openings(db, trade, None)
    values: dict[str, object] = {"trade": trade, "where": wording.region_text(city)}
    if not here:
        said = wording.reply_text("courses_after_none", **values, openings=all_over)
    else:
        said = wording.reply_text("courses_after", **values, openings=here, pay=pay_of(trade, city))
    notes = wording.reply_text("places_demo") if row.demo else ""
    return Message(act=ACT, text=said + notes, buttons=[Button(f"找{trade}的活", f"找{trade}的活")])


def pay_of(trade: str, region: str | None) -> str:
    """Return what open postings of a trade pay, with their number and the day; empty if few."""
    with connection() as db:
        found = going_pay(db, [trade], region)[-1]
    if found.median is None:
        return ""
    return wording.reply_text(
        "courses_pay", postings=found.postings, median=found.median, day=clock.today()
    )


def subsidy_of(trade: str | None, region: str | None, row: Course | None = None) -> Message:
    """Say what is paid for training in a trade: verified rates alone, or that none is known."""
    name = trade or (row.title if row else "这个")
    with session() as db:
        found = rates(db, trade, region, clock.today()) if trade else []
    stated = f"{row.title}自己写的是：{row.subsidy}。" if row and row.subsidy else ""
    if not found:
        said = reply("rates_none", ACT)
        notes = wording.sureness([row], ACT_KIND) if stated and row else ""
        return replace(said, text=said.text.format(trade=name) + stated + notes)
    lines = [
        wording.reply_text(
            "rates_line", where=wording.region_text(one.region_code), level=one.level,
            amount=one.amount, document=one.document, day=one.starts_on, verified=one.verified_on,
        )
        for one in found[:3]
    ]  # fmt: skip
    said_rates = wording.reply_text("rates_head", trade=name, rates="；".join(lines))
    return Message(act=ACT, text=said_rates + stated + wording.sureness(found, "rate"))

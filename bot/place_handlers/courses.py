"""Courses: their list, and answers about one of them: fee, time, length, certificate…"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from bot import clock
from bot.db.session import connection, session
from bot.db.tables import Course
from bot.fixed_replies import reply
from bot.matching.going_pay import going_pay
from bot.matching.replies import ask_region
from bot.messages import Button, Message
from bot.place_handlers import course_news
from bot.place_handlers.listing import ListedPlaces
from bot.place_handlers.location import MentionedPlace, is_district, mentioned_place
from bot.places import wording
from bot.places.figures import figures
from bot.places.find import CourseWish, Place, courses, has_any, metres_to, openings, rates
from bot.text.clauses import clauses
from bot.turns.turn import Turn
from bot.understanding.place_questions import aspect_of, learned_subject, matches
from bot.understanding.slot_filling.profile import wanted_occupations
from bot.vocabulary.vocabulary import vocabulary
from bot.wording import wording as sentences

ACT, ACT_KIND = "training", "course"
_SAY = sentences("place_answers")
#: Courses of other cities that are told of where a city has none, and
#: what narrows courses: pattern, what changes in the wish, how it is called.
_MAX_ELSEWHERE = 2
_FILTERS: Sequence[tuple[str, dict[str, Any], str]] = (
    ("evening", {"times": ["evening"]}, "晚上上课"),
    ("weekend", {"times": ["weekend"]}, "周末上课"),
    ("daytime", {"times": ["day"]}, "白天上课"),
    ("online", {"mode": "online"}, "线上学"),
    ("free", {"free": True}, "免费"),
)


def open_courses(turn: Turn, text: str, listing: ListedPlaces | None) -> Message | None:
    """Answer a question for courses; None when no listing is there at all."""
    with session() as db:
        if not has_any(db, "course"):
            return None
    trades = wanted_occupations(turn.entities)
    wish: dict[str, Any] = {
        "occupation": trades[0] if trades else None, "aspect": aspect_of(ACT_KIND, text),
        "trade": None if trades else _taught_subject(turn, text),
    }  # fmt: skip
    if listing and listing.kind == ACT_KIND and not (wish["occupation"] or wish["trade"]):
        wish |= {name: listing.wish.get(name) for name in ("occupation", "trade")}
    wish |= filtered(text)
    shared = listing if listing and listing.point else None
    return _in_place(turn, ListedPlaces(ACT_KIND, wish=wish), mentioned_place(turn, shared))


def filtered(text: str) -> dict[str, Any]:
    """Return how a text wants to be taught; of several times of day any will do.

    What somebody does at a time is no wish for it: 白天我得看孩子 有晚上的吗.
    """
    changed: dict[str, Any] = {}
    for start, end in clauses(text):
        clause = text[start:end]
        if matches("busy", clause):
            continue
        for name, change, _ in _FILTERS:
            if matches(name, clause):
                times = [*changed.get("times", ()), *change.get("times", ())]
                changed |= {**change, **({"times": times} if "times" in change else {})}
    return changed


def _taught_subject(turn: Turn, text: str) -> str | None:
    """Return what is to be learned in words, where no place or fact stands in them."""
    subject = learned_subject(text)
    return None if subject and any(e["text"] in subject for e in turn.entities) else subject


def in_region(turn: Turn, listing: ListedPlaces) -> Message:
    """Answer the same question for the place that a message names."""
    return _in_place(turn, listing, mentioned_place(turn, listing))


def _in_place(turn: Turn, query: ListedPlaces, mention: MentionedPlace) -> Message:
    if mention.codes:
        replace(query, asks="region").remember(turn)
        return ask_region(mention.name, mention.codes, ACT)
    if mention.place.region is None and mention.place.point is None:
        replace(query, asks="region").remember(turn)
        return reply("places_ask_city", ACT)
    return list_courses(turn, query, mention.place)


def _course_wish(query: ListedPlaces) -> CourseWish:
    criteria = query.wish
    return CourseWish(
        occupation=criteria.get("occupation"),
        trade=criteria.get("trade"),
        times=tuple(criteria.get("times") or ()),
        free=bool(criteria.get("free")),
        mode=criteria.get("mode"),
    )


def list_courses(turn: Turn, query: ListedPlaces, place: Place) -> Message:
    """List the courses of a place that one can join, and remember them."""
    with session() as db:
        available = courses(db, place, _course_wish(query), clock.today())
        requested_region, city = (
            place.region,
            vocabulary().city_of(place.region) if place.region else None,
        )
        if not available and city and city != place.region:
            place = Place(city, place.point)
            available = courses(db, place, _course_wish(query), clock.today())
    rows = available[: figures().listed]
    listing = replace(
        query, ids=tuple(row.id for row in rows), viewed=None, region=place.region, asks="",
        point=(place.point.lat, place.point.lon) if place.point else None,
    )  # fmt: skip
    listing.remember(turn)
    description = course_description(query)
    if not rows:
        none = _none(query, place, description)
        if requested_region in (None, place.region):
            return none
        here = wording.reply_text("places_none_here", where=wording.region_text(requested_region))
        return replace(none, text=here + none.text)
    place_name = wording.region_text(place.region)
    name = "courses_head_more" if len(available) > len(rows) else "courses_head"
    head = wording.reply_text(
        name, where=place_name, what=description, total=len(available), count=len(rows)
    )
    if requested_region != place.region:
        head = (
            wording.reply_text("places_none_here", where=wording.region_text(requested_region))
            + head
        )
    ways = [metres_to(row, place) for row in rows]
    rows_and_ways = zip(rows, (wording.way_text(way) if way else "" for way in ways), strict=True)
    lines = [wording.course_line(row, way) for row, way in rows_and_ways]
    aspect = query.wish.get("aspect")
    if len(rows) == 1 and aspect in DETAILS and aspect not in ("fee", "when"):
        return _aspect_answer(rows[0], aspect)
    buttons = [Button(label, label) for label in ("要多久", "发证吗", "怎么报名")]
    notes = (wording.way_note() if any(ways) else "") + wording.sureness(rows, ACT_KIND)
    demo = any(row.demo for row in rows)
    return wording.listings(ACT, head, lines, notes, buttons, demo=demo)


def course_description(query: ListedPlaces) -> str:
    """Return what was asked for in words: 免费的焊工培训班."""
    criteria = query.wish
    times = "或".join(_labels(criteria, "times"))
    others = [*_labels(criteria, "mode"), *_labels(criteria, "free")]
    trade = criteria.get("occupation") or criteria.get("trade") or ""
    named = [label for label in (times, *others) if label]
    return "".join(f"{label}的" for label in named) + f"{trade}培训班"


def _labels(criteria: Mapping[str, Any], name: str) -> list[str]:
    """Return in words what of one kind is asked for: 晚上上课, 免费."""
    chosen = criteria.get(name)
    return [
        label
        for _, changed, label in _FILTERS
        if name in changed
        and chosen
        and (changed[name] == chosen or (name == "times" and changed[name][0] in chosen))
    ]


def _none(query: ListedPlaces, place: Place, description: str) -> Message:
    """Say that there is none, who knows, and where there is one."""
    text = wording.reply_text(
        "courses_none", where=wording.region_text(place.region), what=description
    )
    with session() as db:
        elsewhere = courses(db, Place(), _course_wish(query), clock.today())
    cities = dict.fromkeys(
        vocabulary().name(city)
        for row in elsewhere
        if (city := vocabulary().city_of(row.region_code))
    )
    if cities:
        text += wording.reply_text("courses_elsewhere", places="、".join(list(cities)[:4]))
    query_here = replace(query, region=place.region)
    labels = ("有新班告诉我",) if course_news.course_need(query_here) else ()
    return Message(
        act=ACT, text=text, buttons=[Button(label, label) for label in (*labels, "现在学啥吃香")]
    )


def _none_to_ask_about(listing: ListedPlaces, aspect: str | None) -> Message:
    """Say to what is asked of no class at all how it is elsewhere, or that it depends on it."""
    where, description = wording.region_text(listing.region), course_description(listing)
    with session() as db:
        elsewhere = courses(db, Place(), _course_wish(listing), clock.today())[:_MAX_ELSEWHERE]
    if elsewhere and aspect is not None and aspect in DETAILS and aspect != "lodging":
        head = _SAY("courses_elsewhere_so", where=where, what=description)
        lines = [f"{row.title}：{DETAILS[aspect](row)}" for row in elsewhere]
        return _message_of("\n".join([head, *lines]), elsewhere)
    text = wording.reply_text("courses_none_to_ask_about", where=where, what=description)
    return Message(act=ACT, text=text, buttons=[Button("现在学啥吃香", "现在学啥吃香")])


def _certificate(row: Course) -> str:
    return row.certificate or wording.reply_text("courses_no_certificate")


def _fee(row: Course) -> str:
    fee = wording.fee_of(row)
    return f"{fee}（{row.subsidy}）" if row.subsidy else fee


def _sign_up(row: Course) -> str:
    instructions = row.sign_up or wording.reply_text("courses_no_sign_up")
    return _SAY("course_sign_up", instructions=instructions, phone=wording.phone(row))


def _requirements(row: Course) -> str:
    parts = [row.requirements, wording.ages_of(row)]
    return "；".join(part for part in parts if part) or wording.reply_text(
        "courses_no_requirements"
    )


def _start(row: Course) -> str:
    if row.starts_on is None:
        return wording.reply_text("courses_no_start")
    enrol = _SAY("course_enrol_by", day=wording.spoken_day(row.enrol_by)) if row.enrol_by else ""
    return _SAY("course_start", day=wording.spoken_day(row.starts_on)) + enrol


def _seats(row: Course) -> str:
    seats = _SAY("course_seats", seats=row.seats) if row.seats else ""
    return seats + wording.reply_text("courses_no_seats")


#: What is said of one course for each question that a column answers.
DETAILS: Mapping[str, Callable[[Course], str]] = {
    "fee": _fee,
    "length": lambda row: (
        "，".join(part for part in (row.length, row.schedule) if part)
        or wording.reply_text("courses_no_length")
    ),
    "certificate": _certificate,
    "ages": lambda row: wording.ages_of(row) or wording.reply_text("courses_no_ages"),
    "sign_up": _sign_up,
    "phone": wording.phone,
    "where": wording.address,
    "requirements": _requirements,
    "when": _start,
    "seats": _seats,
    "subsidy": lambda row: row.subsidy or wording.reply_text("courses_no_subsidy"),
    "provider": lambda row: row.provider,
    "lodging": lambda row: wording.reply_text("courses_no_lodging"),
}


def answer_course(
    turn: Turn, text: str, listing: ListedPlaces, aspect: str | None
) -> Message | None:
    """Answer a question about the courses shown, or narrow them; None when it is none."""
    if aspect == "news":
        return course_news.ask(turn, listing)
    if aspect == "no_news":
        return course_news.withdraw(turn, listing)
    narrowed = _narrowed(turn, text, listing, aspect)
    if narrowed is not None:
        return narrowed
    rows = _rows(listing)
    position = listing.current_position
    if aspect == "nearest":
        return _nearest(turn, listing)
    age = next((int(e["value"]) for e in turn.of_kind("age")), None)
    if aspect is None and age is None:
        return None
    if not rows:
        if not listing.region:
            return None
        listing.remember(turn)
        trade = listing.wish.get("occupation")
        if aspect == "after" and trade:
            return _openings_of(trade, listing.region)
        return _none_to_ask_about(listing, aspect)
    listing.remember(turn)
    course = rows[position] if position is not None and position < len(rows) else None
    if aspect == "enrol_for_me":
        return _enrol(course or rows[0])
    if aspect == "after":
        return _openings_after(course or rows[0], listing.region)
    if aspect == "subsidy":
        return answer_subsidy(
            (course or rows[0]).occupation_name, listing.region, course or rows[0]
        )
    if age is not None and aspect in ("ages", "requirements", None):
        return _compare_age(rows if course is None else [course], age)
    if course is not None:
        return _aspect_answer(course, aspect) if aspect in DETAILS else _all_details(course)
    return _each(rows, str(aspect))


def _rows(listing: ListedPlaces) -> list[Course]:
    with session() as db:
        return [row for row in (db.get(Course, number) for number in listing.ids) if row]


def _narrowed(turn: Turn, text: str, listing: ListedPlaces, aspect: str | None) -> Message | None:
    """Return those of the courses that are taught so; None when a message names no way."""
    trades = wanted_occupations(turn.entities)
    if trades and trades[0] != listing.wish.get("occupation"):
        return list_courses(
            turn, listing.with_wish(occupation=trades[0], trade=None), Place(listing.region)
        )
    if aspect is not None and aspect not in ("when",):
        return None
    changed = filtered(text)
    if not changed:
        return None
    query = replace(listing, wish={**listing.wish, **changed, "aspect": None})
    with session() as db:
        available = courses(db, Place(listing.region), _course_wish(query), clock.today())
    if available:
        return list_courses(turn, query, Place(listing.region))
    listing.remember(turn)
    filter_names = "、".join(label for name in changed for label in _labels(changed, name))
    sentence = wording.reply_text(
        "courses_none_so",
        where=wording.region_text(listing.region),
        what=course_description(listing),
        how=filter_names,
    )
    rows = _rows(listing)
    schedules = [f"{row.title}：{row.schedule}" for row in rows if row.schedule]
    return Message(
        act=ACT, text="\n".join([sentence, *schedules, wording.sureness(rows, ACT_KIND)])
    )


def _nearest(turn: Turn, listing: ListedPlaces) -> Message:
    """Sort by distance from the district that is named next."""
    if not is_district(listing.region):
        replace(listing, asks="region").remember(turn)
        return reply("places_ask_district_near", ACT)
    return list_courses(turn, listing, Place(listing.region))


def _aspect_answer(row: Course, aspect: str | None) -> Message:
    """Say one thing of one course."""
    return _message_of(f"{row.title}：{DETAILS[str(aspect)](row)}", [row])


def _each(rows: Sequence[Course], aspect: str) -> Message | None:
    """Say one thing of each course shown."""
    if aspect not in DETAILS:
        return None
    lines = [f"{n}. {row.title}：{DETAILS[aspect](row)}" for n, row in enumerate(rows, 1)]
    return _message_of("\n".join(lines), rows)


def _message_of(text: str, rows: Sequence[Course]) -> Message:
    joint = "\n" if "\n" in text else "" if text.endswith("。") else "。"
    return Message(act=ACT, text=f"{text}{joint}{wording.sureness(rows, ACT_KIND)}")


def _all_details(row: Course) -> Message:
    """Say all that is stated of one course."""
    parts = [_start(row), row.schedule, row.length, _fee(row), _certificate(row),
             _requirements(row), wording.address(row), _sign_up(row)]  # fmt: skip
    return _message_of(f"{row.title}（{row.provider}）：{'；'.join(p for p in parts if p)}", [row])


def _enrol(row: Course) -> Message:
    """Say that the assistant enrols no one, and how one enrols."""
    instructions = row.sign_up or wording.reply_text("courses_no_sign_up")
    values = {"title": row.title, "sign_up": instructions, "phone": wording.phone(row)}
    return _message_of(wording.reply_text("courses_enrol", **values), [row])


def _compare_age(rows: Sequence[Course], age: int) -> Message:
    """Compare an age that is told with those that the courses take."""
    lines = []
    for row in rows:
        minimum, maximum = row.age_min, row.age_max
        if minimum is None and maximum is None:
            verdict = wording.reply_text("courses_no_ages")
        else:
            fits = (minimum or 0) <= age <= (maximum or 200)
            name = "courses_age_fits" if fits else "courses_age_not"
            verdict = wording.reply_text(name, ages=wording.ages_of(row), age=age)
        lines.append(f"{row.title}：{verdict}")
    return _message_of("\n".join(lines), rows)


def _openings_after(row: Course, region: str | None) -> Message:
    """Say how many postings are open after a course, and what they pay."""
    trade = row.occupation_name
    if trade is None:
        return _message_of(f"{row.title}：{wording.reply_text('courses_after_unknown')}", [row])
    notes = wording.reply_text("places_demo") if row.demo else ""
    message = _openings_of(trade, region)
    return replace(message, text=message.text + notes)


def _openings_of(trade: str, region: str | None) -> Message:
    """Say how many postings of a trade are open, and what they pay."""
    city = vocabulary().city_of(region) if region else None
    with session() as db:
        here, all_over = openings(db, trade, city), openings(db, trade, None)
    values: dict[str, object] = {"trade": trade, "where": wording.region_text(city)}
    if not here:
        text = wording.reply_text("courses_after_none", **values, openings=all_over)
    else:
        text = wording.reply_text(
            "courses_after", **values, openings=here, pay=pay_in_words(trade, city)
        )
    return Message(act=ACT, text=text, buttons=[Button(f"找{trade}的活", f"找{trade}的活")])


def pay_in_words(trade: str, region: str | None) -> str:
    """Return what open postings of a trade pay, with their number and the day; empty if few."""
    with connection() as db:
        pay = going_pay(db, [trade], region)[-1]
    if pay.median is None:
        return ""
    return wording.reply_text(
        "courses_pay", postings=pay.postings, median=pay.median, day=clock.today()
    )


def answer_subsidy(trade: str | None, region: str | None, row: Course | None = None) -> Message:
    """Say what is paid for training in a trade: verified rates alone, or that none is known."""
    name = trade or (row.title if row else "这个")
    with session() as db:
        verified_rates = rates(db, trade, region, clock.today()) if trade else []
    course_statement = (
        _SAY("course_states_subsidy", title=row.title, subsidy=row.subsidy)
        if row and row.subsidy
        else ""
    )
    if not verified_rates:
        message = reply("rates_none", ACT)
        notes = wording.sureness([row], ACT_KIND) if course_statement and row else ""
        return replace(message, text=message.text.format(trade=name) + course_statement + notes)
    lines = [
        wording.reply_text(
            "rates_line", where=wording.region_text(rate.region_code), level=rate.level,
            amount=rate.amount, document=rate.document, day=rate.starts_on,
            verified=rate.verified_on,
        )
        for rate in verified_rates[:3]
    ]  # fmt: skip
    text = wording.reply_text("rates_head", trade=name, rates="；".join(lines))
    return Message(act=ACT, text=text + course_statement + wording.sureness(verified_rates, "rate"))

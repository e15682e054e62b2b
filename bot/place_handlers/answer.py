"""Routing of questions for stations, fairs, courses and directories."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from bot.db.session import session
from bot.fixed_replies import reply
from bot.handlers.policy import named_programme, names_topic
from bot.handlers.ranked_units import has_likely_unit, is_sure_of_policy
from bot.messages import Message
from bot.place_handlers import courses, directories, fairs, reminders, stations
from bot.place_handlers.listing import ListedPlaces
from bot.place_handlers.location import is_bare_place, is_elsewhere, mentioned_place, names_place
from bot.places.find import has_any
from bot.text.normalise import normalise
from bot.turns.arbitration import UNKNOWN_ACTS, is_of_another_field, is_plainly_of_knowledge
from bot.turns.turn import Turn
from bot.understanding.inquiries import seeks_work
from bot.understanding.place_questions import ASPECTS, aspect_of, aspects_of, matches, shared_point
from bot.understanding.slot_filling.profile import wanted_occupations

#: From this probability on the model's act opens a question without its own words.
MIN_CONFIDENCE = 0.8
#: From this probability of another field on, a message of no business asks nothing of a listing.
MIN_OTHER_FIELD_SHARE = 0.25
#: Longer messages are stories: what they ask is read by the model alone.
MAX_QUESTION_CHARS, MAX_FOLLOW_UP_CHARS = 40, 24
#: Characters of a question that is of what is shown, whatever policy it sounds like.
MAX_SHORT_CHARS = 6
#: Characters of an answer that is nothing but a place.
MAX_BARE_PLACE_CHARS = 10
#: Questions of one message that are answered.
_MAX_QUESTIONS = 3
#: What a message wants done, or a list it wants changed: never one of several questions.
_BUSINESS = frozenset(
    ("withdraw", "remind", "enrol_for_me", "news", "no_news", "nearest", "other", "calendar")
)
#: The fields in which listings of each kind are spoken of.
_FIELD_BY_KIND = {"station": "places", "fair": "fair", "course": "training"}
_KIND_BY_ACT = {"station": "station", "fair": "fair", "training": "course"}
_FIELD_BY_ACT = {"station": "places", "fair": "fair", "training": "training"}
#: Policies that a question about a station, a fair or a course may sound like.
_NEIGHBOUR_TOPICS = frozenset(
    (
        "service-station", "training-subsidy", "skill-assessment-subsidy", "skill-upgrade-subsidy",
        "gig-market", "hotline-12333", "spring-breeze", "spring-liaoshen", "home-service-brand",
        "skilled-talent", "apprenticeship", "recruitment-fraud", "veteran-employment",
        "graduate-employment", "disability-employment", "migrant-worker", "startup-loan",
    )
)  # fmt: skip
#: Acts that are never taken for such a question.
_OTHER_ACTS = frozenset(("distress", "handoff", "my_data", "unsubscribe", "report_posting"))
_SENTENCE_END = re.compile(r"(?<=[。\n])")
_REGION_HANDLERS = {
    "station": stations.in_region,
    "fair": fairs.in_region,
    "course": courses.in_region,
    "directory": directories.in_region,
}
#: What is asked of a station and of nothing else.
_OF_STATIONS = frozenset(("facility", "unreached", "wrong"))
#: What is asked of a place itself.
_OF_PLACES = frozenset(("open_now", "phone", "hours", "way", "nearest", "where", "facility"))
_QUESTION_HANDLERS = {
    "station": stations.answer_station,
    "fair": fairs.answer_fair,
    "course": courses.answer_course,
}


def answer_places(turn: Turn) -> Message | None:
    """Return the answer to a question about places near by; None leaves the turn to others."""
    text = normalise(turn.text).text
    listing = ListedPlaces.from_turn(turn) or _resumed(turn, text)
    if not text.strip() or (turn.act in _OTHER_ACTS and not _is_of_telephone(text, listing)):
        return None
    of_office = turn.act == "station" and is_sure_of_policy(turn)  # 仲裁委的地址告诉我
    plainly = is_plainly_of_knowledge(turn) or has_likely_unit(turn) or of_office
    if plainly and not _asks_of_places(turn, text, listing):
        return None if len(text) > MAX_QUESTION_CHARS else _subsidy_of_trade(turn, text)
    if listing is not None:
        message = _continue_listing(turn, text, listing)
        if message is not None:
            return message
    story = len(text) > MAX_QUESTION_CHARS and not _is_certain(turn)
    if story or matches("of_rules", text) or matches("organises", text):
        return None
    return _open_listing(turn, text, listing)


def _resumed(turn: Turn, text: str) -> ListedPlaces | None:
    """Return the list shown earlier where a message plainly asks of it: 那第一个站具体地址."""
    listing = ListedPlaces.earlier(turn)
    if listing is None or not listing.ids or names_place(turn):
        return None
    kind, aspect = listing.kind, aspect_of(listing.kind, text) if listing.kind in ASPECTS else None
    of_kind = _KIND_BY_ACT.get(turn.act) == kind
    numbered = bool(turn.of_kind("ordinal")) and matches(kind, text)
    return listing if numbered or (of_kind and aspect) or aspect in _OF_STATIONS else None


def _is_of_telephone(text: str, listing: ListedPlaces | None) -> bool:
    """Tell whether a message says that nobody answers, or that what a station states is wrong."""
    aspect = aspect_of("station", text) if listing and listing.kind == "station" else None
    return aspect in ("unreached", "wrong")


def _asks_of_places(turn: Turn, text: str, listing: ListedPlaces | None) -> bool:
    """Tell whether a text asks by its own words of places, although it is read as of a policy.

    Of a station shown it asks what is done: 办失业登记在这能办不; of a course its fee, its days.
    """
    if matches("of_rules", text) or matches("organises", text):
        return False
    if listing is not None and listing.ids and len(text) <= MAX_FOLLOW_UP_CHARS:
        return _is_of_listed(turn, text, listing)
    aspect = aspect_of("station", text)
    asks = aspect in _OF_PLACES or (names_place(turn) and matches("asks_station", text))
    return asks and (matches("station", text) or matches("gig_post", text))


def _is_of_listed(turn: Turn, text: str, listing: ListedPlaces) -> bool:
    """Tell whether a short text asks of what is shown and of no other policy."""
    short = len(text) <= MAX_SHORT_CHARS  # 咋走 is no end of a contract
    if names_topic(turn) and turn.topics[0].name not in _NEIGHBOUR_TOPICS and not short:
        return listing.kind == "station" and matches("this_place", text)
    if listing.kind == "station":
        return matches("this_place", text) or aspect_of("station", text) in _OF_PLACES
    if listing.kind == "course" and (courses.filtered(text) or turn.of_kind("age")):
        return True
    return listing.kind in ASPECTS and aspect_of(listing.kind, text) is not None


def answer_shared_place(turn: Turn) -> Message | None:
    """List what is near a place that was shared: what was asked for, else the stations.

    None for other messages, and while another question waits for a place.
    """
    text = normalise(turn.text).text
    if shared_point(text) is None or turn.previous.open_question is not None:
        return None
    listing = ListedPlaces.from_turn(turn)
    if listing is not None and listing.kind in _REGION_HANDLERS and listing.kind != "directory":
        return _REGION_HANDLERS[listing.kind](turn, replace(listing, asks="", viewed=None))
    return stations.open_stations(turn, text, listing)


def _open_listing(turn: Turn, text: str, listing: ListedPlaces | None) -> Message | None:
    """Answer a message that asks for places by its own words."""
    if is_elsewhere(mentioned_place(turn, None)):
        return None
    if _asks_directory(turn, text):
        return directories.open_directory(turn, text)
    of_subsidy = _subsidy_of_trade(turn, text)
    if of_subsidy:
        return of_subsidy
    if matches("expert", text) and aspect_of("fair", text) in ("when", "where"):
        return fairs.open_fairs(turn, text, "expert")
    if matches("gig_day", text) and not matches("gig_post", text):
        return fairs.open_fairs(turn, text, "gig")
    if (matches("fair", text) or _is_sure(turn, "fair")) and _may_be_act(turn, "fair"):
        return fairs.open_fairs(turn, text)
    if _asks_course(turn, text):
        return courses.open_courses(turn, text, listing)
    if _asks_station(turn, text):
        return stations.open_stations(turn, text, listing)
    return None


def _subsidy_of_trade(turn: Turn, text: str) -> Message | None:
    """Say what learning a trade is subsidised with: 我学叉车能补多少钱."""
    trades = wanted_occupations(turn.entities)
    if not trades or not (matches("subsidy_of_trade", text) and matches("learns", text)):
        return None
    return courses.answer_subsidy(trades[0], mentioned_place(turn, None).place.region)


def _is_certain(turn: Turn) -> bool:
    """Tell whether classifier and arbiter both read a question for places, however long."""
    reading, field = turn.reading, _FIELD_BY_ACT.get(turn.act)
    agrees = reading is not None and reading.field == field and reading.share >= MIN_CONFIDENCE
    return agrees and turn.confidence >= MIN_CONFIDENCE


def _is_sure(turn: Turn, act: str) -> bool:
    """Tell whether the model is sure of an act without words of that act in the message."""
    return turn.act == act and turn.confidence >= MIN_CONFIDENCE


def _may_be_act(turn: Turn, act: str) -> bool:
    """Tell whether a message may be what its words say: no policy is plainly asked about."""
    return turn.act == act or not names_topic(turn) or turn.topics[0].name in _NEIGHBOUR_TOPICS


def _asks_directory(turn: Turn, text: str) -> bool:
    if not matches("directory", text) or wanted_occupations(turn.entities):
        return False
    return not seeks_work(text, turn.entities) or turn.act == "training"


def _asks_course(turn: Turn, text: str) -> bool:
    if seeks_work(text, turn.entities) and not matches("course", text):
        return False
    names_subject = (
        matches("course", text) or wanted_occupations(turn.entities) or turn.of_kind("region")
    )
    if turn.act == "training" and names_subject:
        return True
    return (
        matches("course", text)
        and bool(wanted_occupations(turn.entities))
        and _may_be_act(turn, "training")
    )


def _asks_station(turn: Turn, text: str) -> bool:
    of_gigs, has_question = matches("gig_post", text), matches("asks_station", text)
    plain = of_gigs or (turn.act == "station" and has_question and matches("station", text))
    if matches("other_office", text) or (seeks_work(text, turn.entities) and not plain):
        return False
    listed = turn.previous.subject == "job" and bool(turn.previous.shown_ids)
    of_places = not listed or bool(turn.of_kind("region"))  # 几点下班 is asked of a posting
    if turn.act == "station" and of_places and (turn.confidence >= MIN_CONFIDENCE or has_question):
        return named_programme(turn) is None  # 抚顺那个雷锋365在哪
    return (of_gigs or matches("station", text)) and has_question


def _continue_listing(turn: Turn, text: str, listing: ListedPlaces) -> Message | None:
    """Answer a message that goes on with what was shown: a place, a number, a question."""
    kind = listing.kind
    of_work = seeks_work(text, turn.entities) and not (kind == "fair" and matches("openings", text))
    if kind == "course" and matches("after", text):
        of_work = False  # 学完好找活吗
    if len(text) > MAX_FOLLOW_UP_CHARS or of_work:
        return None
    if kind == "directory" and wanted_occupations(turn.entities):
        return courses.open_courses(turn, text, listing)
    has_place = names_place(turn)
    field = _FIELD_BY_KIND.get(kind, "places")
    if len(text) > MAX_BARE_PLACE_CHARS and is_of_another_field(turn, field):
        return None
    if (listing.asks == "region" or kind == "directory") and has_place and kind in _REGION_HANDLERS:
        return _REGION_HANDLERS[kind](turn, replace(listing, asks=""))
    if kind not in _QUESTION_HANDLERS:
        return None
    numbered = _numbered_position(turn, listing)
    aspect = aspect_of(kind, text) or ("detail" if numbered is not None else None)
    if listing.asks in ("remind", "enrol_for_me") and numbered is not None:
        enrol = listing.asks == "enrol_for_me"
        return reminders.ask(turn, replace(listing, asks=""), numbered, enrol=enrol)
    if _is_another_subject(turn, text, kind, aspect):
        return None
    if has_place and matches(kind, text) and numbered is None:
        return None  # asked anew, whatever stands there
    if has_place:
        return _ask_for_other_place(turn, text, listing, aspect)
    if numbered is not None:
        listing = replace(listing, viewed=numbered)
    elif turn.act in UNKNOWN_ACTS and is_of_another_field(turn, field, share=MIN_OTHER_FIELD_SHARE):
        return None  # only a word of it is like a question for what is shown
    return _answer_questions(turn, text, replace(listing, asks=""), aspect)


def _answer_questions(
    turn: Turn, text: str, listing: ListedPlaces, aspect: str | None
) -> Message | None:
    """Answer what a message asks of what is shown; two questions are answered one after another."""
    handler, questions = _QUESTION_HANDLERS[listing.kind], _plain_questions(listing.kind, text)
    if len(questions) < 2:
        return handler(turn, text, listing, aspect)
    answers = [handler(turn, clause, listing, asked) for clause, asked in questions]
    messages = [message for message in answers if message is not None]
    return _joined(messages) if messages else None


def _plain_questions(kind: str, text: str) -> list[tuple[str, str]]:
    """Return the questions of a message that one sentence each answers: clause and aspect."""
    asked = aspects_of(kind, text)
    return [] if any(aspect in _BUSINESS for _, aspect in asked) else asked[:_MAX_QUESTIONS]


def _joined(messages: Sequence[Message]) -> Message:
    """Return the answers to several questions as one; the notes that end all of them once."""
    answers = [_SENTENCE_END.split(message.text.strip()) for message in messages]
    answers = [[sentence for sentence in answer if sentence] for answer in answers]
    notes: list[str] = []
    while all(len(answer) > 1 for answer in answers) and len({a[-1] for a in answers}) == 1:
        notes.insert(0, answers[0][-1])
        for answer in answers:
            answer.pop()
    lines = dict.fromkeys("".join(answer).strip() for answer in answers)
    return replace(messages[-1], text="\n".join([*lines, "".join(notes)]).strip())


def answer_instead(turn: Turn, fixed: Message) -> Message:
    """Return an answer; in the place of the fixed one, which says that nothing is listed at all,
    a question for the place where something is.
    """
    kind = _KIND_BY_ACT.get(turn.act)
    if kind is None or fixed.text != reply(turn.act, None).text:
        return fixed
    with session() as db:
        if not has_any(db, kind):
            return fixed
    return reply(f"places_which_{kind}", turn.act)


def goes_on(turn: Turn) -> bool:
    """Tell whether each question of a message is one of what is shown."""
    listing = ListedPlaces.from_turn(turn)
    if listing is None or listing.kind not in _QUESTION_HANDLERS or not listing.ids:
        return False
    return len(_plain_questions(listing.kind, normalise(turn.text).text)) > 1


def _numbered_position(turn: Turn, listing: ListedPlaces) -> int | None:
    """Return the position that a message names; None when it names none of the list."""
    ordinals = turn.of_kind("ordinal")
    position = int(ordinals[-1]["value"]) - 1 if ordinals else None
    bare = turn.text.strip()
    if position is None and len(bare) == 1 and bare in "123456789":
        position = int(bare) - 1
    return position if position is not None and 0 <= position < len(listing.ids) else None


def _is_another_subject(turn: Turn, text: str, kind: str, aspect: str | None) -> bool:
    """Tell whether a message names a thing of another kind, or a policy, by itself."""
    if matches("of_rules", text):
        return True
    if kind != "fair" and matches("fair", text):
        return True
    if kind != "station" and matches("station", text):
        return True
    if kind != "course" and matches("course", text) and bool(wanted_occupations(turn.entities)):
        return True
    if kind != "course" and (matches("directory", text) or matches("gig_day", text)):
        return True
    names_policy = names_topic(turn) and turn.topics[0].name not in _NEIGHBOUR_TOPICS
    return names_policy and turn.topics[0].confidence > 0.6 and (aspect is None or len(text) > 10)


def _ask_for_other_place(
    turn: Turn, text: str, listing: ListedPlaces, aspect: str | None
) -> Message | None:
    """Ask the same for another place: 那大连呢, 沈阳哪天."""
    mention = mentioned_place(turn, listing)
    if is_elsewhere(mention):
        return None
    region = mention.place.region
    if aspect is not None and region and listing.region and _is_same_place(region, listing):
        return _QUESTION_HANDLERS[listing.kind](turn, text, listing, aspect)
    if aspect is not None or not is_bare_place(turn):
        wish = {**listing.wish, "aspect": aspect}
        return _REGION_HANDLERS[listing.kind](turn, replace(listing, wish=wish, viewed=None))
    return _REGION_HANDLERS[listing.kind](turn, replace(listing, viewed=None, point=None))


def _is_same_place(region: str, listing: ListedPlaces) -> bool:
    """Tell whether a place is the one that stands before the person."""
    return region == listing.region and bool(listing.ids)

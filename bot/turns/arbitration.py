"""Arbitration between rules, classifier and the state of the talk: the business of a message."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import is_dataclass, replace
from zlib import crc32

from bot.calculators.inputs import extract_lasting_facts
from bot.dialogue.arbiter import arbiter
from bot.dialogue.message import ParsedMessage
from bot.dialogue.readings import Reading, Thread, field_of
from bot.dialogue.state import Asks, DialogueState, Shows, requested_kind
from bot.fixed_replies import reply
from bot.messages import Button, Message
from bot.policies.replies import MAX_BUTTONS
from bot.settings import settings
from bot.text.normalise import normalise
from bot.text.pattern_file import read_patterns
from bot.text.questions import is_question
from bot.turns.echo import echoed_words
from bot.turns.sums import merged_results
from bot.turns.told import PREFIX, TALK_FACTS, told_in
from bot.turns.turn import Turn
from bot.understanding.inquiries import seeks_work
from bot.wages_owed import claims as wage_claims

#: From these probabilities on the arbiter's field holds: against an act that the classifier is not
#: certain of, against one that it is certain of (from CERTAIN on), against one that a rule chose.
LIKELY, SURE, OVER_A_RULE = 0.6, 0.8, 0.9
CERTAIN = 0.9
#: Characters of a question that is asked of the posting shown, whatever it sounds like: 签合同不.
MAX_POSTING_QUESTION_CHARS = 14
#: From this probability on it holds of a message that the classifier makes nothing of.
BEGINNING = 0.5
#: Characters of a bare answer, and the probability from which on despair is certain amid business.
MAX_BARE_ANSWER_CHARS, DESPAIR = 8, 0.8
#: Below this probability of despair no line of care is said to what plainly is of business.
UNLIKELY = 0.5
#: The thread of each act that is a business of its own.
THREADS: dict[str, Thread] = {
    "policy": "policy", "calculate": "calculation", "eligibility": "eligibility",
    "find_job": "job_search", "refine_job": "job_search", "follow_up": "follow_up",
    "report_posting": "report", "station": "places", "training": "training", "fair": "fair",
    "subscribe": "subscription", "unsubscribe": "subscription", "register": "register",
    "handoff": "handoff", "my_data": "my_data", "greet": "small_talk", "thanks": "small_talk",
    "help": "bot", "distress": "safety", "out_of_scope": "unknown_subject",
}  # fmt: skip
#: The act by which a field is answered that the rules had not thought of.
ACTS = {
    "knowledge": "policy", "jobs": "refine_job", "places": "station", "training": "training",
    "fair": "fair",
}  # fmt: skip
#: Fields answered by whichever of their acts the classifier finds likeliest.
FIELDS_BY_RANKING = frozenset(("subscription", "register", "follow_up", "my_data"))
#: Moves that go on with what was said, and the probability from which on one is taken for it.
_TELLING_MOVES = frozenset(("answer", "tell", "correct"))
_CONTINUING_MOVES, LEANS = frozenset(("answer", "follow", "vary", "tell", "correct")), 0.6
#: Acts of messages that seem to be of no business.
UNKNOWN_ACTS = frozenset(("out_of_scope", "nlu_fallback"))
_SEARCH_MOVES = frozenset(("open", "change", "more", "answer"))
#: What is stated of the person himself, which another business changes nothing of; and the policy
#: that was spoken of as it was told, beside it.
PERSON_FACTS, TOLD_TOPIC = frozenset(("age", "born", "group")), "told_of"
#: What is stated of the work that one had, whatever the message was taken for; not amid a search,
#: where a length is one of experience.
SERVICE_FACTS = frozenset(("months", "since", "until", "offer"))
_SEARCH_FIELDS = frozenset(("subscription", "register"))
#: Acts that say too little of a message to hold against the talk.
_WEAK_ACTS = frozenset(("inform", "affirm", "deny", "nlu_fallback"))


def state_of(turn: Turn) -> DialogueState:
    """Return the state that a turn is read against."""
    return turn.state


def read_turn(turn: Turn) -> Reading | None:
    """Return how the message is read within the talk; None without an arbiter, or with no words."""
    reads = arbiter()
    if reads is None or not turn.text.strip():
        return None
    return reads.read(ParsedMessage.from_parse(turn.text, turn.parsed), state_of(turn))


def arbitrated_act(turn: Turn) -> str:
    """Return the act of a turn within a talk: the arbiter's, where it is sure enough.

    On dialogues held out it is right ten times as often as a classifier that is not certain, and
    more often than one that is. A first message says by itself what it wants.
    """
    reading, state = turn.reading, state_of(turn)
    thread = THREADS.get(turn.act)
    if reading is None or (thread and field_of(thread) == reading.field):
        return turn.act
    text = normalise(turn.text).text
    of_search = turn.act in ("find_job", "refine_job")
    if not state.field:
        unclear = turn.act == "nlu_fallback" and reading.share >= BEGINNING
        if unclear and reading.field == "jobs":
            return "find_job"
        doubted = of_search and turn.confidence < BEGINNING and reading.field == "knowledge"
        of_policy = doubted and reading.share >= LIKELY and not seeks_work(text, turn.entities)
        return "policy" if of_policy else turn.act  # a story of work that nobody wishes for
    seeks = of_search and seeks_work(text, turn.entities)
    if seeks or reading.share < _field_threshold(turn):
        return turn.act
    if thread is None and turn.act in _WEAK_ACTS and reading.field == state.field:
        unclear = turn.act == "nlu_fallback" and is_of_knowledge(turn)
        return "policy" if unclear else turn.act  # what is open takes a bare answer
    return ACTS.get(reading.field) or _likeliest_act(turn, reading.field) or turn.act


def _field_threshold(turn: Turn) -> float:
    """Return from which probability on the arbiter's field holds against an act."""
    if turn.act != turn.intended:
        return OVER_A_RULE
    if turn.act == "nlu_fallback":
        return BEGINNING
    return SURE if turn.confidence >= CERTAIN else LIKELY


def _likeliest_act(turn: Turn, field: str) -> str | None:
    """Return the likeliest act of a field by the classifier; None when it thinks of none."""
    acts = (str(ranked_act["name"]) for ranked_act in turn.parsed.get("intent_ranking") or ())
    own = (act for act in acts if act in THREADS and field_of(THREADS[act]) == field)
    return next(own, None) if field in FIELDS_BY_RANKING else None


def continues_policy(turn: Turn) -> bool:
    """Tell whether a message goes on with the policy spoken of, though it sounds like another."""
    reading = turn.reading
    return (
        reading is not None
        and reading.field == "knowledge" == state_of(turn).field
        and reading.move in _CONTINUING_MOVES
        and reading.move_share >= LEANS
    )


def only_tells(turn: Turn) -> bool:
    """Tell whether a message tells a fact within the policy spoken of, and asks nothing."""
    telling_move = turn.reading is not None and turn.reading.move in _TELLING_MOVES
    return telling_move and is_of_knowledge(turn) and not is_question(turn.text)


def is_of_knowledge(turn: Turn) -> bool:
    """Tell whether a message goes on with a policy or a sum, even with a wage in it: 一天三百."""
    reading = turn.reading
    return (
        reading is not None
        and reading.field == "knowledge" == state_of(turn).field
        and reading.share >= SURE
    )


def is_plainly_of_knowledge(turn: Turn) -> bool:
    """Tell whether classifier and arbiter both read a question of policies or sums.

    Nothing that only has the words of another business is made of it then: 站点说是合作关系不管
    asks for no station, 银行天天打电话 for no posting's telephone.
    """
    reading = turn.reading
    if reading is None or reading.field != "knowledge" or reading.share < OVER_A_RULE:
        return False
    if may_be_of_listed(turn):
        return False
    thread = THREADS.get(turn.act)
    if thread and field_of(thread) == "knowledge":
        return turn.confidence >= CERTAIN
    begins = reading.move == "open" and reading.move_share >= LEANS
    return turn.act in UNKNOWN_ACTS and begins


def may_be_of_listed(turn: Turn) -> bool:
    """Tell whether a few words may ask of the posting shown, whatever they sound like."""
    listed = state_of(turn).shows in ("posting", "postings")
    return listed and len(turn.text.strip()) <= MAX_POSTING_QUESTION_CHARS


def is_of_another_field(turn: Turn, field: str, share: float = SURE) -> bool:
    """Tell whether a message is read as of another field than one, from a probability on."""
    reading = turn.reading
    return reading is not None and reading.field != field and reading.share >= share


def goes_on_searching(turn: Turn) -> bool:
    """Tell whether a message is read as a wish for work, not as a question about a list."""
    reading = turn.reading
    if reading is None or reading.field != "jobs" or reading.share < LIKELY:
        return False
    return reading.move in _SEARCH_MOVES and reading.move_share >= LEANS


def is_bare_answer(turn: Turn) -> bool:
    """Tell whether a few words that sound like despair answer what was just asked: 想自己干."""
    return (
        is_unsure_despair(turn)
        and state_of(turn).asks != ""
        and len(turn.text) <= MAX_BARE_ANSWER_CHARS
    )


def is_unsure_despair(turn: Turn) -> bool:
    """Tell whether despair may be heard amid business, and the classifier is not certain of it.

    The business is answered then, with a kind line; words of despair are heard before this.
    """
    return turn.confidence < DESPAIR and state_of(turn).field not in ("", "safety")


def goes_about_business(turn: Turn) -> bool:
    """Tell whether a message in which despair is hardly heard plainly asks of business.

    No line of care is said to it: 腿好了不想送了，有没有坐着干的活. A place or an age told with it
    does not make it one of business: a farewell may hold them.
    """
    if turn.reading is not None and turn.reading.field == "safety":
        return False
    seeks = seeks_work(normalise(turn.text).text, turn.entities)
    return turn.confidence < UNLIKELY and (seeks or is_question(turn.text))


def tells_of_sorrow(turn: Turn) -> bool:
    """Tell whether a message in which despair is likely asks nothing: it is heard, and no more."""
    seeks = seeks_work(normalise(turn.text).text, turn.entities)
    return turn.confidence >= UNLIKELY and not (seeks or is_question(turn.text))


def begins_with_business(turn: Turn) -> bool:
    """Tell whether a first message plainly seeks work: 感觉天都塌了……现在找工作还来得及吗.

    A kind line goes with the answer. What else a first message asks is heard as despair.
    """
    seeks = seeks_work(normalise(turn.text).text, turn.entities)
    return turn.confidence < UNLIKELY and seeks and not state_of(turn).field


def second_likeliest_act(turn: Turn) -> str:
    """Return the act that a message was next likeliest taken for."""
    ranking = list(turn.parsed.get("intent_ranking") or ())
    return str(ranking[1]["name"]) if len(ranking) > 1 else "nlu_fallback"


def remember(turn: Turn, messages: Sequence[Message]) -> None:
    """Keep the state of the talk after the answers to a turn.

    What is asked about one's own data leaves none: nothing is kept of what was just deleted.
    """
    if any(message.act == "my_data" for message in messages):
        return
    state = state_of(turn)
    if not any(message.act for message in messages):
        return  # a remark, or nothing understood: what is spoken of stands
    # A line beside the answer (care, privacy) is of no business and leaves its buttons standing.
    of_business = [message for message in messages if message.act] or messages
    for message in of_business:
        thread = THREADS.get(str(message.act))
        shows = _shows(turn, message)
        if shows == "posting":
            thread = "posting"
        name = thread or state.thread
        field = field_of(thread) if thread else state.field
        offers = tuple(button.says for button in message.buttons)
        topics = getattr(message, "topics", None) or (None,)
        state = state.after_answer(
            field, name, topics[0], _requested_kind(turn, message), shows, offers
        )
        state = replace(state, said=checksum(message))
    unit = turn.units[-1] if turn.units else ""
    if turn.current.person != turn.previous.person:
        of_talk = {
            name: state.stated[name] for name in state.stated.keys() & {*TALK_FACTS, "ledger"}
        }
        state = replace(state, stated=of_talk)  # the rest is of somebody else
    new_facts = extract_lasting_facts(turn.text, turn.entities)
    new_facts |= wage_claims.lasting_facts(turn.text, turn.current.facts, state.stated)
    told = told_in(turn.text, turn.entities, state.stated)
    new_facts |= told
    if new_facts.keys() & PERSON_FACTS:
        new_facts[TOLD_TOPIC] = state.topic if state.field == "knowledge" else None
    facts = {**state.stated, **new_facts}
    state = state.with_message(turn.text, new_facts, unit)
    if turn.results:
        state = replace(state, results=merged_results(state.results, turn.results))
    own = {name: facts[name] for name in facts.keys() & {*PERSON_FACTS, TOLD_TOPIC, "ledger"}}
    if state.field not in _SEARCH_FIELDS:
        own |= {name: new_facts[name] for name in new_facts.keys() & SERVICE_FACTS}
    own |= {name: facts[name] for name in facts if name.startswith(PREFIX)} | told
    state = replace(state, stated={**own, **state.stated})  # 我53 男 holds after a search as well
    turn.set(dialogue=state.to_slot())


def without_repetition(turn: Turn, messages: Sequence[Message]) -> list[Message]:
    """Return the answers, none of a policy in the very words of the answer before it, but to a
    question, which may mean another part of them, or to a correction.

    What was told is said back then, and the further questions are offered.
    """
    is_correction = turn.reading is not None and turn.reading.move == "correct"
    return [
        acknowledged(turn, [b.says for b in message.buttons], message.act)
        if _repeats(turn, message) and not (is_correction or is_question(turn.text))
        else message
        for message in messages
    ]


def _repeats(turn: Turn, message: Message) -> bool:
    is_policy_answer = message.act in ("policy", "calculate") and message.type == "policy_answer"
    goes_on = turn.reading is not None and turn.reading.move in _CONTINUING_MOVES
    return is_policy_answer and goes_on and not turn.inquires and was_just_said(turn, message)


def was_just_said(turn: Turn, message: Message) -> bool:
    """Tell whether an answer has the very words of the one before it."""
    return checksum(message) == state_of(turn).said


def acknowledged(turn: Turn, further: Sequence[str] = (), act: str | None = "policy") -> Message:
    """Return what is said where there is nothing new to say: what was told is said back.

    `further` are questions that may be asked next.
    """
    if complains(turn):
        return reply("doubted", act)
    if is_discouraged(turn):
        return reply("discouraged", act)
    words = echoed_words(turn, stands=True)
    reading = turn.reading
    corrects = reading is not None and reading.move == "correct" and reading.move_share >= CERTAIN
    name = "noted" if words else "set_right" if corrects else "listening"
    acknowledgement = reply(name, act)
    further_buttons = [
        Button(question, question) for question in further if question not in state_of(turn).offers
    ]
    text = acknowledgement.text.format(heard="、".join(words))
    return replace(
        acknowledgement,
        text=text,
        buttons=[*further_buttons, *acknowledgement.buttons][:MAX_BUTTONS],
    )


def complains(turn: Turn) -> bool:
    """Tell whether a message doubts the answer of a policy: 你说的跟街道说的不一样."""
    if state_of(turn).field != "knowledge":
        return False
    patterns = read_patterns(settings().data_file("vocab", "complaints.yml"))
    return bool(patterns["doubts"].search(normalise(turn.text).text))


def asks_who_answers(turn: Turn) -> bool:
    """Tell whether a message asks if this is official, or a person: 你是真的政府的不."""
    patterns = read_patterns(settings().data_file("vocab", "complaints.yml"))
    return bool(patterns["identity"].search(normalise(turn.text).text))


def is_discouraged(turn: Turn) -> bool:
    """Tell whether a message says that asking is of no use: 算了 问了也白问."""
    patterns = read_patterns(settings().data_file("vocab", "complaints.yml"))
    return bool(patterns["discouraged"].search(normalise(turn.text).text))


def checksum(message: Message) -> int:
    """Return what stands for the words of a message in the state of the talk."""
    return crc32(message.text.encode())


def _shows(turn: Turn, message: Message) -> Shows:
    items = getattr(message, "items", None)
    if items is None or not is_dataclass(message):
        return "posting" if message.act == "refine_job" and turn.current.viewed_id else ""
    if message.type != "postings":
        return ""
    return "posting" if len(items) == 1 else "postings"


def _requested_kind(turn: Turn, message: Message) -> Asks:
    """Return the kind of what an answer asks for, if it asks."""
    if message.status not in ("form", "clarify") and "？" not in message.text[-40:]:
        return ""
    open_question = turn.current.interview.open_question if message.act == "eligibility" else None
    missing = turn.current.facts.get("missing") if message.act == "calculate" else None
    name = open_question or missing or turn.current.open_question
    kind = requested_kind(str(name)) if name else ""
    return kind if kind not in ("", "other") else requested_kind(message.text[-40:])

"""Remarks that ask nothing and tell nothing of a business: 今年旱，没打多少粮; 下回请你喝酒."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from bot.fixed_replies import reply
from bot.handlers.ranked_units import only_tells, ranked
from bot.messages import Message
from bot.text.normalise import normalise
from bot.text.questions import asks_or_not
from bot.turns.arbitration import (
    CERTAIN,
    LIKELY,
    UNKNOWN_ACTS,
    acknowledged,
    checksum,
    is_unsure_despair,
    state_of,
)
from bot.turns.turn import Turn
from bot.understanding.inquiries import inquiry, seeks_work
from bot.understanding.remark_kinds import GRAVE, kinds, remark_kind, remark_patterns, tells_matter

#: From this probability on a unit of the policy base answers what sounds like a remark; what the
#: arbiter is sure to be one, from ANSWERED_SURELY on; what shows a feeling as well, BEYOND_DOUBT.
ANSWERED, ANSWERED_SURELY, BEYOND_DOUBT = 0.3, 0.6, 0.9
#: From these probabilities of small talk on the arbiter is sure, and certain, of a remark.
SURE, CERTAIN_OF_TALK = 0.8, 0.9
#: From this probability on a message is a remark that the classifier makes nothing of, or takes
#: for despair without being certain; and one whose words show a feeling.
OF_NOTHING, FELT = 0.5, 0.25
#: Below this probability of a unit, and from this one of small talk on, nothing else is to be
#: said to what neither asks nor has a word of business.
ANSWERED_HARDLY, HARDLY_TALK = 0.15, 0.35
#: Kinds of what was read that tell facts of a matter.
_FACT_KINDS = frozenset(("duration", "amount", "salary", "group", "education"))
#: Fields in which a feeling may be all that a message tells.
_FEELING_FIELDS = frozenset(
    ("knowledge", "small_talk", "bot", "safety", "unknown_subject", "places")
)
#: Acts whose fixed replies say enough, from OF_NOTHING on.
_FIXED_REPLY_ACTS = frozenset(("thanks", "greet", "handoff", "my_data", "distress", "unsubscribe"))
#: From this probability of despair on, likeliest or not, only these kinds are said.
DESPAIR_HEARD = 0.3
_KINDS_AMID_DESPAIR = GRAVE | {"hard"}
#: The number of the helpline, as replies name it.
HELPLINE = "12356"
#: Kinds that weigh on somebody more than the matter told with them.
_GRIEF_KINDS = frozenset(("loss", "heavy", "sleepless", "secret", "shame", "scammed"))
#: Characters of what tells a matter beside an excuse.
MIN_MATTER_CHARS = 5


def answer_remark(turn: Turn) -> Message | None:
    """Return what is said to a remark; None for a message that wants something."""
    text = normalise(turn.text).text
    kind = remark_kind(text)
    if turn.act in UNKNOWN_ACTS and remark_patterns()["jokes"].search(text):
        return _reply_to(turn, "light")
    mourns = turn.act == "thanks" and kind == "loss"
    return _reply_to(turn, kind) if mourns or _is_remark(turn, text, kind) else None


def answer_told(turn: Turn) -> Message | None:
    """Return a kind word to a remark, or that it is noted, where a message amid a talk of policies
    only tells something; None where it wants something.
    """
    awaited = turn.previous.form or turn.previous.open_question or state_of(turn).asks
    if awaited or not only_tells(turn):
        return None
    kind, reading = remark_kind(normalise(turn.text).text), turn.reading
    chats = reading is not None and reading.field == "small_talk"
    return _reply_to(turn, kind) if kind and chats else acknowledged(turn)


def is_remark_reply(message: Message) -> bool:
    """Tell whether a message is what is said to a remark."""
    names = ["remark", *(f"remark_{kind}" for kind in kinds())]
    texts = {
        reply(name, None, repeated=repeated).text for name in names for repeated in (False, True)
    }
    return message.text in texts


def names_helpline(message: Message) -> bool:
    """Tell whether a message is said to a remark and names the helpline by itself."""
    return HELPLINE in message.text and is_remark_reply(message)


def is_plain_fatigue(turn: Turn) -> bool:
    """Tell whether unsure despair amid a talk may only say that work tires the body.

    A line of care is said all the same. What is certain, or has one dark word, is no plain fatigue.
    """
    if turn.act != "distress" or not is_unsure_despair(turn):
        return False
    if turn.reading is not None and turn.reading.field == "safety":
        return False
    text, patterns = normalise(turn.text).text, remark_patterns()
    if patterns["heavy"].search(text) or patterns["dark"].search(text):
        return False
    return bool(patterns["fatigue"].search(text))


def strip_excuse(turn: Turn) -> None:
    """Take an excuse for one's way of writing out of a turn that tells a matter.

    锁骨折了 左手打字慢 别嫌弃 is read as 锁骨折了; what else was read keeps its place.
    """
    text = normalise(turn.text).text
    remainder = _text_without_excuse(text)
    if remainder and len(text) == len(turn.text):
        turn.text, turn.excuses = remainder.rstrip(), True


def _text_without_excuse(text: str) -> str:
    """Return a text with its excuse blanked out; empty where little else is said."""
    remainder = remark_patterns()["excuse"].sub(lambda hit: " " * len(hit[0]), text)
    length = len(remainder.replace(" ", "").strip(",。!;"))
    return remainder if remainder != text and length >= MIN_MATTER_CHARS else ""


def with_excuse(turn: Turn, messages: Sequence[Message]) -> list[Message]:
    """Return the answers, begun with a kind word where the message excused how it is written."""
    if not turn.excuses or not messages:
        return list(messages)
    kind_word = reply("excused", None).text
    return [replace(messages[0], text=f"{kind_word}{messages[0].text}"), *messages[1:]]


def _is_remark(turn: Turn, text: str, kind: str | None) -> bool:
    reading = turn.reading
    if reading is None or (turn.act == "nlu_fallback" and _question_open(turn)):
        return False  # an answer that was not understood is asked for once more
    if turn.act in _FIXED_REPLY_ACTS and turn.confidence >= OF_NOTHING:
        return False
    if _expects_answer(text) or seeks_work(text, turn.entities) or inquiry(text, turn.entities):
        return False
    share = reading.share if reading.field == "small_talk" else 0.0
    matter = tells_matter(text)
    felt = not matter and kind is not None and (kind != "excuse" or not _text_without_excuse(text))
    if matter and kind not in _GRIEF_KINDS:
        return False
    if share < _talk_threshold(turn, felt, matter):
        threshold = ANSWERED if felt else ANSWERED_HARDLY if share >= HARDLY_TALK else 0.0
        return not matter and _only_feels(turn, text) and _best_probability(turn) < threshold
    if matter or share < SURE:
        return _best_probability(turn) < (
            ANSWERED_SURELY if felt and share >= OF_NOTHING else ANSWERED
        )
    certain = felt and share >= CERTAIN_OF_TALK
    return _best_probability(turn) < (BEYOND_DOUBT if certain else ANSWERED_SURELY)


def _talk_threshold(turn: Turn, felt: bool, matter: bool) -> float:
    """Return from which probability of small talk on a message is a remark."""
    unknown = turn.act in UNKNOWN_ACTS or turn.confidence < OF_NOTHING
    if matter:
        return SURE
    if not unknown:
        return LIKELY
    amid = state_of(turn).field not in ("", "jobs")
    return FELT if felt and amid else OF_NOTHING


def _only_feels(turn: Turn, text: str) -> bool:
    """Tell whether a message that shows a feeling has nothing of business, apart from its reading.

    天下乌鸦一般黑 has not; what follows a question or states a fact is of the matter.
    """
    reading = turn.reading
    if reading is None or reading.field not in _FEELING_FIELDS:
        return False
    if turn.act not in UNKNOWN_ACTS and turn.confidence >= CERTAIN:
        return False
    state, business = state_of(turn), turn.act not in UNKNOWN_ACTS and turn.act != "policy"
    if not state.field or state.asks or (business and turn.confidence >= OF_NOTHING):
        return False
    tells_fact = any(entity["entity"] in _FACT_KINDS for entity in turn.entities)
    return not tells_fact and not remark_patterns()["business"].search(text)


def _best_probability(turn: Turn) -> float:
    """Return how likely the likeliest unit of the policy base answers a message."""
    hits = ranked(turn)
    return hits[0].probability if hits else 0.0


def _expects_answer(text: str) -> bool:
    """Tell whether a text asks something, rhetorical questions apart.

    A text with a word of business or a question mark may mean any question as it stands.
    """
    patterns = remark_patterns()
    remainder = text if patterns["earnest"].search(text) else patterns["rhetorical"].sub("", text)
    return asks_or_not(remainder) or text.endswith("吧")


def _reply_to(turn: Turn, kind: str | None) -> Message:
    """Return what is said to a kind of remark: in other words where the remark before got these."""
    if kind not in _KINDS_AMID_DESPAIR and _may_be_despair(turn):
        kind = "hard"
    name = f"remark_{kind}" if kind else "remark"
    message, state = reply(name, None), state_of(turn)
    if checksum(message) == state.remarked:
        message = reply(name, None, repeated=True)
    turn.set(dialogue=replace(state, remarked=checksum(message)).to_slot())
    return message


def _may_be_despair(turn: Turn) -> bool:
    """Tell whether despair is among what a message may be, likeliest or not."""
    ranking = turn.parsed.get("intent_ranking") or ()
    return any(
        ranked_act["name"] == "distress" and float(ranked_act["confidence"]) >= DESPAIR_HEARD
        for ranked_act in ranking
    )


def _question_open(turn: Turn) -> bool:
    """Tell whether the assistant has asked for a fact."""
    return bool(turn.previous.interview.open_question)

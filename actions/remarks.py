"""Remarks that ask nothing and tell nothing of a business: 今年旱，没打多少粮; 下回请你喝酒."""

from __future__ import annotations

from actions.arbitration import LIKELY, UNKNOWN
from actions.ranking import ranked
from actions.turn import Turn
from bot.messages import Message
from bot.replies import reply
from bot.settings import settings
from bot.text.normalise import normalise
from bot.text.pattern_file import read_patterns
from bot.text.question import asks_or_not

#: From this probability on a unit of the policy base answers what sounds like a remark.
ANSWERED = 0.3
#: From this probability on a message is a remark that the classifier makes nothing of, or takes
#: for despair without being certain.
OF_NOTHING = 0.5
#: Acts whose fixed replies say enough.
_POLITE = frozenset(("thanks", "greet", "handoff", "my_data", "distress", "unsubscribe"))
#: The reply to each kind of remark (data/vocab/remarks.yml), the first that fits.
_REPLIES = {"loss": "remark_loss", "light": "remark_light", "hard": "remark_hard"}


def answer_remark(turn: Turn) -> Message | None:
    """Return what is said to a remark; None for a message that wants something."""
    text = normalise(turn.text).text
    patterns = read_patterns(settings().data / "vocab" / "remarks.yml")
    if turn.act == "thanks" and patterns["loss"].search(text):
        return reply("remark_loss", None)
    if turn.act in UNKNOWN and patterns["jokes"].search(text):
        return reply("remark_light", None)
    reading = turn.reading
    if reading is None or (reading.field, reading.move) != ("small_talk", "chat"):
        return None
    if turn.act == "nlu_fallback" and _question_open(turn):
        return None  # an answer that was not understood is asked for once more
    unknown = turn.act in UNKNOWN or (turn.act == "distress" and turn.confidence < OF_NOTHING)
    least = OF_NOTHING if unknown else LIKELY
    polite = turn.act in _POLITE and not unknown
    if reading.share < least or polite or asks_or_not(turn.text):
        return None
    hits = ranked(turn)
    if hits and hits[0].probability >= ANSWERED:
        return None
    names = (name for kind, name in _REPLIES.items() if patterns[kind].search(text))
    return reply(next(names, "remark"), None)


def _question_open(turn: Turn) -> bool:
    """Tell whether the assistant has asked for a fact."""
    return bool((turn.slots.get("eligibility") or {}).get("open"))

"""Facts told alone: who somebody is and where (我是大连的，下岗了)."""

from __future__ import annotations

from dataclasses import replace

from bot.fixed_replies import reply
from bot.handlers.eligibility import note_own_facts
from bot.handlers.job_search_detection import REGISTERED
from bot.messages import Message
from bot.text.normalise import normalise
from bot.text.pattern_file import patterns
from bot.text.questions import is_question
from bot.turns.echo import echoed_words
from bot.turns.turn import Turn
from bot.understanding.slot_filling.profile import fill_incidental_slots
from bot.wording import wording

#: Kinds of facts that make an introduction; the others may stand beside them (下岗两年了).
_FACT_KINDS = ("region", "age", "group")
#: Kinds that may stand in an introduction.
_KINDS = frozenset((*_FACT_KINDS, "duration", "date", "person", "education", "experience"))
_PATTERNS = patterns("introduction")
_SAY = wording("introduction")


def answer_introduction(turn: Turn) -> Message | None:
    """Note the facts of a message that opens a talk with these alone, and ask what it is about.

    None amid a search, a policy or a question of ours, where a place or an age belongs to that.
    """
    return note_facts(turn) if is_introduction(turn) else None


def is_introduction(turn: Turn) -> bool:
    """Tell whether a message opens a talk with facts alone."""
    previous = turn.previous
    opens = not (previous.subject or previous.form or previous.open_question)
    return opens and tells_only_facts(turn)


def tells_only_facts(turn: Turn) -> bool:
    """Tell whether a message says who and where somebody is, and nothing else: 沈河的 女 51."""
    if is_question(turn.text):
        return False
    if any(group["value"] == REGISTERED for group in turn.of_kind("group")):
        return False  # answer_registered notes it
    kinds = {entity["entity"] for entity in turn.entities}
    return bool(kinds & set(_FACT_KINDS)) and kinds <= _KINDS and not _remainder(turn)


def note_facts(turn: Turn) -> Message | None:
    """Note the facts that a message tells, and ask what it is about; None when it tells none."""
    status = [hit.group() for hit in _PATTERNS["status"].finditer(normalise(turn.text).text)]
    words = list(dict.fromkeys([*echoed_words(turn, stands=True), *status]))
    if not words:
        return None
    age = _bare_age(turn)
    if age:
        words.append(_SAY("age", years=age))
    set_facts(turn)
    message = reply("introduction", "inform")
    return replace(message, text=message.text.format(heard="、".join(words)))


def set_facts(turn: Turn) -> None:
    """Set the slots of the facts that a message tells, an age told as a number alone among them."""
    turn.set(**fill_incidental_slots(turn.text, turn.entities, turn.previous))
    age = _bare_age(turn)
    if age:
        turn.set(age=age)
    note_own_facts(turn)


def _bare_age(turn: Turn) -> int | None:
    """Return the age that a message tells as a number alone, beside other facts; else None."""
    if turn.of_kind("age") or not tells_only_facts(turn):
        return None
    hit = _PATTERNS["bare_age"].search(normalise(turn.text).text)
    return int(hit["years"]) if hit else None


def _remainder(turn: Turn) -> str:
    """Return what a message says beside its facts; empty when it says nothing else."""
    rest = list(turn.text)
    for entity in turn.entities:
        start, end = int(entity["start"]), int(entity["end"])
        rest[start:end] = " " * (end - start)
    text = _PATTERNS["bare_age"].sub(" ", normalise("".join(rest)).text)
    text = _PATTERNS["status"].sub(" ", text)
    return _PATTERNS["filler"].sub("", text).strip()

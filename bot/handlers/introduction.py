"""Introductions: who somebody is and where, told before anything is asked (我是大连的，下岗了)."""

from __future__ import annotations

from dataclasses import replace

from bot.canned_replies import reply
from bot.handlers.eligibility import note_own_facts
from bot.handlers.job_search_detection import REGISTERED
from bot.messages import Message
from bot.text.normalise import normalise
from bot.text.pattern_file import patterns
from bot.text.questions import is_question
from bot.turns.echo import echoed_words
from bot.turns.turn import Turn
from bot.understanding.slot_filling.profile import fill_incidental_slots

#: Kinds of facts that make an introduction; the others may stand beside them (下岗两年了).
_FACT_KINDS = ("region", "age", "group")
#: Kinds that may stand in an introduction.
_KINDS = frozenset((*_FACT_KINDS, "duration", "date", "person"))
_PATTERNS = patterns("introduction")


def answer_introduction(turn: Turn) -> Message | None:
    """Note the facts of a message that opens a talk with these alone, and ask what it is about.

    None amid a search, a policy or a question of ours, where a place or an age belongs to that.
    """
    previous = turn.previous
    if previous.subject or previous.form or previous.open_question or is_question(turn.text):
        return None
    if any(group["value"] == REGISTERED for group in turn.of_kind("group")):
        return None  # answer_registered notes it
    kinds = {entity["entity"] for entity in turn.entities}
    if not kinds & set(_FACT_KINDS) or not kinds <= _KINDS or _remainder(turn):
        return None
    return note_facts(turn)


def note_facts(turn: Turn) -> Message | None:
    """Note the facts that a message tells, and ask what it is about; None when it tells none."""
    status = [hit.group() for hit in _PATTERNS["status"].finditer(normalise(turn.text).text)]
    words = list(dict.fromkeys([*echoed_words(turn, stands=True), *status]))
    if not words:
        return None
    turn.set(**fill_incidental_slots(turn.text, turn.entities, turn.slots))
    note_own_facts(turn)
    message = reply("introduction", "inform")
    return replace(message, text=message.text.format(heard="、".join(words)))


def _remainder(turn: Turn) -> str:
    """Return what a message says beside its facts; empty when it says nothing else."""
    rest = list(turn.text)
    for entity in turn.entities:
        start, end = int(entity["start"]), int(entity["end"])
        rest[start:end] = " " * (end - start)
    text = _PATTERNS["status"].sub(" ", normalise("".join(rest)).text)
    return _PATTERNS["filler"].sub("", text).strip()

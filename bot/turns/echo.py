"""Echo of what was understood of a message that no answer is sure of."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from bot.fixed_replies import reply
from bot.messages import Button, Message
from bot.settings import settings
from bot.text.normalise import normalise
from bot.text.pattern_file import read_patterns
from bot.turns.turn import Turn
from bot.understanding.extractors.age import ages_of_subject
from bot.understanding.extractors.persons import PERSON_LABELS, belongs_to_other_person
from bot.understanding.slot_filling.profile import (
    fill_incidental_slots,
    past_occupations,
    wanted_occupations,
)

#: Stands in the patterns of data/vocab/said_back.yml for a length.
LENGTH_MARK = "\ue000"
#: Kinds that are said back, in the words of the message.
ECHOED_KINDS = ("region", "age", "group", "occupation", "duration", "salary")


def echoed_words(turn: Turn, but: str | None = None, stands: bool = False) -> list[str]:
    """Return the words of a message that were understood, in their order, each once.

    `but` is a value spoken of elsewhere; `stands` leaves out what is ruled out (我不是大学生)
    and what stands within something longer.
    """
    read = [e for e in turn.entities if e["entity"] in ECHOED_KINDS and e["value"] != but]
    read = [e for e in read if _is_understood(turn, e)]
    if stands:
        read = [e for e in read if not e.get("negated") and not _within_another(e, read)]
    words = [_in_words(turn, e) for e in sorted(read, key=lambda e: int(e["start"]))]
    return list(dict.fromkeys(words))


def _is_understood(turn: Turn, entity: dict[str, Any]) -> bool:
    """Tell whether the meaning of an age or a length is certain: its person, and its matter.

    The length of an illness is no length of work, and my father's age is not mine.
    """
    if entity["entity"] == "age":
        return int(entity["value"]) in ages_of_subject(turn.entities)
    if entity["entity"] != "duration":
        return True
    return not belongs_to_other_person(turn.text, int(entity["start"])) and _lasts_in_work(
        turn.text, entity
    )


def _lasts_in_work(text: str, length: dict[str, Any]) -> bool:
    """Tell whether a length is one of work, of insurance or of being without work."""
    patterns = read_patterns(settings().data_file("vocab", "said_back.yml"))
    preceding, following = text[: int(length["start"])], text[int(length["end"]) :]
    marked = f"{normalise(preceding).text}{LENGTH_MARK}{normalise(following).text}"
    return bool(patterns["length"].search(marked))


def _within_another(entity: dict[str, Any], read: list[dict[str, Any]]) -> bool:
    spans = [(other["start"], other["end"]) for other in read if other is not entity]
    start, end = entity["start"], entity["end"]
    return any(a <= start and end <= b and b - a > end - start for a, b in spans)


def _in_words(turn: Turn, entity: dict[str, object]) -> str:
    if entity["entity"] == "age":
        return f"{PERSON_LABELS.get(str(entity.get('person')), '')}{entity['value']}岁"
    return turn.text[int(str(entity["start"])) : int(str(entity["end"]))]


def note_trade(turn: Turn) -> tuple[Button, ...]:
    """Note the trade that a message names in passing; return the button to look for it."""
    occupations = wanted_occupations(turn.entities) or past_occupations(turn.entities)
    if occupations and not turn.current.occupations:
        turn.set(past_occupation=occupations)
    labels = [f"找{_in_words(turn, trade)}的活" for trade in turn.of_kind("occupation")[:1]]
    return tuple(Button(label, label) for label in labels)


def ask_which(turn: Turn, choices: tuple[Button, ...]) -> Message:
    """Ask which of some choices is meant; a trade that was named can be looked for.

    What was told is kept: who asks for work next is asked whether it is to be that trade.
    """
    words = echoed_words(turn)
    if not words:
        return reply("unclear" if choices else "unclear_open", turn.act, choices)
    turn.set(**fill_incidental_slots(turn.text, turn.entities, turn.previous))
    question = reply("unclear_heard", turn.act, (*choices, *note_trade(turn)))
    return replace(question, text=question.text.format(heard="、".join(words)))

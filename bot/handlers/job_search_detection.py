"""Detection of a job search in messages that also tell of their writer or their place."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from bot.eligibility.fact_extraction import states_own_case
from bot.fixed_replies import reply
from bot.handlers.policy import names_topic
from bot.messages import Message
from bot.text.normalise import normalise
from bot.text.questions import asks_or_not, is_question
from bot.turns.arbitration import UNKNOWN_ACTS
from bot.turns.echo import echoed_words
from bot.turns.turn import Turn
from bot.understanding.employers import recruits
from bot.understanding.inquiries import (
    asks_rules,
    names_service_point,
    names_work,
    seeks_near,
    seeks_work,
    tells_registration,
)
from bot.understanding.list_talk import moves, wants_telephone
from bot.understanding.slot_filling.job_preference import fill_preference_slots
from bot.understanding.slot_filling.profile import fill_incidental_slots
from bot.wording import wording

#: The group of those who registered as unemployed.
REGISTERED = "registered_unemployed"
#: Acts that the model takes such a message for; others have a wish of their own.
_MISTAKEN_ACTS = frozenset(
    (
        "policy", "calculate", "eligibility", "register", "follow_up", "inform", "out_of_scope",
        "nlu_fallback", "find_job", "refine_job", "help", "fair", "affirm",
    )
)  # fmt: skip
#: Acts of these that a place named beside may outweigh, below this probability.
_UNSURE_ACTS = frozenset(
    ("policy", "calculate", "eligibility", "follow_up", "inform", "out_of_scope", "nlu_fallback")
)
#: Acts that 能打电话的活发我 is taken for.
_TELEPHONE_ACTS = frozenset(
    ("subscribe", "station", "find_job", "refine_job", "handoff", "register", "policy")
)
MIN_CERTAIN_CONFIDENCE = 0.8
#: Longer messages tell more than that.
_MAX_BARE_REGISTRATION_CHARS = 16
_SAY = wording("registration_notes")


def note_registration(turn: Turn) -> None:
    """Note that the person registered as unemployed, in any message that tells it."""
    if turn.current.group is None and _tells_registration(turn) and not is_question(turn.text):
        turn.set(group=REGISTERED)


def job_search_act(turn: Turn) -> str | None:
    """Return the act of a message that looks for work among what it tells; None for another.

    Who says no more than that they registered, while jobs are looked for, goes on with the search.
    """
    text = normalise(turn.text).text
    if recruits(text):
        return None
    seeks = seeks_work(text, turn.entities) or _a_clause_seeks(turn)
    if _wants_to_ring(turn, text):
        return "refine_job"
    if turn.act == "station":
        return "find_job" if seeks and not names_service_point(text) else None
    if turn.act not in _MISTAKEN_ACTS:
        return None
    tells_registered = _tells_registration(turn)
    if seeks and (tells_registered or _tells_own_group(turn) or _is_unsure(turn)):
        if tells_registered:
            turn.set(group=REGISTERED, any_occupation=_any_trade(turn))
        return "refine_job" if turn.act == "refine_job" else "find_job"
    looking = "job" in (turn.previous.subject, turn.previous.form)
    only_told = tells_registered and not asks_rules(text) and not is_question(turn.text)
    changed = turn.act in _UNSURE_ACTS and (_moves(turn, text) or _changes_conditions(turn))
    return "refine_job" if looking and (only_told or changed) else None


def answer_registered(turn: Turn) -> Message | None:
    """Note the registration of who tells of it and asks nothing; None for another message.

    What else is told of the person (52岁, 沈阳的) is kept and said back with it.
    """
    text = normalise(turn.text).text
    if (
        len(text) > _MAX_BARE_REGISTRATION_CHARS
        or turn.act not in _MISTAKEN_ACTS
        or not _tells_registration(turn)
    ):
        return None
    has_question = asks_rules(text) or is_question(turn.text) or seeks_work(text, turn.entities)
    if has_question:
        return None
    turn.set(**fill_incidental_slots(turn.text, turn.entities, turn.previous))
    acknowledgement = reply("registered_noted", "inform")
    registration_note = _SAY("registration_noted")
    words = "、".join([registration_note, *echoed_words(turn, REGISTERED)])
    return replace(acknowledgement, text=acknowledgement.text.replace(registration_note, words, 1))


def wishes_any_trade(turn: Turn) -> bool:
    """Tell whether work near home is looked for, in any trade: 附近有啥活."""
    text = normalise(turn.text).text
    return seeks_near(text) and seeks_work(text, turn.entities)


def with_registration(turn: Turn, messages: Sequence[Message]) -> list[Message]:
    """Return the answers, with the word that the registration is noted, when it is new."""
    new = turn.current.group == REGISTERED and turn.previous.group != REGISTERED
    first = messages[0] if messages else None
    if first is None or not new or first.act not in ("find_job", "refine_job"):
        return list(messages)
    first_text = first.text.removeprefix(_SAY("noted"))
    between = "。\n" if first_text == first.text else "、"
    return [
        replace(first, text=f"{_SAY('registration_noted')}{between}{first_text}"),
        *messages[1:],
    ]


def _tells_registration(turn: Turn) -> bool:
    return tells_registration(normalise(turn.text).text)


def _tells_own_group(turn: Turn) -> bool:
    """Tell whether a group of the writer's own is told, with a place or a trade to look for."""
    names_target = turn.of_kind("region") or turn.of_kind("occupation")
    himself = states_own_case(turn.text, turn.entities)
    return bool(turn.of_kind("group") and names_target) and himself


def _a_clause_seeks(turn: Turn) -> bool:
    """Tell whether a message of no business looks for a trade in one of its clauses.

    营口幼儿园老师招得多吗？需要啥资格证: what else it asks is answered below the list.
    """
    if turn.act not in UNKNOWN_ACTS:
        return False
    parts = [turn.part(request) for request in turn.requests]
    return any(
        part.of_kind("occupation") and seeks_work(normalise(part.text).text, part.entities)
        for part in parts
    )


def _wants_to_ring(turn: Turn, text: str) -> bool:
    """Tell whether postings that can be rung are asked for at once; no subscription is wished."""
    looking = "job" in (turn.previous.subject, turn.previous.form)
    seeks = looking or turn.of_kind("occupation")
    return (
        bool(seeks) and turn.act in _TELEPHONE_ACTS and names_work(text) and wants_telephone(text)
    )


def _moves(turn: Turn, text: str) -> bool:
    """Tell whether another place is meant than before: 我搬丹东市里了."""
    return moves(text) and bool(turn.of_kind("region"))


def _changes_conditions(turn: Turn) -> bool:
    """Tell whether a search changes by what the job should be, or by a trade that is ruled out."""
    if names_topic(turn) or asks_or_not(turn.text):
        return False
    wish_slots = fill_preference_slots(turn.text, turn.entities, turn.previous, None).slots
    return bool({"welfare", "excluded"} & wish_slots.keys())


def _is_unsure(turn: Turn) -> bool:
    """Tell whether the model is not sure of another act, where a place to work at is named."""
    names_target = turn.of_kind("region") or turn.of_kind("occupation")
    unsure = (
        turn.confidence < MIN_CERTAIN_CONFIDENCE or turn.act == "out_of_scope"
    )  # 我62了想干保安 退休金有
    return bool(names_target) and turn.act in _UNSURE_ACTS and unsure and not names_topic(turn)


def _any_trade(turn: Turn) -> bool | None:
    """Tell whether any trade will do, as none was ever named."""
    trade = turn.of_kind("occupation") or turn.current.occupations or turn.current.past_occupations
    return turn.current.any_occupation or not trade or None

"""Interview on the policies that fit a person: its questions, in any order, and the result."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from bot.db.session import session
from bot.eligibility import replies as compose
from bot.eligibility.fact_extraction import (
    extract_answer,
    extract_correction,
    extract_facts,
    facts_of_slots,
    states_own_case,
)
from bot.eligibility.interview import Interview
from bot.eligibility.rules import assessment
from bot.fixed_replies import reply
from bot.handlers.calculate import home_region
from bot.messages import Message
from bot.policies.facts import Facts, FactSchema, Question, fact_schema
from bot.text.normalise import normalise
from bot.text.questions import is_question
from bot.turns.turn import Turn
from bot.understanding.extractors.persons import PERSON_LABELS
from bot.understanding.inquiries import seeks_work
from bot.understanding.slot_filling.profile import fill_incidental_slots

#: Acts that a question in between can have; the talk waits for it.
SIDE_QUESTION_ACTS = frozenset(
    ("policy", "calculate", "training", "station", "report_posting", "fair", "help")
)
#: Acts that begin something else; the talk ends, what was told is kept.
LEAVING_ACTS = frozenset(
    (
        "find_job", "refine_job", "register", "subscribe", "unsubscribe", "handoff", "my_data",
        "distress", "follow_up",
    )
)  # fmt: skip
#: Of these, what a circumstance told in short (登记了) is taken for.
FACT_LIKE_ACTS = frozenset(("register", "follow_up"))
#: Acts that short answers are taken for when they were not understood.
SHORT_ANSWER_ACTS = frozenset(("inform", "affirm", "deny", "nlu_fallback", "eligibility"))
#: Statuses of answers that ask something themselves, or after which nothing is asked.
_CLOSING_STATUSES = ("form", "clarify", "handoff", "crisis", "error", "out_of_scope")


def continues_interview(turn: Turn) -> bool:
    """Tell whether a message goes on with the questions, and keep what it tells in passing.

    A question about something else does not; neither does a wish for a job.
    """
    talk, schema = turn.current.interview, fact_schema()
    if talk.begun and extract_correction(turn.text, turn.entities, _all_facts(turn, talk), schema):
        return True
    question = schema.questions[talk.open_question] if talk.open_question else None
    if question is None or turn.act == "eligibility":
        note_own_facts(turn)
        return False
    if turn.of_kind("occupation") and seeks_work(normalise(turn.text).text, turn.entities):
        turn.set(eligibility=talk.closed().to_slot())  # 那先给她看看有没有幼儿园招人
        return False
    if _leaves(turn, schema):
        if is_question(turn.text) and _sure_aside(turn):  # 算了 厂子欠我工资咋整
            turn.set(eligibility=talk.closed().to_slot())
            return False
        return True
    answers = extract_answer(turn.text, turn.entities, question, schema)
    if set(answers) & set(question.facts) and not (is_question(turn.text) and _sure_aside(turn)):
        return True
    if turn.act in LEAVING_ACTS and not (answers and turn.act in FACT_LIKE_ACTS):
        turn.set(eligibility=talk.closed().to_slot())
        return False
    if turn.act in SIDE_QUESTION_ACTS and (is_question(turn.text) or not answers):
        note_own_facts(turn)
        return False
    return bool(answers) or turn.act in SHORT_ANSWER_ACTS


def asks_what_fits(text: str) -> bool:
    """Tell whether a message says in so many words that it asks which policies fit."""
    return bool(fact_schema().words["fits"].search(normalise(text).text))


def _sure_aside(turn: Turn) -> bool:
    return turn.act in SIDE_QUESTION_ACTS and (
        turn.act not in ("policy", "calculate") or turn.topic_sure
    )


def note_own_facts(turn: Turn) -> None:
    """Note the facts that a person tells of themselves in passing, so that none is asked later."""
    if not states_own_case(turn.text, turn.entities):
        return
    facts = extract_facts(turn.text, turn.entities, fact_schema())
    if facts:
        turn.set(eligibility=turn.current.interview.with_facts(facts).to_slot())


def reask_open_question(turn: Turn, messages: Sequence[Message]) -> list[Message]:
    """Return the question that waited before this turn, when something else was answered.

    Once: where something else is asked again, the talk is no longer about it, and it is closed.
    """
    waiting = turn.current.interview.open_question
    previously_open = turn.previous.interview.open_question
    if (
        waiting is None
        or waiting != previously_open
        or any(m.status in _CLOSING_STATUSES for m in messages)
    ):
        return []
    if turn.current.interview.resumed:
        turn.set(eligibility=turn.current.interview.closed().to_slot())
        return []
    turn.set(eligibility=replace(turn.current.interview, resumed=True).to_slot())
    return [compose.resume_question(fact_schema().questions[waiting])]


def answer_eligibility(turn: Turn) -> Message:
    """Begin or go on: take what was told, then ask the next question or give the result."""
    schema = fact_schema()
    talk = turn.current.interview
    if schema.words["again"].search(normalise(turn.text).text):
        talk = Interview()
        turn.set(group=None, **{fact.slot: None for fact in schema.facts.values() if fact.slot})
    turn.set(
        **fill_incidental_slots(turn.text, turn.entities, turn.previous), form=None, asked=None
    )
    if talk.open_question and _leaves(turn, schema):
        return _leave(turn, talk)
    talk = talk.with_facts(
        {k: v for k, v in _earlier_facts(turn, schema).items() if k not in talk.facts}
    )
    question = schema.questions[talk.open_question] if talk.open_question else None
    new_facts = _new_facts(turn, talk, question, schema)
    talk = talk.with_answer(question, new_facts) if question else talk.with_facts(new_facts)
    understood = bool(new_facts) or asks_what_fits(turn.text)
    return _ask_next(turn, talk, understood)


def _new_facts(turn: Turn, talk: Interview, question: Question | None, schema: FactSchema) -> Facts:
    set_right = extract_correction(turn.text, turn.entities, _all_facts(turn, talk), schema)
    if set_right:
        return set_right
    if question is None:
        return extract_facts(turn.text, turn.entities, schema)
    return extract_answer(turn.text, turn.entities, question, schema)


def _earlier_facts(turn: Turn, schema: FactSchema) -> Facts:
    return facts_of_slots(turn.current, schema)


def _all_facts(turn: Turn, talk: Interview) -> Facts:
    return {**_earlier_facts(turn, fact_schema()), **talk.facts}


def _leaves(turn: Turn, schema: FactSchema) -> bool:
    return bool(schema.words["leave"].search(normalise(turn.text).text))


def _leave(turn: Turn, talk: Interview) -> Message:
    """End the questions: with the result so far, when anything is known."""
    turn.set(eligibility=talk.closed().to_slot())
    if not any(value is not None for value in talk.facts.values()):
        return reply("what_else", compose.ACT)
    with session() as db:
        outcomes = assessment(db, home_region(turn.current.region_code)).outcomes(talk.facts)
    return compose.result(outcomes, *_facts_in_words(turn, talk), stopped=True)


def _ask_next(turn: Turn, talk: Interview, understood: bool) -> Message:
    began, waited = talk.begun, talk.open_question
    with session() as db:
        current_assessment = assessment(db, home_region(turn.current.region_code))
    talk, question = talk.next_step(current_assessment)
    turn.set(eligibility=talk.to_slot(), **_slots(talk))
    outcomes = current_assessment.outcomes(talk.facts)
    if question is None:
        return compose.result(outcomes, *_facts_in_words(turn, talk))
    if not began:
        return compose.first_question(question, outcomes, *_facts_in_words(turn, talk))
    if question.id == waited and not understood:
        return compose.repeat_question(question)
    return compose.question(question, acknowledge=question.id == waited)


def _slots(talk: Interview) -> dict[str, Any]:
    """Return the slots that hold what was told here too, so that other answers use it."""
    facts = fact_schema().facts.values()
    return {
        fact.slot: talk.facts[fact.id] for fact in facts if fact.slot and talk.facts.get(fact.id)
    }


def _facts_in_words(turn: Turn, talk: Interview) -> tuple[str, str]:
    """Return the facts told, in words, and the name of the person they are about."""
    person = PERSON_LABELS.get(str(turn.current.person), "你")
    return compose.facts_text(talk.facts, fact_schema()), person

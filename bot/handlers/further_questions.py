"""Answers to messages of several questions: 失业金能领到退休不 领的时候养老谁交."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from bot.db.session import session
from bot.handlers.calculate import home_region
from bot.handlers.ranked_units import answer_claim, asks_an_aspect_alone
from bot.messages import Message
from bot.policies import replies
from bot.policies.answers import answer
from bot.policies.ranking.index import AnswerHit, AnswerQuery, current_answers
from bot.text.questions import asks_or_not
from bot.turns.arbitration import state_of
from bot.turns.turn import Turn

#: From these probabilities on a unit answers one question of several: in place of what answers
#: the message as a whole (a claim), and beside it.
MIN_FIRST_PROBABILITY, MIN_FURTHER_PROBABILITY = 0.4, 0.25
#: Questions that are answered beside the first.
MAX_FURTHER_ANSWERS = 2
#: How much of the likeliest unit's probability the unit just said has in a question it answers.
MIN_COVERED_SHARE = 0.5
#: Units that are looked at for each question.
MAX_HITS = 5
#: Acts of a message whose questions are all of policies.
POLICY_ACTS = frozenset(("policy", "calculate"))


def best_of_several(turn: Turn) -> AnswerHit | None:
    """Return the claim that answers the first question of several that has one; else None."""
    likely_hits = (
        hits[0]
        for part, hits in _ranked(turn)
        if hits[0].probability >= MIN_FIRST_PROBABILITY
        and not asks_an_aspect_alone(part, hits[0].unit.topic)
    )
    return next((hit for hit in likely_hits if hit.unit.aspect is None), None)


def answer_further(turn: Turn, answers: Sequence[Message]) -> list[Message]:
    """Return what the base says to the other questions of a message, in their order."""
    if len(answers) != 1 or answers[0].act not in POLICY_ACTS or not turn.units:
        return []
    if answers[0].status != "answered":
        return []
    open_ones = [(part, hits[0]) for part, hits in _ranked(turn) if _is_open(turn, hits)]
    likeliest = sorted(open_ones, key=lambda question: -question[1].probability)[
        :MAX_FURTHER_ANSWERS
    ]
    messages = []
    for part, best in (question for question in open_ones if question in likeliest):
        if best.unit.id in turn.units:
            continue
        message = (
            answer_claim(turn, best) if best.unit.aspect is None else _answer_aspect(turn, best)
        )
        if message and message.text not in answers[0].text:  # an aspect may stand there already
            messages.append(replies.further_answer(message, (part.text, *best.unit.asks)))
    return messages


def _answer_aspect(turn: Turn, hit: AnswerHit) -> Message | None:
    """Return what a policy says of an aspect alone; None where it says nothing."""
    with session() as db:
        finding = answer(
            db, hit.unit.topic, [str(hit.unit.aspect)], home_region(turn.current.region_code)
        )
    if finding.status != "answered" or finding.missing or not finding.parts:
        return None
    turn.set(topic=hit.unit.topic, subject="policy")
    turn.units.append(hit.unit.id)
    return replace(replies.policy_answer(finding, "policy"), next_step="")


def _is_open(turn: Turn, hits: Sequence[AnswerHit]) -> bool:
    """Tell whether a question has a unit of its own, and what was said does not answer it."""
    best = hits[0]
    if best.probability < MIN_FURTHER_PROBABILITY or best.unit.aspect == "what":
        return False
    enough = MIN_COVERED_SHARE * best.probability
    covered = any(hit.unit.id in turn.units and hit.probability >= enough for hit in hits)
    return not covered and best.unit.id not in state_of(turn).units


def _ranked(turn: Turn) -> Iterator[tuple[Turn, list[AnswerHit]]]:
    """Yield each question of a message with the units that may answer it, likeliest first."""
    if turn.act not in POLICY_ACTS or len(turn.requests) < 2:
        return
    state = state_of(turn)
    earlier_texts: tuple[str, ...] = state.messages
    for understood in turn.requests:
        part = turn.part(understood)
        if asks_or_not(part.text):
            topics = {topic.name: topic.confidence for topic in part.topics}
            unit = turn.units[-1] if turn.units else state.unit or None
            of_this_message = bool(turn.units)  # the topic is of this very message then
            query = AnswerQuery(
                part.text, topics, turn.current.topic, earlier_texts, unit, of_this_message
            )
            hits = current_answers().search(query, limit=MAX_HITS)
            if hits:
                yield part, hits
        earlier_texts = (*earlier_texts, part.text)

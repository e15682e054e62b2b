"""The questions of a message that asks several: 失业金能领到退休不 领的时候养老谁交."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from actions.arbitration import state_of
from actions.ranking import answer_claim
from actions.turn import Turn
from bot.messages import Message
from bot.policies import compose
from bot.policies.ranking.index import AnswerHit, AnswerQuery, current_answers
from bot.text.question import asks_or_not

#: From these probabilities on a claim answers one question of several: in place of what answers
#: the message as a whole, and beside it.
INSTEAD, BESIDE = 0.4, 0.3
#: How much of the likeliest unit's probability the unit just said has in a question it answers.
ANSWERED = 0.5
#: Units that are looked at for each question.
LOOKED_AT = 5
#: Acts of a message whose questions are all of policies.
OF_POLICIES = frozenset(("policy", "calculate"))


def best_of_several(turn: Turn) -> AnswerHit | None:
    """Return the claim that answers the first question of several that has one; else None."""
    found = (hits[0] for _, hits in _ranked(turn) if hits[0].probability >= INSTEAD)
    return next((hit for hit in found if hit.unit.aspect is None), None)


def answer_second(turn: Turn, answered: Sequence[Message]) -> Message | None:
    """Return what a claim says to a question beside the one answered; None when none is likely."""
    if len(answered) != 1 or answered[0].act not in OF_POLICIES or not turn.units:
        return None
    if answered[0].status != "answered":
        return None
    others = [(part, hits[0]) for part, hits in _ranked(turn) if _is_open(turn, hits)]
    if not others:
        return None
    part, best = max(others, key=lambda one: one[1].probability)
    message = answer_claim(turn, best)
    return compose.further_answer(message, (part.text, *best.unit.asks)) if message else None


def _is_open(turn: Turn, hits: Sequence[AnswerHit]) -> bool:
    """Tell whether a question has a claim of its own, and what was said does not answer it."""
    best = hits[0]
    if best.unit.aspect is not None or best.probability < BESIDE:
        return False
    enough = ANSWERED * best.probability
    covered = any(hit.unit.id in turn.units and hit.probability >= enough for hit in hits)
    return not covered and best.unit.id not in state_of(turn).units


def _ranked(turn: Turn) -> Iterator[tuple[Turn, list[AnswerHit]]]:
    """Yield each question of a message with the units that may answer it, likeliest first."""
    if turn.act not in OF_POLICIES or len(turn.requests) < 2:
        return
    state = state_of(turn)
    before: tuple[str, ...] = state.messages
    for understood in turn.requests:
        part = turn.part(understood)
        if asks_or_not(part.text):
            topics = {topic.name: topic.confidence for topic in part.topics}
            unit = turn.units[-1] if turn.units else state.unit or None
            query = AnswerQuery(part.text, topics, turn.get("topic"), before, unit)
            hits = current_answers().search(query, most=LOOKED_AT)
            if hits:
                yield part, hits
        before = (*before, part.text)

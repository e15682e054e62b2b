"""The next likeliest answer, below one that is not sure to be what was asked for.

Of 573 turns of strangers that the ranker had not learned from, a claim that is at least AS_LIKELY
answers one in seven where the likeliest is below .35, and three of ten from there to SURE, in which
the likeliest does not.
"""

from __future__ import annotations

from collections.abc import Sequence

from bot.calculators.replies import with_sum
from bot.handlers.ranked_units import answer_claim
from bot.messages import Message, PolicyAnswer
from bot.policies import replies
from bot.policies.ranking.index import AnswerHit
from bot.text.questions import is_question
from bot.turns.arbitration import state_of
from bot.turns.turn import Turn
from bot.understanding.employers import asks_as_employer

#: Units after the likeliest that are looked at.
MAX_TRIED = 3
#: From this probability on the likeliest unit stands alone.
SURE = 0.8
#: How much of the likeliest unit's probability the second has at least, and how much it has.
AS_LIKELY, MIN_PROBABILITY = 0.4, 0.04


def with_second_answer(
    turn: Turn, message: Message, first: AnswerHit, hits: Sequence[AnswerHit]
) -> Message:
    """Return an answer with the next likeliest claim below it, where the first may well be wrong.

    `hits` are all that may answer, likeliest first. What is spoken of stays the first.
    """
    if first.probability >= SURE or not isinstance(message, PolicyAnswer):
        return message
    hit = (
        _second(turn, first, hits)
        if is_question(turn.text) or not state_of(turn).messages
        else None
    )
    topic, units = turn.current.topic, list(turn.units)
    answer = answer_claim(turn, hit) if hit else None
    turn.set(topic=topic)
    turn.units[:] = units
    if hit is None or not isinstance(answer, PolicyAnswer) or answer.text in message.text:
        return message
    return with_sum(message, replies.if_asked(answer, hit.unit.asks))


def _second(turn: Turn, first: AnswerHit, hits: Sequence[AnswerHit]) -> AnswerHit | None:
    """Return the claim to be said as well; None when none is about as likely."""
    state = state_of(turn)
    by_employer = asks_as_employer("。".join([*state.messages, turn.text]))
    enough = max(MIN_PROBABILITY, AS_LIKELY * first.probability)
    others = [hit for hit in hits if hit.unit is not first.unit][:MAX_TRIED]
    return next(
        (
            hit
            for hit in others
            if hit.probability >= enough
            and hit.unit.aspect is None
            and hit.unit.id not in state.units
            and (by_employer or not hit.unit.is_for_employers)
        ),
        None,
    )

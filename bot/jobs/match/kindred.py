"""Postings of another trade that can be offered where there is none of the one wished for.

Which trades stand in for which is a rule in data (bot/text/trade_needs.py).
"""

from __future__ import annotations

from bot.caches import process_cache
from bot.jobs.match.features import Features
from bot.jobs.match.papers import paper_asked
from bot.jobs.match.suits import STEP
from bot.jobs.preference import JobPreference
from bot.text.trade_needs import trade_needs

#: The schooling that is taken for granted of who told of none.
_TAKEN_FOR_GRANTED = "senior"


@process_cache(size=1_000)
def kindred(wish: JobPreference) -> tuple[str, ...]:
    """Return the trades that can stand in for those wished for, without those themselves."""
    known, told = trade_needs(), _licences(wish)
    near = (one for wanted in wish.occupations for one in known.stand_ins(wanted, told))
    return tuple(one for one in dict.fromkeys(near) if one not in wish.trades)


def can_do(trade: str, wish: JobPreference) -> bool:
    """Tell whether who does one of the trades wished for can do another without learning for it."""
    known, told = trade_needs(), _licences(wish)
    return any(known.can_do(trade, wanted, told) for wanted in wish.occupations)


def _licences(wish: JobPreference) -> frozenset[str]:
    """Return the licences that a person told of: they are conditions wished for."""
    return trade_needs().allowed(wish.welfare)


def stands_in(features: Features, wish: JobPreference) -> bool:
    """Tell whether a posting of another trade can be offered in place of the one wished for.

    The first of its title must be one that the person can do: 电工兼保洁 stands in for no 保洁.
    What is asked for in words is no part of this.
    """
    near = set(features.occupations) & set(kindred(wish))
    return bool(near) and can_do(features.occupations[0], wish)


def asks_more(features: Features, wish: JobPreference) -> bool:
    """Tell whether a posting of another trade asks for a paper or schooling not told of."""
    if paper_asked(features, wish):
        return True
    has = STEP[wish.education or _TAKEN_FOR_GRANTED]
    return features.education is not None and STEP[features.education] > has

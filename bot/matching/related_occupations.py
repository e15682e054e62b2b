"""Substitute trades: other trades that can be offered where the wanted one has no postings.

Which trades stand in for which is a rule in data (bot/vocabulary/trade_needs.py).
"""

from __future__ import annotations

from bot.caches import process_cache
from bot.matching.certificates import missing_paper
from bot.matching.components.person import EDUCATION_RANKS
from bot.matching.features import Features
from bot.matching.job_preference import JobPreference
from bot.vocabulary.trade_needs import trade_needs

#: The schooling that is assumed when the person stated none.
_ASSUMED_EDUCATION = "senior"


@process_cache(size=1_000)
def substitute_trades(preference: JobPreference) -> tuple[str, ...]:
    """Return the trades that can stand in for those wished for, without those themselves."""
    needs, licences = trade_needs(), _licences(preference)
    trades = (
        trade
        for occupation in preference.occupations
        for trade in needs.substitutes(occupation, licences)
    )
    return tuple(trade for trade in dict.fromkeys(trades) if trade not in preference.trades)


def can_do(trade: str, preference: JobPreference) -> bool:
    """Tell whether a person of one of the wanted trades can do another without training."""
    needs, licences = trade_needs(), _licences(preference)
    return any(needs.can_do(trade, occupation, licences) for occupation in preference.occupations)


def _licences(preference: JobPreference) -> frozenset[str]:
    """Return the licences that a person told of: they are conditions wished for."""
    return trade_needs().allowed(preference.welfare)


def is_substitute(features: Features, preference: JobPreference) -> bool:
    """Tell whether a posting of another trade can be offered in place of the one wished for.

    The first of its title must be one that the person can do: 电工兼保洁 stands in for no 保洁.
    What is asked for in words is no part of this.
    """
    shared_trades = set(features.occupations) & set(substitute_trades(preference))
    return bool(shared_trades) and can_do(features.occupations[0], preference)


def requires_more(features: Features, preference: JobPreference) -> bool:
    """Tell whether a posting of another trade asks for a paper or schooling not told of."""
    if missing_paper(features, preference):
        return True
    has = EDUCATION_RANKS[preference.education or _ASSUMED_EDUCATION]
    return features.education is not None and EDUCATION_RANKS[features.education] > has

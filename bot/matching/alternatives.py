"""Related trades with open postings, where the wanted trade has none."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace

from bot.db.compiled_statement import Database
from bot.matching.candidates import find_keys
from bot.matching.components.occupation_and_place import shared_code_levels
from bot.matching.components.person import age_part, is_underqualified
from bot.matching.feature_loader import load_features, read_words
from bot.matching.features import Features
from bot.matching.hard_filters import violated_conditions
from bot.matching.job_preference import JobPreference
from bot.matching.refusals import is_refused
from bot.matching.related_occupations import can_do, requires_more
from bot.postings.match_config import Condition

#: The newest postings that are looked through, and how many trades are named.
MAX_SEARCHED, MAX_TRADES = 200, 3


@dataclass(frozen=True)
class OtherTrades:
    """Trades with open postings, the nearest first."""

    names: tuple[str, ...] = ()
    """Empty when there is none."""
    around: bool = False
    """Whether they are open around the places wished for, not in them."""


NO_OTHERS = OtherTrades()


def open_related_trades(db: Database, preference: JobPreference) -> OtherTrades:
    """Return trades near those wished for, of postings that meet all else of the preference.

    Near by the classification; none that has to be learned first, or that asks for papers or
    schooling the person did not state.
    """
    for_any = replace(preference, occupations=(), any_occupation=True)
    steps: list[frozenset[Condition]] = [frozenset()]
    if preference.places and preference.stays != "always":
        steps.append(frozenset(("place",)))
    for allowed in steps:
        postings = load_features(
            db, find_keys(db, for_any, allowed, MAX_SEARCHED).ids[:MAX_SEARCHED]
        )
        similar = [posting for posting in postings if _suits(posting, preference, for_any, allowed)]
        trade_names = _nearest(read_words(db, similar), preference)
        if trade_names:
            return OtherTrades(trade_names, bool(allowed))
    return NO_OTHERS


def _suits(
    features: Features,
    preference: JobPreference,
    for_any: JobPreference,
    allowed: frozenset[Condition],
) -> bool:
    """Tell whether a posting's trade is near, and the posting keeps all that its columns tell."""
    breaks = violated_conditions(features, for_any)
    if breaks is None or not breaks <= allowed or not features.occupations:
        return False
    trade = features.occupations[0]
    is_related = (
        trade not in preference.trades
        and can_do(trade, preference)
        and _closeness(trade, preference) > 0
    )
    return is_related and not is_underqualified(features, preference)


def _nearest(postings: Sequence[Features], preference: JobPreference) -> tuple[str, ...]:
    """Return the trades of postings that the person qualifies for, the nearest first."""
    counts = Counter(
        posting.occupations[0]
        for posting in postings
        if not (
            is_refused(posting, preference)
            or requires_more(posting, preference)
            or age_part(posting, preference) == 0
        )
    )
    order = sorted(counts, key=lambda trade: (-_closeness(trade, preference), -counts[trade]))
    return tuple(order[:MAX_TRADES])


def _closeness(trade: str, preference: JobPreference) -> int:
    """Return how many levels of 职业分类大典 a trade shares with the nearest one wished for."""
    return max(
        (shared_code_levels(trade, occupation) for occupation in preference.occupations), default=0
    )

"""Score parts for trade and place: similarity and proximity to the wanted ones."""

from __future__ import annotations

from bot.caches import process_cache
from bot.matching.features import Features
from bot.matching.job_preference import JobPreference
from bot.vocabulary.vocabulary import vocabulary

#: An occupation of the posting that is not its first counts less.
_BY_RANK = (1.0, 0.8, 0.65)


def trade_part(features: Features, preference: JobPreference) -> float:
    """1 for the wished occupation as the posting's first; less for a related one; 0 for none."""
    if not preference.occupations:
        return 0.5
    return max(
        (
            _BY_RANK[min(rank, 2)] * trade_similarity(posting_trade, wanted_trade)
            for rank, posting_trade in enumerate(features.occupations)
            for wanted_trade in preference.occupations
        ),
        default=0.0,
    )


@process_cache(size=20_000)
def trade_similarity(posting_trade: str, wanted_trade: str) -> float:
    """Return how near two occupations are, by their codes in 职业分类大典 2022 and family.

    What the other one covers 0.95, the same 细类 0.8, the same 小类 0.65, the same family 0.55, the
    same 中类 0.3.
    """
    if posting_trade == wanted_trade:
        return 1.0
    if wanted_trade in vocabulary().general(posting_trade):
        return 0.95
    occupations = vocabulary().occupations
    posting_occupation, wanted_occupation = (
        occupations.get(posting_trade),
        occupations.get(wanted_trade),
    )
    if posting_occupation is None or wanted_occupation is None:
        return 0.0
    same = _same_levels(posting_occupation.code, wanted_occupation.code)
    by_code = {4: 0.8, 3: 0.65, 2: 0.3}.get(same, 0.0)
    return max(by_code, 0.55 if posting_occupation.family == wanted_occupation.family else 0.0)


def shared_code_levels(first_trade: str, second_trade: str) -> int:
    """Return how many levels of their codes two occupations share, 0 to 4."""
    occupations = vocabulary().occupations
    if first_trade not in occupations or second_trade not in occupations:
        return 0
    return _same_levels(occupations[first_trade].code, occupations[second_trade].code)


def _same_levels(first_code: str, second_code: str) -> int:
    same = 0
    for first_level, second_level in zip(
        first_code.split("-"), second_code.split("-"), strict=True
    ):
        if first_level != second_level:
            break
        same += 1
    return same


def place_part(features: Features, preference: JobPreference) -> float:
    """1 inside a place wished for, less next to it, 0 far away; ½ when either is not said."""
    if not preference.places:
        return 0.5
    if features.region_code is None:
        return 0.0
    return max(region_proximity(features.region_code, place) for place in preference.places)


@process_cache(size=50_000)
def region_proximity(region: str, wanted_region: str) -> float:
    """Return how near a region is to the wanted one, 1 when it is or lies in it.

    Only the city known, when a district was wished for: 0.6; another district of the city 0.5; a
    neighbouring city 0.3; the same province 0.15.
    """
    words = vocabulary()
    if words.is_within(region, wanted_region):
        return 1.0
    city, home = words.city_of(region), words.city_of(wanted_region)
    if city and city == home:
        return 0.6 if region == city else 0.5
    if city and home and city in words.neighbours(home):
        return 0.3
    return 0.15 if region[:2] == wanted_region[:2] else 0.0

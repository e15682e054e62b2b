"""How near a posting's trade and place are to those wished for."""

from __future__ import annotations

from bot.caches import process_cache
from bot.jobs.match.features import Features
from bot.jobs.preference import JobPreference
from bot.text.vocabulary import vocabulary

#: An occupation of the posting that is not its first counts less.
_BY_RANK = (1.0, 0.8, 0.65)


def trade_part(features: Features, wish: JobPreference) -> float:
    """1 for the wished occupation as the posting's first; less for a related one; 0 for none."""
    if not wish.occupations:
        return 0.5
    return max(
        (
            _BY_RANK[min(rank, 2)] * nearness(offered, wanted)
            for rank, offered in enumerate(features.occupations)
            for wanted in wish.occupations
        ),
        default=0.0,
    )


@process_cache(size=20_000)
def nearness(offered: str, wanted: str) -> float:
    """How near two occupations are: by their codes in 职业分类大典 2022 and by family.

    What the other one covers 0.95, the same 细类 0.8, the same 小类 0.65, the same family 0.55, the
    same 中类 0.3.
    """
    if offered == wanted:
        return 1.0
    if wanted in vocabulary().general(offered):
        return 0.95
    known = vocabulary().occupations
    one, other = known.get(offered), known.get(wanted)
    if one is None or other is None:
        return 0.0
    same = _same_levels(one.code, other.code)
    by_code = {4: 0.8, 3: 0.65, 2: 0.3}.get(same, 0.0)
    return max(by_code, 0.55 if one.family == other.family else 0.0)


def code_levels(one: str, other: str) -> int:
    """Return how many levels of their codes two occupations share, 0 to 4."""
    known = vocabulary().occupations
    if one not in known or other not in known:
        return 0
    return _same_levels(known[one].code, known[other].code)


def _same_levels(one: str, other: str) -> int:
    same = 0
    for left, right in zip(one.split("-"), other.split("-"), strict=True):
        if left != right:
            break
        same += 1
    return same


def place_part(features: Features, wish: JobPreference) -> float:
    """1 inside a place wished for, less next to it, 0 far away; ½ when either is not said."""
    if not wish.places:
        return 0.5
    if features.region_code is None:
        return 0.0
    return max(distance(features.region_code, place) for place in wish.places)


@process_cache(size=50_000)
def distance(region: str, wished: str) -> float:
    """How near a region is to the one wished for, 1 when it is or lies in it.

    Only the city known, when a district was wished for: 0.6; another district of the city 0.5; a
    neighbouring city 0.3; the same province 0.15.
    """
    words = vocabulary()
    if words.is_within(region, wished):
        return 1.0
    city, home = words.city_of(region), words.city_of(wished)
    if city and city == home:
        return 0.6 if region == city else 0.5
    if city and home and city in words.neighbours(home):
        return 0.3
    return 0.15 if region[:2] == wished[:2] else 0.0

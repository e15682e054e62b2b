"""What must hold, and what a posting breaks of it: pure, and asked of every result.

Place, trade, pay and working time may be loosened, aloud. What is ruled out, and what is not
open, never comes through.
"""

from __future__ import annotations

from bot.jobs.match.features import Features
from bot.jobs.match.kindred import stands_in
from bot.jobs.match.rules import Condition, Rules, rules
from bot.jobs.preference import JobPreference
from bot.text.vocabulary import vocabulary

#: Working times that a posting which does not state any may well have.
ORDINARY = frozenset(("full_time", "shift_day"))
#: Stated working times that do for another one wished for: day shifts are full-time work, and
#: odd jobs by the hour or the day are what who cannot work full time looks for.
ACCEPTED = {"full_time": ("full_time", "shift_day"), "part_time": ("part_time", "gig")}


def broken(
    features: Features, wish: JobPreference, by: Rules | None = None
) -> frozenset[Condition] | None:
    """Return what a posting breaks of the conditions; None when it must never be shown."""
    if _ruled_out(features, wish) or _wrong_time(features, wish):
        return None
    found: list[Condition] = []
    if not _place_holds(features, wish):
        found.append("place")
    if wish.occupations and not set(wish.trades) & set(features.occupations):
        if not stands_in(features, wish):
            return None
        found.append("trade")
    if wish.work_time and wish.work_time not in ORDINARY and features.work_time is None:
        found.append("time_unstated")
    pay = _pay_broken(features, wish, (by or rules()).limits.lower_pay)
    return frozenset([*found, pay] if pay else found)


def _ruled_out(features: Features, wish: JobPreference) -> bool:
    """Tell whether the title, its first occupation or the working time is ruled out."""
    best = features.occupations[:1]
    return any(
        word in features.title or word in best or word == features.work_time
        for word in wish.excluded
    )


def _wrong_time(features: Features, wish: JobPreference) -> bool:
    """Tell whether another working time is stated than the one wished for."""
    stated, wanted = features.work_time, wish.work_time
    return bool(wanted and stated and stated not in ACCEPTED.get(wanted, (wanted,)))


def _place_holds(features: Features, wish: JobPreference) -> bool:
    if not wish.places:
        return True
    code = features.region_code
    return code is not None and any(vocabulary().is_within(code, at) for at in wish.places)


def _pay_broken(features: Features, wish: JobPreference, lower: float) -> Condition | None:
    """Return how the pay misses the wish, None when its lower end reaches it."""
    asked, low = wish.salary_min, features.salary_min
    if not asked or (low is not None and low >= asked):
        return None
    if low is None:
        return "pay_unknown"
    most = max(low, features.salary_max or 0)
    if most >= asked:
        return "pay_reaches"
    return "pay_lower" if most >= round(asked * lower) else "pay_below"

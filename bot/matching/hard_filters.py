"""Conditions of a job preference that a posting violates: pure, checked for every result.

Place, trade, pay and working time may be loosened if the answer says so. Excluded and closed
postings never pass.
"""

from __future__ import annotations

from bot.matching.features import Features
from bot.matching.job_preference import JobPreference
from bot.matching.related_occupations import is_substitute
from bot.postings.match_config import Condition, Rules, rules
from bot.vocabulary.vocabulary import vocabulary

#: Working times that a posting which does not state any may well have.
ORDINARY = frozenset(("full_time", "shift_day"))
#: Stated working times that do for another one wished for: day shifts are full-time work, and
#: odd jobs by the hour or the day are what who cannot work full time looks for.
ACCEPTED = {"full_time": ("full_time", "shift_day"), "part_time": ("part_time", "gig")}


def violated_conditions(
    features: Features, preference: JobPreference, match_rules: Rules | None = None
) -> frozenset[Condition] | None:
    """Return the conditions that a posting violates; None when it must never be shown."""
    if _ruled_out(features, preference) or _wrong_time(features, preference):
        return None
    violated: list[Condition] = []
    if not _place_holds(features, preference):
        violated.append("place")
    if preference.occupations and not set(preference.trades) & set(features.occupations):
        if not is_substitute(features, preference):
            return None
        violated.append("trade")
    if preference.work_time and preference.work_time not in ORDINARY and features.work_time is None:
        violated.append("time_unstated")
    pay = _pay_violation(features, preference, (match_rules or rules()).limits.lower_pay)
    return frozenset([*violated, pay] if pay else violated)


def _ruled_out(features: Features, preference: JobPreference) -> bool:
    """Tell whether the title, its first occupation or the working time is ruled out."""
    best = features.occupations[:1]
    return any(
        word in features.title or word in best or word == features.work_time
        for word in preference.excluded
    )


def _wrong_time(features: Features, preference: JobPreference) -> bool:
    """Tell whether another working time is stated than the one wished for."""
    posting_time, wanted_time = features.work_time, preference.work_time
    return bool(
        wanted_time
        and posting_time
        and posting_time not in ACCEPTED.get(wanted_time, (wanted_time,))
    )


def _place_holds(features: Features, preference: JobPreference) -> bool:
    if not preference.places:
        return True
    code = features.region_code
    return code is not None and any(
        vocabulary().is_within(code, place) for place in preference.places
    )


def _pay_violation(features: Features, preference: JobPreference, lower: float) -> Condition | None:
    """Return how the pay misses the preference, None when its lower end reaches it."""
    wanted_pay, low = preference.salary_min, features.salary_min
    if not wanted_pay or (low is not None and low >= wanted_pay):
        return None
    if low is None:
        return "pay_unknown"
    highest = max(low, features.salary_max or 0)
    if highest >= wanted_pay:
        return "pay_reaches"
    return "pay_lower" if highest >= round(wanted_pay * lower) else "pay_below"

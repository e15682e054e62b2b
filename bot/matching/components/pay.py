"""Score parts for pay: against the wanted pay and against the local median."""

from __future__ import annotations

from bot.matching.features import Features
from bot.matching.job_preference import JobPreference

#: Pay beyond this multiple of the local median is no reason to believe it.
INCREDIBLE = 2.5


def pay_part(features: Features, preference: JobPreference) -> float:
    """Return how far the lower end exceeds the wanted pay: ½ when equal, 1 at 1.5 times."""
    if not preference.salary_min:
        return 0.5
    if not features.salary_min:
        return 0.2
    return max(
        0.0, min(1.0, 0.5 + (features.salary_min - preference.salary_min) / preference.salary_min)
    )


def market_part(features: Features, preference: JobPreference) -> float:
    """½ at the local median of the occupation, 1 from half as much again; pay that is too good
    to be true (2.5 times the median) counts little."""
    if features.market is None or not features.salary_min:
        return 0.5
    ratio = middle(features) / features.market.median
    if ratio > INCREDIBLE:
        return 0.1
    return max(0.0, min(1.0, ratio - 0.5))


def named_pay_part(features: Features, preference: JobPreference) -> float:
    """1 when the pay is stated."""
    return float(features.salary_min is not None)


def middle(features: Features) -> float:
    """The middle of the pay's span in yuan a month; its lower end when there is no upper one."""
    low = features.salary_min or 0
    return (low + (features.salary_max or low)) / 2

"""Score of a posting for a preference: named parts, each between 0 and 1, added by weight.

Pure: a posting's features and a preference in, a score out. Both directions use it, postings for
a seeker and seekers for a new posting. Whether conditions hold is decided elsewhere (conditions).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from bot.matching.components import person
from bot.matching.components.occupation_and_place import place_part, trade_part
from bot.matching.components.pay import market_part, named_pay_part, pay_part
from bot.matching.features import Features
from bot.matching.job_preference import JobPreference
from bot.postings.match_config import PARTS, Rules, rules


@dataclass(frozen=True)
class Scored:
    """A score and its parts."""

    total: float
    """The weighted sum; comparable between postings of one preference."""
    parts: tuple[float, ...]
    """Before weights, each 0 to 1, in the order of rules.PARTS."""

    def part(self, name: str) -> float:
        """Return one part by its name. ValueError for a name that is none."""
        return self.parts[PARTS.index(name)]


Part = Callable[[Features, JobPreference], float]

#: What works out each part; `unseen` comes from the list shown before.
_PARTS: dict[str, Part] = {
    "trade": trade_part,
    "level": person.level_part,
    "place": place_part,
    "pay": pay_part,
    "market": market_part,
    "named_pay": named_pay_part,
    "experience": person.experience_part,
    "schooling": person.schooling_part,
    "age": person.age_part,
    "work_time": person.work_time_part,
    "welfare": person.welfare_part,
    "group": person.group_part,
    "fresh": person.fresh_part,
    "clean": lambda features, preference: float(features.clean),
}
_IN_ORDER = tuple(_PARTS[name] for name in PARTS[:-1])


def score(
    features: Features,
    preference: JobPreference,
    *,
    shown_before: bool = False,
    match_rules: Rules | None = None,
) -> Scored:
    """Score a posting for a preference; `shown_before`: in an earlier list."""
    weights = (match_rules or rules()).weights
    parts = [part(features, preference) for part in _IN_ORDER]
    parts.append(0.0 if shown_before else 1.0)
    return Scored(sum(map(float.__mul__, weights, parts)), tuple(parts))

"""Score of a posting for a preference: named parts, each between 0 and 1, added by weight.

Pure: a posting's features and a preference in, a score out. Both directions use it, postings for
a seeker and seekers for a new posting. Whether conditions hold is decided elsewhere (conditions).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from bot.jobs.match import suits
from bot.jobs.match.features import Features
from bot.jobs.match.nearness import place_part, trade_part
from bot.jobs.match.pay import market_part, named_pay_part, pay_part
from bot.jobs.match.rules import PARTS, Rules, rules
from bot.jobs.preference import JobPreference


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
    "level": suits.level_part,
    "place": place_part,
    "pay": pay_part,
    "market": market_part,
    "named_pay": named_pay_part,
    "experience": suits.experience_part,
    "schooling": suits.schooling_part,
    "age": suits.age_part,
    "work_time": suits.work_time_part,
    "welfare": suits.welfare_part,
    "group": suits.group_part,
    "fresh": suits.fresh_part,
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

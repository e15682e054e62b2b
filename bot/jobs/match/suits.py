"""How a posting suits the person: rank, experience, schooling, age, time, welfare, group, age
of the posting itself."""

from __future__ import annotations

from bot import clock
from bot.caches import process_cache
from bot.jobs.match.features import Features
from bot.jobs.preference import JobPreference
from bot.jobs.traits import Traits, level
from bot.text import conditions

#: Schooling as steps: 高中 and 中专 stand side by side.
STEP = {
    "none": 0, "junior": 1, "senior": 2, "vocational": 2, "college": 3, "bachelor": 4, "master": 5,
}  # fmt: skip
#: Years after which a person may lead others.
LEADS = 3
#: The age that a group stands for when none was told.
AGE_OF = {"age_4050": 50, "graduate": 23}
#: What a posting's verdict on a condition counts.
_HELD: dict[conditions.Verdict, float] = {"holds": 1.0, "unknown": 0.5, "against": 0.0}
#: A posting counts as fresh for so many days, less each day.
FRESH_DAYS = 90

_level = process_cache(size=50_000)(level)


def level_part(features: Features, wish: JobPreference) -> float:
    """Whether the rank that the title names suits the person's experience."""
    rank = _level(features.title)
    if rank is None or any(level(name) == rank for name in wish.occupations):
        return 1.0
    years = wish.experience_years
    starts = wish.group == "graduate" or years == 0
    if rank == "senior":
        return 1.0 if years is not None and years >= LEADS else 0.0 if starts else 0.3
    if rank == "student":
        return 1.0 if starts else 0.2
    return 1.0 if starts or years is None else 0.5


def experience_part(features: Features, wish: JobPreference) -> float:
    """Whether the experience asked for is there; what is not said lies in between."""
    asked, has = features.experience_years, wish.experience_years
    if has is None and wish.group == "graduate":
        has = 0
    if asked is None:
        return 0.7
    if asked == 0:
        return 1.0 if has is None or has < LEADS else 0.8
    if has is None:
        return max(0.0, 0.6 - 0.12 * asked)
    return 1.0 if has >= asked else max(0.0, 0.5 - 0.25 * (asked - has))


def schooling_part(features: Features, wish: JobPreference) -> float:
    """Whether the schooling asked for is there; far more than asked counts a little less."""
    if features.education is None:
        return 0.7
    asked = STEP[features.education]
    has = STEP[wish.education or "senior"]
    if has < asked:
        return 0.25 if asked - has == 1 else 0.0
    return 1.0 - 0.1 * min(3, has - asked) if wish.education else 0.9


def out_of_reach(features: Features, wish: JobPreference) -> bool:
    """Tell whether a posting asks for far more schooling or experience than the person told of.

    Two steps of schooling or two years: who has that much less is hardly invited.
    """
    asked, years = features.education, features.experience_years
    if asked and wish.education and STEP[asked] - STEP[wish.education] >= 2:
        return True
    has = 0 if wish.group == "graduate" else wish.experience_years
    return bool(years and has is not None and years - has >= 2)


def age_part(features: Features, wish: JobPreference) -> float:
    """1 inside the ages that the posting asks for, 0 outside, ½ when nothing is known."""
    age = wish.age or AGE_OF.get(wish.group or "")
    if features.traits is None or features.traits.ages is None or age is None:
        return 0.5
    youngest, oldest = features.traits.ages
    return float(youngest <= age <= oldest)


def work_time_part(features: Features, wish: JobPreference) -> float:
    """1 for the wished time; without a wish, ordinary hours before nights and odd jobs."""
    if wish.work_time:
        return 1.0 if features.work_time == wish.work_time else 0.5
    return {"gig": 0.2, "part_time": 0.2, "shift_night": 0.3}.get(features.work_time or "", 0.7)


def welfare_part(features: Features, wish: JobPreference) -> float:
    """The share of the wished welfare that is offered; without a wish, the more the better."""
    if features.traits is None:
        return 0.4
    offered = features.traits.welfare
    if wish.welfare:
        return sum(offers_share(one, features.traits) for one in wish.welfare) / len(wish.welfare)
    return min(1.0, 0.4 + 0.15 * len(offered))


def offers_share(wished: str, known: Traits) -> float:
    """1 where a posting offers or holds what is wished for, 0 where it speaks against it.

    What it says nothing of is ½ of a condition (nights, standing), and 0 of what is offered.
    """
    if wished not in conditions.conditions():
        return float(wished in known.welfare)
    return _HELD[conditions.verdict(wished, known.words)[0]]


def spoken_against(features: Features, wish: JobPreference) -> int:
    """Return of how many conditions wished for a posting says the contrary."""
    if features.traits is None:
        return 0
    named = [one for one in wish.welfare if one in conditions.conditions()]
    return sum(offers_share(one, features.traits) == 0 for one in named)


def group_part(features: Features, wish: JobPreference) -> float:
    """1 when the posting says that it wants the group, 0 when something in it bars it.

    A posting that says neither loses nothing by it against others that say neither.
    """
    if wish.group is None or features.traits is None:
        return 0.5
    if wish.group in features.traits.suits:
        return 1.0
    return 0.0 if wish.group in features.traits.bars else 0.5


def fresh_part(features: Features, wish: JobPreference) -> float:
    """1 for today, falling to 0 after 90 days; a posting without a date counts as old."""
    if features.published_on is None:
        return 0.0
    days = (clock.today() - features.published_on).days
    return min(1.0, max(0.0, 1.0 - days / FRESH_DAYS))

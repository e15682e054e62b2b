"""Score parts for the person: rank, experience, schooling, age, time, welfare, group; and
for the age of the posting."""

from __future__ import annotations

from bot import clock
from bot.caches import process_cache
from bot.matching.features import Features
from bot.matching.job_preference import JobPreference
from bot.postings.traits import Traits, level
from bot.understanding.extractors import conditions

#: Schooling as steps: 高中 and 中专 stand side by side.
EDUCATION_RANKS = {
    "none": 0, "junior": 1, "senior": 2, "vocational": 2, "college": 3, "bachelor": 4, "master": 5,
}  # fmt: skip
#: Years after which a person may lead others.
MIN_YEARS_TO_LEAD = 3
#: The age that a group stands for when none was told.
AGE_BY_GROUP = {"age_4050": 50, "graduate": 23}
#: What a posting's verdict on a condition counts.
_SHARE_BY_VERDICT: dict[conditions.Verdict, float] = {"holds": 1.0, "unknown": 0.5, "against": 0.0}
#: A posting counts as fresh for so many days, less each day.
FRESH_DAYS = 90

_level = process_cache(size=50_000)(level)


def level_part(features: Features, preference: JobPreference) -> float:
    """Return how far the rank that the title names suits the person's experience."""
    rank = _level(features.title)
    if rank is None or any(level(name) == rank for name in preference.occupations):
        return 1.0
    years = preference.experience_years
    starts = preference.group == "graduate" or years == 0
    if rank == "senior":
        return 1.0 if years is not None and years >= MIN_YEARS_TO_LEAD else 0.0 if starts else 0.3
    if rank == "student":
        return 1.0 if starts else 0.2
    return 1.0 if starts or years is None else 0.5


def experience_part(features: Features, preference: JobPreference) -> float:
    """Return how far the required experience is met; unstated experience lies in between."""
    required, has = features.experience_years, preference.experience_years
    if has is None and preference.group == "graduate":
        has = 0
    if required is None:
        return 0.7
    if required == 0:
        return 1.0 if has is None or has < MIN_YEARS_TO_LEAD else 0.8
    if has is None:
        return max(0.0, 0.6 - 0.12 * required)
    return 1.0 if has >= required else max(0.0, 0.5 - 0.25 * (required - has))


def schooling_part(features: Features, preference: JobPreference) -> float:
    """Return how far the required schooling is met; far more than required counts a little less."""
    if features.education is None:
        return 0.7
    required = EDUCATION_RANKS[features.education]
    has = EDUCATION_RANKS[preference.education or "senior"]
    if has < required:
        return 0.25 if required - has == 1 else 0.0
    return 1.0 - 0.1 * min(3, has - required) if preference.education else 0.9


def is_underqualified(features: Features, preference: JobPreference) -> bool:
    """Tell whether a posting asks for far more schooling or experience than the person told of.

    Two steps of schooling or two years: who has that much less is hardly invited.
    """
    required, years = features.education, features.experience_years
    if (
        required
        and preference.education
        and EDUCATION_RANKS[required] - EDUCATION_RANKS[preference.education] >= 2
    ):
        return True
    has = 0 if preference.group == "graduate" else preference.experience_years
    return bool(years and has is not None and years - has >= 2)


def age_part(features: Features, preference: JobPreference) -> float:
    """1 inside the ages that the posting asks for, 0 outside, ½ when nothing is known."""
    age = preference.age or AGE_BY_GROUP.get(preference.group or "")
    if features.traits is None or features.traits.ages is None or age is None:
        return 0.5
    youngest, oldest = features.traits.ages
    return float(youngest <= age <= oldest)


def work_time_part(features: Features, preference: JobPreference) -> float:
    """1 for the wished time; without a preference, ordinary hours before nights and odd jobs."""
    if preference.work_time:
        return 1.0 if features.work_time == preference.work_time else 0.5
    return {"gig": 0.2, "part_time": 0.2, "shift_night": 0.3}.get(features.work_time or "", 0.7)


def welfare_part(features: Features, preference: JobPreference) -> float:
    """The share of the wanted welfare that is offered; without a wish, the more the better."""
    if features.traits is None:
        return 0.4
    posting_offers = features.traits.welfare
    if preference.welfare:
        return sum(
            offers_share(offer_id, features.traits) for offer_id in preference.welfare
        ) / len(preference.welfare)
    return min(1.0, 0.4 + 0.15 * len(posting_offers))


def offers_share(offer_id: str, posting_traits: Traits) -> float:
    """1 where a posting offers or holds what is wished for, 0 where it speaks against it.

    What it says nothing of is ½ of a condition (nights, standing), and 0 of what is offered.
    """
    if offer_id not in conditions.conditions():
        return float(offer_id in posting_traits.welfare)
    return _SHARE_BY_VERDICT[conditions.verdict(offer_id, posting_traits.words)[0]]


def contradiction_count(features: Features, preference: JobPreference) -> int:
    """Return the number of wanted conditions that a posting contradicts."""
    if features.traits is None:
        return 0
    condition_ids = [
        condition_id
        for condition_id in preference.welfare
        if condition_id in conditions.conditions()
    ]
    return sum(offers_share(condition_id, features.traits) == 0 for condition_id in condition_ids)


def group_part(features: Features, preference: JobPreference) -> float:
    """1 when the posting says that it wants the group, 0 when something in it bars it.

    A posting that says neither loses nothing by it against others that say neither.
    """
    if preference.group is None or features.traits is None:
        return 0.5
    if preference.group in features.traits.suits:
        return 1.0
    return 0.0 if preference.group in features.traits.bars else 0.5


def fresh_part(features: Features, preference: JobPreference) -> float:
    """1 for today, falling to 0 after 90 days; a posting without a date counts as old."""
    if features.published_on is None:
        return 0.0
    days = (clock.today() - features.published_on).days
    return min(1.0, max(0.0, 1.0 - days / FRESH_DAYS))

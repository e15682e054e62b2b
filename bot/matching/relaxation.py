"""Descriptions of the conditions that a posting does not meet."""

from __future__ import annotations

from typing import Literal

from bot.matching.features import Features
from bot.matching.job_preference import JobPreference
from bot.matching.join_names import join_names
from bot.postings.match_config import Condition, rules
from bot.vocabulary.vocabulary import vocabulary
from bot.wording import wording

_SAY = wording("job_relaxations")

_PlaceRelation = Literal["city_only", "district", "city", "far"]
#: In which order several are said.
_ORDER: tuple[Condition, ...] = (
    "trade", "place", "time_unstated", "pay_reaches", "pay_lower", "pay_below", "pay_unknown",
)  # fmt: skip
#: Stands between two conditions that a posting does not keep.
SEPARATOR = "；"
_WORK_TIME_NAMES = {"gig": "日结", "part_time": "兼职", "shift_night": "夜班"}


def describe_relaxation(
    broken: frozenset[Condition], features: Features, preference: JobPreference
) -> str | None:
    """Return what was loosened for a posting, None when it keeps everything."""
    words = [_word(condition, features, preference) for condition in _ORDER if condition in broken]
    return SEPARATOR.join(words) or None


def relaxation_values(
    broken: frozenset[Condition], features: Features, preference: JobPreference
) -> dict[str, dict[str, object]]:
    """Return by its kind each condition that a posting does not meet, with the values of its words.

    The kinds are those of `gives_way` in data/vocab/posting_list.yml.
    """
    wanted_pay = preference.salary_min or 0
    values_by_kind: dict[str, dict[str, object]] = {
        "trade": {"trade": "、".join(preference.occupations)},
        "time_unstated": {"time": _time_name(preference)},
    }
    kinds = [
        _place_relation(features, preference) if condition == "place" else condition
        for condition in _ORDER
        if condition in broken
    ]
    return {kind: values_by_kind.get(kind, {"pay": wanted_pay}) for kind in kinds}


def _time_name(preference: JobPreference) -> str:
    return _WORK_TIME_NAMES.get(preference.work_time or "") or _SAY("wanted_time")


def _word(condition: Condition, features: Features, preference: JobPreference) -> str:
    if condition == "trade":
        return _SAY("trade", trades="、".join(preference.occupations))
    if condition == "place":
        return _place(features, preference)
    if condition == "time_unstated":
        return _SAY("time_unstated", time=_time_name(preference))
    if condition == "pay_reaches":
        return _SAY("pay_reaches")
    if condition == "pay_lower":
        lower = round((preference.salary_min or 0) * rules().limits.lower_pay)
        return _SAY("pay_lower", pay=lower)
    if condition == "pay_below":
        return _SAY("pay_below", pay=preference.salary_min)
    return _SAY("pay_unknown")


def _place_relation(features: Features, preference: JobPreference) -> _PlaceRelation:
    """Return how a posting's place relates to the wanted places."""
    words = vocabulary()
    city = words.city_of(features.region_code or "")
    if any(words.city_of(code) == city for code in preference.places):
        return "city_only" if features.region_code == city else "district"
    neighbours = [
        neighbour
        for code in preference.places
        for neighbour in words.neighbours(words.city_of(code) or code)
    ]
    return "city" if city in neighbours else "far"


def _place(features: Features, preference: JobPreference) -> str:
    words = vocabulary()
    names = join_names([words.name(code) for code in preference.places])
    relation = _place_relation(features, preference)
    if relation == "city_only":
        city_name = words.name(str(features.region_code))
        return _SAY("city_only", wanted=names, city=city_name)
    return _SAY("other_area", wanted=names, area=_SAY(f"area_{relation}"))

"""Descriptions of the conditions that a posting does not meet."""

from __future__ import annotations

from typing import Literal

from bot.jobs.few import join_names
from bot.jobs.match.features import Features
from bot.jobs.match.rules import Condition, rules
from bot.jobs.preference import JobPreference
from bot.text.vocabulary import vocabulary

_PlaceRelation = Literal["city_only", "district", "city", "far"]
#: In which order several are said.
_ORDER: tuple[Condition, ...] = (
    "trade", "place", "time_unstated", "pay_reaches", "pay_lower", "pay_below", "pay_unknown",
)  # fmt: skip
#: Stands between two conditions that a posting does not keep.
SEPARATOR = "；"
_WORK_TIME_NAMES = {"gig": "日结", "part_time": "兼职", "shift_night": "夜班"}


def describe_relaxation(
    broken: frozenset[Condition], features: Features, wish: JobPreference
) -> str | None:
    """Return what was loosened for a posting, None when it keeps everything."""
    words = [_word(condition, features, wish) for condition in _ORDER if condition in broken]
    return SEPARATOR.join(words) or None


def relaxation_values(
    broken: frozenset[Condition], features: Features, wish: JobPreference
) -> dict[str, dict[str, object]]:
    """Return by its kind each condition that a posting does not meet, with the values of its words.

    The kinds are those of `gives_way` in data/vocab/posting_list.yml.
    """
    wanted_pay = wish.salary_min or 0
    values_by_kind: dict[str, dict[str, object]] = {
        "trade": {"trade": "、".join(wish.occupations)},
        "time_unstated": {"time": _WORK_TIME_NAMES.get(wish.work_time or "", "你要的时间")},
    }
    kinds = [
        _place_relation(features, wish) if condition == "place" else condition
        for condition in _ORDER
        if condition in broken
    ]
    return {kind: values_by_kind.get(kind, {"pay": wanted_pay}) for kind in kinds}


def _word(condition: Condition, features: Features, wish: JobPreference) -> str:
    if condition == "trade":
        return f"不是{'、'.join(wish.occupations)}，是相近的工种"
    if condition == "place":
        return _place(features, wish)
    if condition == "time_unstated":
        return f"没写是不是{_WORK_TIME_NAMES.get(wish.work_time or '', '你要的时间')}，去之前问清楚"
    if condition == "pay_reaches":
        return "最低工资不到你要的数，但最高能到"
    if condition == "pay_lower":
        lower = round((wish.salary_min or 0) * rules().limits.lower_pay)
        return f"工资比你要的低一些（{lower}元以上）"
    if condition == "pay_below":
        return f"工资到不了{wish.salary_min}元"
    return "没写工资多少，去之前问清楚"


def _place_relation(features: Features, wish: JobPreference) -> _PlaceRelation:
    """Return how a posting's place relates to the wanted places."""
    words = vocabulary()
    city = words.city_of(features.region_code or "")
    if any(words.city_of(code) == city for code in wish.places):
        return "city_only" if features.region_code == city else "district"
    neighbours = [
        neighbour
        for code in wish.places
        for neighbour in words.neighbours(words.city_of(code) or code)
    ]
    return "city" if city in neighbours else "far"


def _place(features: Features, wish: JobPreference) -> str:
    words = vocabulary()
    names = join_names([words.name(code) for code in wish.places])
    relation = _place_relation(features, wish)
    if relation == "city_only":
        city_name = words.name(str(features.region_code))
        return f"{names}没有别的合适的了，这个只写了{city_name}，没写哪个区"
    lies = {"district": "市里其他区县", "city": "邻近的市", "far": "省里别的市"}
    return f"{names}没有别的合适的了，这是{lies[relation]}的"

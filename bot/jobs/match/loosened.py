"""Say in plain words which conditions a posting does not keep: the words follow the posting."""

from __future__ import annotations

from typing import Literal

from bot.jobs.few import some
from bot.jobs.match.features import Features
from bot.jobs.match.rules import Condition, rules
from bot.jobs.preference import JobPreference
from bot.text.vocabulary import vocabulary

_Where = Literal["city_only", "district", "city", "far"]
#: In which order several are said.
_ORDER: tuple[Condition, ...] = (
    "trade", "place", "time_unstated", "pay_reaches", "pay_lower", "pay_below", "pay_unknown",
)  # fmt: skip
#: Stands between two conditions that a posting does not keep.
BETWEEN = "；"
_TIMES = {"gig": "日结", "part_time": "兼职", "shift_night": "夜班"}


def said(broken: frozenset[Condition], features: Features, wish: JobPreference) -> str | None:
    """Return what was loosened for a posting, None when it keeps everything."""
    words = [_word(one, features, wish) for one in _ORDER if one in broken]
    return BETWEEN.join(words) or None


def short(
    broken: frozenset[Condition], features: Features, wish: JobPreference
) -> dict[str, dict[str, object]]:
    """Return by its kind what a posting does not keep, with what fills its words.

    The kinds are those of `gives_way` in data/vocab/posting_list.yml.
    """
    asked = wish.salary_min or 0
    given: dict[str, dict[str, object]] = {
        "trade": {"trade": "、".join(wish.occupations)},
        "time_unstated": {"time": _TIMES.get(wish.work_time or "", "你要的时间")},
    }
    kinds = [_where(features, wish) if one == "place" else one for one in _ORDER if one in broken]
    return {kind: given.get(kind, {"pay": asked}) for kind in kinds}


def _word(condition: Condition, features: Features, wish: JobPreference) -> str:
    if condition == "trade":
        return f"不是{'、'.join(wish.occupations)}，是相近的工种"
    if condition == "place":
        return _place(features, wish)
    if condition == "time_unstated":
        return f"没写是不是{_TIMES.get(wish.work_time or '', '你要的时间')}，去之前问清楚"
    if condition == "pay_reaches":
        return "最低工资不到你要的数，但最高能到"
    if condition == "pay_lower":
        lower = round((wish.salary_min or 0) * rules().limits.lower_pay)
        return f"工资比你要的低一些（{lower}元以上）"
    if condition == "pay_below":
        return f"工资到不了{wish.salary_min}元"
    return "没写工资多少，去之前问清楚"


def _where(features: Features, wish: JobPreference) -> _Where:
    """Return where a posting lies beside the places wished for."""
    words = vocabulary()
    city = words.city_of(features.region_code or "")
    if any(words.city_of(code) == city for code in wish.places):
        return "city_only" if features.region_code == city else "district"
    near = [one for code in wish.places for one in words.neighbours(words.city_of(code) or code)]
    return "city" if city in near else "far"


def _place(features: Features, wish: JobPreference) -> str:
    words = vocabulary()
    names = some([words.name(code) for code in wish.places])
    where = _where(features, wish)
    if where == "city_only":
        named = words.name(str(features.region_code))
        return f"{names}没有别的合适的了，这个只写了{named}，没写哪个区"
    lies = {"district": "市里其他区县", "city": "邻近的市", "far": "省里别的市"}
    return f"{names}没有别的合适的了，这是{lies[where]}的"

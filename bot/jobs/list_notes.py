"""Lines around a list of postings, each said once: what gave way, what none states, what is asked.

Wording stands in data/vocab/posting_list.yml.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from typing import Any

from ruamel.yaml import YAML

from bot.caches import process_cache
from bot.jobs.explain import called, unstated
from bot.jobs.match import Match, Matches, OtherTrades
from bot.jobs.match.loosened import short
from bot.jobs.preference import JobPreference, Wish
from bot.settings import settings
from bot.text import education
from bot.text.conditions import conditions
from bot.text.vocabulary import vocabulary


@process_cache(size=1)
def wording() -> dict[str, Any]:
    """Return data/vocab/posting_list.yml."""
    file = settings().data / "vocab" / "posting_list.yml"
    read: dict[str, Any] = YAML(typ="safe").load(file.read_text("utf-8"))
    return read


def gave_way(items: Sequence[Match], wish: JobPreference) -> list[str]:
    """Say which of a list do not keep what of the wish."""
    numbers: dict[str, list[int]] = {}
    for number, match in enumerate(items, 1):
        for kind, given in short(match.broken, match.features, wish).items():
            said = wording()["gives_way"][kind].format(**given)
            numbers.setdefault(said, []).append(number)
    together: dict[tuple[int, ...], list[str]] = {}
    for said, at in numbers.items():
        together.setdefault(tuple(at), []).append(said)
    which = [f"{_numbered(at, len(items))}{'，'.join(said)}" for at, said in together.items()]
    return [wording()["gave_way"].format(which="；".join(which))] if which else []


def told_of_all(items: Sequence[Match], wish: JobPreference) -> list[str]:
    """Return the ids of what is wished for and none of a list states."""
    missing = [unstated(match.features, wish) for match in items]
    return [one for one in wish.welfare if missing and all(one in each for each in missing)]


def unknown(ids: Collection[str], of: int) -> list[str]:
    """Say what none of a list of so many states."""
    return [wording()["unknown"].format(what=called(ids), these=_these(of))] if ids else []


def refused(matches: Matches, wish: JobPreference) -> list[str]:
    """Say how many are not shown, as they state what the person refuses."""
    known = conditions()
    says = [known[one].refused_says for one in wish.welfare if one in known]
    what = "、".join(one for one in says if one)
    if not (matches.refused and what):
        return []
    return [wording()["refused"].format(count=matches.refused, what=what)]


def other_trades(others: OtherTrades, wish: JobPreference) -> list[str]:
    """Name the other trades that are open, and ask whether one of them would do."""
    if not others.names:
        return []
    words = vocabulary()
    names = [words.name(code) for code in wish.places or (settings().home_region,)]
    where = wording()["around" if others.around else "here"].format(place="、".join(names[:2]))
    return [wording()["others"].format(where=where, trades="、".join(others.names))]


def of_age(items: Sequence[Match], wish: JobPreference, facts: Collection[str]) -> list[str]:
    """Say what an age that was just told means for a list."""
    if "age" not in facts or not wish.age:
        return []
    limited = [
        number
        for number, match in enumerate(items, 1)
        if match.features.traits and match.features.traits.ages
    ]
    every = len(limited) == len(items)
    name = "age_all" if every else "age_stated" if limited else "age_unknown"
    said = wording()[name].format(age=wish.age, numbers=_joined(limited), these=_these(len(items)))
    return [said]


def of_schooling(wish: JobPreference, facts: Collection[str]) -> list[str]:
    """Say what schooling that was just told means for a list."""
    if "education" not in facts or not wish.education:
        return []
    schooling = education.NAMES.get(wish.education, wish.education)
    return [wording()["schooling"].format(schooling=schooling)]


def of_group(wish: JobPreference, facts: Collection[str]) -> list[str]:
    """Say what a group that was just told means for a list; registration is noted elsewhere."""
    told = "group" in facts and wish.group not in (None, "registered_unemployed")
    return [wording()["group"]] if told else []


def near_home(wish: JobPreference) -> list[str]:
    """Say how near home is understood: within the district, or asked for it."""
    if wish.stays != "first" and "near" not in wish.welfare:
        return []
    code = wish.region_code
    if code is None:
        return []  # the place is asked for
    words = vocabulary()
    if words.regions[code].level < _DISTRICT:
        return [wording()["near_city"]]
    return [wording()["near_district"].format(place=words.name(code))]


def of_past(past: Sequence[str], there: bool) -> list[str]:
    """Say that the trade done so far was searched for, or that there is none of it."""
    return [wording()["past" if there else "past_none"].format(trade=past[0])]


def asked_for(wish: Wish | None) -> list[str]:
    """Ask for one thing in a line."""
    return [wording()["asks"][wish]] if wish else []


#: The level of a district in the vocabulary.
_DISTRICT = 3


def _numbered(at: Sequence[int], of: int) -> str:
    if len(at) == of:
        return str(wording()["all" if of > 1 else "one"])
    return str(wording()["numbered"].format(numbers=_joined(at)))


def _these(of: int) -> str:
    return str(wording()["these"][of > 1])


def _joined(numbers: Iterable[int]) -> str:
    return "、".join(map(str, numbers))

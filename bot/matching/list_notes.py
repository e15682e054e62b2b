"""Notes on a list of postings: relaxed conditions, unstated offers, questions.

Wording stands in data/vocab/posting_list.yml.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from typing import Any

from bot.caches import process_cache
from bot.matching import Match, Matches, OtherTrades
from bot.matching.explain import unknown_names, unstated
from bot.matching.job_preference import JobPreference, PreferenceSlot
from bot.matching.relaxation import relaxation_values
from bot.settings import settings
from bot.understanding.extractors import education
from bot.understanding.extractors.conditions import conditions
from bot.vocabulary.vocabulary import vocabulary
from bot.yaml_files import read_yaml


@process_cache(size=1)
def wording() -> dict[str, Any]:
    """Return data/vocab/posting_list.yml."""
    file = settings().data_file("vocab", "posting_list.yml")
    read: dict[str, Any] = read_yaml(file)
    return read


def broken_conditions_note(items: Sequence[Match], preference: JobPreference) -> list[str]:
    """Return which postings of a list do not meet which conditions."""
    numbers: dict[str, list[int]] = {}
    for number, match in enumerate(items, 1):
        for kind, values in relaxation_values(match.broken, match.features, preference).items():
            phrase = wording()["gives_way"][kind].format(**values)
            numbers.setdefault(phrase, []).append(number)
    together: dict[tuple[int, ...], list[str]] = {}
    for phrase, posting_numbers in numbers.items():
        together.setdefault(tuple(posting_numbers), []).append(phrase)
    clauses = [
        f"{_numbered(posting_numbers, len(items))}{'，'.join(phrases)}"
        for posting_numbers, phrases in together.items()
    ]
    return [wording()["gave_way"].format(which="；".join(clauses))] if clauses else []


def unstated_by_all(items: Sequence[Match], preference: JobPreference) -> list[str]:
    """Return the ids of wanted offers that no posting of a list states."""
    missing = [unstated(match.features, preference) for match in items]
    return [
        offer_id
        for offer_id in preference.welfare
        if missing and all(offer_id in ids for ids in missing)
    ]


def unknown_note(ids: Collection[str], count: int) -> list[str]:
    """Say what none of the `count` postings states."""
    return (
        [wording()["unknown"].format(what=unknown_names(ids), these=_these(count))] if ids else []
    )


def refused_note(matches: Matches, preference: JobPreference) -> list[str]:
    """Say how many are not shown, as they state what the person refuses."""
    conditions_by_id = conditions()
    phrases = [
        conditions_by_id[offer_id].refused_says
        for offer_id in preference.welfare
        if offer_id in conditions_by_id
    ]
    conditions_text = "、".join(filter(None, phrases))
    if not (matches.refused and conditions_text):
        return []
    return [wording()["refused"].format(count=matches.refused, what=conditions_text)]


def other_trades_note(others: OtherTrades, preference: JobPreference) -> list[str]:
    """Name the other trades that are open, and ask whether one of them would do."""
    if not others.names:
        return []
    words = vocabulary()
    names = [words.name(code) for code in preference.places or (settings().home_region,)]
    place = wording()["around" if others.around else "here"].format(place="、".join(names[:2]))
    return [wording()["others"].format(where=place, trades="、".join(others.names))]


def age_note(
    items: Sequence[Match], preference: JobPreference, facts: Collection[str]
) -> list[str]:
    """Say what an age that was just told means for a list."""
    if "age" not in facts or not preference.age:
        return []
    limited = [
        number
        for number, match in enumerate(items, 1)
        if match.features.traits and match.features.traits.ages
    ]
    every = len(limited) == len(items)
    name = "age_all" if every else "age_stated" if limited else "age_unknown"
    line = wording()[name].format(
        age=preference.age, numbers=_joined(limited), these=_these(len(items))
    )
    return [line]


def schooling_note(preference: JobPreference, facts: Collection[str]) -> list[str]:
    """Say what schooling that was just told means for a list."""
    if "education" not in facts or not preference.education:
        return []
    schooling = education.NAMES.get(preference.education, preference.education)
    return [wording()["schooling"].format(schooling=schooling)]


def group_note(preference: JobPreference, facts: Collection[str]) -> list[str]:
    """Say what a group that was just told means for a list; registration is noted elsewhere."""
    is_new_group = "group" in facts and preference.group not in (None, "registered_unemployed")
    return [wording()["group"]] if is_new_group else []


def near_home_note(preference: JobPreference) -> list[str]:
    """Say how near home is understood: within the district, or asked for it."""
    if preference.stays != "first" and "near" not in preference.welfare:
        return []
    code = preference.region_code
    if code is None:
        return []  # the place is asked for
    words = vocabulary()
    if words.regions[code].level < _DISTRICT:
        return [wording()["near_city"]]
    return [wording()["near_district"].format(place=words.name(code))]


def past_trade_note(past: Sequence[str], has_postings: bool) -> list[str]:
    """Say that the trade done so far was searched for, or that there is none of it."""
    return [wording()["past" if has_postings else "past_none"].format(trade=past[0])]


def missing_slot_question(slot: PreferenceSlot | None) -> list[str]:
    """Ask for a missing slot in one line."""
    return [wording()["asks"][slot]] if slot else []


#: The level of a district in the vocabulary.
_DISTRICT = 3


def _numbered(numbers: Sequence[int], count: int) -> str:
    if len(numbers) == count:
        return str(wording()["all" if count > 1 else "one"])
    return str(wording()["numbered"].format(numbers=_joined(numbers)))


def _these(count: int) -> str:
    return str(wording()["these"][count > 1])


def _joined(numbers: Iterable[int]) -> str:
    return "、".join(map(str, numbers))

"""Candidate postings from the index match_keys: the newest that can suit, in bounded number.

One branch of the query for each trade and place, so that the index gives each newest first and
stops at the limit, however many postings there are. Conditions are narrowed here as far as the
index holds them; bot.matching.hard_filters decides. What is ruled out by its title or first
occupation is looked up for what the branches gave, once, not in each of them.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import product
from typing import Any

from sqlalchemy import text

from bot import clock
from bot.caches import process_cache
from bot.db.compiled_statement import Database, Prepared
from bot.db.models.imports import SHOWN_UP_TO
from bot.matching.components.person import FRESH_DAYS
from bot.matching.hard_filters import ACCEPTED, ORDINARY
from bot.matching.job_preference import JobPreference
from bot.matching.place_keys import PlaceKey, preferred_places, surrounding_places
from bot.matching.related_occupations import substitute_trades
from bot.postings.match_config import PARTS, Condition, rules

#: What a branch gives: posting, day, number of the branch, rank of the trade, least pay; and
#: whether it is ruled out.
_Key = tuple[int, int, int, int, "int | None", bool]
#: Every branch gives at least so many, however many branches there are.
MIN_BRANCH_LIMIT = 40
#: So many times as many are asked for again when too few were left by what is ruled out, until
#: every branch has given so many: who rules out nearly all must not read a whole province.
_LIMIT_FACTOR, _MAX_BRANCH_LIMIT = 4, 5_000


@dataclass(frozen=True)
class KeySearchResult:
    """Result of a search in the index."""

    ids: tuple[int, ...]
    """Each once, those that promise most first."""
    cut: bool
    """True when a branch reached its limit: there may be more."""


def find_keys(
    db: Database, preference: JobPreference, allowed: frozenset[Condition], limit: int
) -> KeySearchResult:
    """Return the newest postings that keep the conditions but for those in `allowed`."""
    branches = list(
        product(
            _trades(preference, allowed), _places(preference, allowed), _times(preference, allowed)
        )
    )
    if not branches:
        return KeySearchResult((), False)
    branch_limit = max(MIN_BRANCH_LIMIT, limit // len(branches) + 1)
    parameters: dict[str, Any] = {}
    conditions = _conditions(preference, allowed, parameters)
    query = " union all ".join(
        _branch(number, trade, place, time, conditions, parameters)
        for number, (trade, place, time) in enumerate(branches)
    )
    statement = _statement(
        f"select u.*, {_is_excluded_column(preference, parameters)} from ({query}) u"
    )
    while True:
        rows = statement.rows(db, {**parameters, "each": branch_limit})
        counts = [0] * len(branches)
        for row in rows:
            counts[row[2]] += 1
        cut = max(counts) >= branch_limit
        best = sorted((row for row in rows if not row[5]), key=_promise(preference), reverse=True)
        enough = len(best) >= min(limit, rules().limits.candidates)
        if not cut or enough or branch_limit >= _MAX_BRANCH_LIMIT:
            return KeySearchResult(tuple(dict.fromkeys(row[0] for row in best)), cut)
        branch_limit *= _LIMIT_FACTOR


@process_cache(size=1_000)
def _statement(query: str) -> Prepared:
    """Return a query to be asked; the same few are asked again and again."""
    return Prepared(text(query))


def _promise(preference: JobPreference) -> Callable[[_Key], tuple[float, int]]:
    """Return the order in which keys are scored: the score's parts that the index knows."""
    weigh = dict(zip(PARTS, rules().weights, strict=True))
    trade, fresh = weigh["trade"] * 0.2, weigh["fresh"] / FRESH_DAYS
    pay = weigh["pay"] / preference.salary_min if preference.salary_min else 0.0
    highest_pay = (preference.salary_min or 0) * 1.5
    oldest = (clock.today() - date(1970, 1, 1)).days - FRESH_DAYS

    def promise(key: _Key) -> tuple[float, int]:
        posting_id, day, _, rank, low, _ = key
        paid = min(low or 0, highest_pay)
        return pay * paid + fresh * max(0, day - oldest) - trade * rank, -posting_id

    return promise


def _trades(preference: JobPreference, allowed: frozenset[Condition]) -> Sequence[str]:
    """Return each trade to look under; an empty name stands for any."""
    if not preference.occupations:
        return [""]
    return (
        (*preference.trades, *substitute_trades(preference))
        if "trade" in allowed
        else preference.trades
    )


def _places(preference: JobPreference, allowed: frozenset[Condition]) -> Sequence[PlaceKey]:
    return surrounding_places(preference) if "place" in allowed else preferred_places(preference)


def _times(preference: JobPreference, allowed: frozenset[Condition]) -> Sequence[str | None]:
    """Return the working times to look under; None where one need not be stated.

    Few postings state one, so that each has an index of its own.
    """
    wanted_time = preference.work_time
    if not wanted_time or wanted_time in ORDINARY or "time_unstated" in allowed:
        return [None]
    return ACCEPTED.get(wanted_time, (wanted_time,))


def _branch(
    number: int,
    trade: str,
    place: PlaceKey,
    time: str | None,
    conditions: str,
    parameters: dict[str, Any],
) -> str:
    condition = _trade_and_place(number, trade, place, parameters) + conditions
    if time is not None:
        parameters[f"time{number}"] = time
        condition += f" and k.work_time = :time{number}"
    return (
        f"select * from (select k.posting_id, k.day, {number} as branch, k.rank, k.salary_min"
        f" from match_keys k where {condition} and k.posting_id <= {SHOWN_UP_TO}"
        f" order by k.day desc, k.posting_id desc limit :each) b{number}"
    )


def _trade_and_place(number: int, trade: str, place: PlaceKey, parameters: dict[str, Any]) -> str:
    """Narrow by trade and place in the words by which the planner knows the index."""
    if not trade and place.regions and len(place.regions) == 1:
        # Any occupation in one district: an index of its own, as it is few among a city's many.
        parameters[f"region{number}"] = place.regions[0]
        # Its condition is the family's: PostgreSQL looks up no column that the condition fixes.
        return f"k.occupation_name = '' and k.family = '' and k.region_code = :region{number}"
    parameters |= {f"trade{number}": trade, f"place{number}": place.key}
    condition = f"k.occupation_name = :trade{number} and k.place = :place{number}"
    if place.regions is not None:
        condition += (
            f" and k.region_code in ({_bind(f'region{number}_', place.regions, parameters)})"
        )
    return condition


def _bind(prefix: str, values: Sequence[str], parameters: dict[str, Any]) -> str:
    parameters |= {f"{prefix}{n}": value for n, value in enumerate(values)}
    return ", ".join(f":{prefix}{n}" for n in range(len(values)))


def _conditions(
    preference: JobPreference, allowed: frozenset[Condition], parameters: dict[str, Any]
) -> str:
    return (
        _pay_condition(preference, allowed, parameters)
        + _time_condition(preference, allowed, parameters)
        + _excluded_time_condition(preference, parameters)
    )


def _pay_condition(
    preference: JobPreference, allowed: frozenset[Condition], parameters: dict[str, Any]
) -> str:
    """Narrow by pay; an open upper end reaches all that its lower end reaches."""
    if not preference.salary_min or "pay_below" in allowed or "pay_unknown" in allowed:
        return ""
    lower = rules().limits.lower_pay if "pay_lower" in allowed else 1.0
    parameters["pay"] = round(preference.salary_min * lower)
    if allowed & {"pay_reaches", "pay_lower"}:
        return " and (k.salary_max >= :pay or k.salary_min >= :pay)"
    return " and k.salary_min >= :pay"


def _time_condition(
    preference: JobPreference, allowed: frozenset[Condition], parameters: dict[str, Any]
) -> str:
    """Narrow by a working time that need not be stated."""
    wanted_time = preference.work_time
    if not wanted_time or _times(preference, allowed) != [None]:
        return ""
    names = _bind("any_time", ACCEPTED.get(wanted_time, (wanted_time,)), parameters)
    return f" and (k.work_time in ({names}) or k.work_time is null)"


def _excluded_time_condition(preference: JobPreference, parameters: dict[str, Any]) -> str:
    """Narrow by working times that are ruled out."""
    if not preference.excluded:
        return ""
    names = _bind("time_out", preference.excluded, parameters)
    return f" and (k.work_time is null or k.work_time not in ({names}))"


def _is_excluded_column(preference: JobPreference, parameters: dict[str, Any]) -> str:
    """Return the SQL column that is true for an excluded title or first occupation."""
    if not preference.excluded:
        return "false"
    names = _bind("out", preference.excluded, parameters)
    titles = []
    for number, word in enumerate(preference.excluded):
        escaped = word.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
        parameters[f"like{number}"] = f"%{escaped}%"
        titles.append(f"p.title like :like{number} escape '\\'")
    return (
        "(exists (select 1 from postings p where p.id = u.posting_id"
        f" and ({' or '.join(titles)}))"
        " or exists (select 1 from match_keys o where o.posting_id = u.posting_id"
        f" and o.rank = 0 and o.occupation_name in ({names})))"
    )

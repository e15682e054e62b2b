"""The newest postings that can suit, from the index of match_keys, in bounded number.

One branch of the query for each trade and place, so that the index gives each newest first and
stops at the limit, however many postings there are. Conditions are narrowed here as far as the
index holds them; bot.jobs.match.conditions decides.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from itertools import product
from typing import Any

from sqlalchemy import TextClause, text
from sqlalchemy.orm import Session

from bot import clock
from bot.jobs.match.conditions import ACCEPTED, ORDINARY
from bot.jobs.match.places import Place, around, wished
from bot.jobs.match.rules import PARTS, Condition, rules
from bot.jobs.match.suits import FRESH_DAYS
from bot.jobs.preference import JobPreference
from bot.text.vocabulary import vocabulary

#: What a branch gives: posting, day, number of the branch, rank of the trade, least pay.
_Key = tuple[int, int, int, int, "int | None"]
#: Every branch gives at least so many, however many branches there are.
LEAST = 40


@dataclass(frozen=True)
class Found:
    """What the index gave."""

    ids: tuple[int, ...]
    """Each once, those that promise most first."""
    cut: bool
    """True when a branch reached its limit: there may be more."""


def find_keys(db: Session, wish: JobPreference, allowed: frozenset[Condition], most: int) -> Found:
    """Return the newest postings that keep the conditions but for those in `allowed`."""
    branches = list(product(_trades(wish, allowed), _places(wish, allowed), _times(wish, allowed)))
    if not branches:
        return Found((), False)
    each = max(LEAST, most // len(branches) + 1)
    given: dict[str, Any] = {"each": each}
    conditions = _conditions(wish, allowed, given)
    query = " union all ".join(
        _branch(number, trade, place, time, conditions, given)
        for number, (trade, place, time) in enumerate(branches)
    )
    rows = db.execute(_statement(query), given).tuples().all()
    counts = [0] * len(branches)
    for row in rows:
        counts[row[2]] += 1
    promise = _promise(wish)
    best = sorted(rows, key=promise, reverse=True)
    return Found(tuple(dict.fromkeys(row[0] for row in best)), max(counts) >= each)


@lru_cache(maxsize=1_000)
def _statement(query: str) -> TextClause:
    """Return a query to be asked; the same few are asked again and again."""
    return text(query)


def _promise(wish: JobPreference) -> Callable[[_Key], tuple[float, int]]:
    """Return the order in which keys are scored: the score's parts that the index knows."""
    weigh = dict(zip(PARTS, rules().weights, strict=True))
    trade, fresh = weigh["trade"] * 0.2, weigh["fresh"] / FRESH_DAYS
    pay = weigh["pay"] / wish.salary_min if wish.salary_min else 0.0
    most = (wish.salary_min or 0) * 1.5
    oldest = (clock.today() - date(1970, 1, 1)).days - FRESH_DAYS

    def promise(key: _Key) -> tuple[float, int]:
        at, day, _, rank, low = key
        paid = min(low or 0, most)
        return pay * paid + fresh * max(0, day - oldest) - trade * rank, -at

    return promise


def _trades(wish: JobPreference, allowed: frozenset[Condition]) -> Sequence[tuple[str, str]]:
    """Return the column and value of each trade to look under."""
    if not wish.occupations:
        return [("occupation_name", "")]
    if "trade" not in allowed:
        return [("occupation_name", name) for name in wish.occupations]
    known = vocabulary().occupations
    families = dict.fromkeys(known[name].family for name in wish.occupations if name in known)
    return [("family", family) for family in families]


def _places(wish: JobPreference, allowed: frozenset[Condition]) -> Sequence[Place]:
    return around(wish) if "place" in allowed else wished(wish)


def _times(wish: JobPreference, allowed: frozenset[Condition]) -> Sequence[str | None]:
    """Return the working times to look under; None where one need not be stated.

    Few postings state one, so that each has an index of its own.
    """
    wanted = wish.work_time
    if not wanted or wanted in ORDINARY or "time_unstated" in allowed:
        return [None]
    return ACCEPTED.get(wanted, (wanted,))


def _branch(
    number: int,
    trade: tuple[str, str],
    place: Place,
    time: str | None,
    conditions: str,
    given: dict[str, Any],
) -> str:
    column, value = trade
    given |= {f"trade{number}": value, f"place{number}": place.key}
    where = f"k.{column} = :trade{number} and k.place = :place{number}{conditions}"
    if column == "family":
        where += " and k.family <> ''"  # lets the planner use the index without those
    if time is not None:
        given[f"time{number}"] = time
        where += f" and k.work_time = :time{number}"
    if place.regions is not None:
        names = _bind(f"region{number}_", place.regions, given)
        where += f" and k.region_code in ({names})"
    return (
        f"select * from (select k.posting_id, k.day, {number} as branch, k.rank, k.salary_min"
        f" from match_keys k where {where}"
        f" order by k.day desc, k.posting_id desc limit :each) b{number}"
    )


def _bind(prefix: str, values: Sequence[str], given: dict[str, Any]) -> str:
    given |= {f"{prefix}{n}": value for n, value in enumerate(values)}
    return ", ".join(f":{prefix}{n}" for n in range(len(values)))


def _conditions(wish: JobPreference, allowed: frozenset[Condition], given: dict[str, Any]) -> str:
    return _pay(wish, allowed, given) + _time(wish, allowed, given) + _ruled_out(wish, given)


def _pay(wish: JobPreference, allowed: frozenset[Condition], given: dict[str, Any]) -> str:
    """Narrow by pay; an open upper end reaches all that its lower end reaches."""
    if not wish.salary_min or "pay_below" in allowed or "pay_unknown" in allowed:
        return ""
    lower = rules().limits.lower_pay if "pay_lower" in allowed else 1.0
    given["pay"] = round(wish.salary_min * lower)
    if allowed & {"pay_reaches", "pay_lower"}:
        return " and (k.salary_max >= :pay or k.salary_min >= :pay)"
    return " and k.salary_min >= :pay"


def _time(wish: JobPreference, allowed: frozenset[Condition], given: dict[str, Any]) -> str:
    """Narrow by a working time that need not be stated."""
    wanted = wish.work_time
    if not wanted or _times(wish, allowed) != [None]:
        return ""
    names = _bind("any_time", ACCEPTED.get(wanted, (wanted,)), given)
    return f" and (k.work_time in ({names}) or k.work_time is null)"


def _ruled_out(wish: JobPreference, given: dict[str, Any]) -> str:
    if not wish.excluded:
        return ""
    names = _bind("out", wish.excluded, given)
    titles = []
    for number, word in enumerate(wish.excluded):
        escaped = word.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
        given[f"like{number}"] = f"%{escaped}%"
        titles.append(f" and p.title not like :like{number} escape '\\'")
    return (
        f" and (k.work_time is null or k.work_time not in ({names}))"
        " and not exists (select 1 from match_keys o where o.posting_id = k.posting_id"
        f" and o.rank = 0 and o.occupation_name in ({names}))"
        f" and exists (select 1 from postings p where p.id = k.posting_id{''.join(titles)})"
    )

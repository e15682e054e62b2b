"""Load what scoring needs of postings found: columns first, their words only for the best."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from sqlalchemy import Date, bindparam, text
from sqlalchemy.orm import Session

from bot.jobs.match.features import Features, Market, is_clean
from bot.jobs.traits import traits

# Plain statements: this runs for every message, and building them anew costs more than they do.
_COLUMNS = text(
    "select id, employer_id, title, region_code, salary_min, salary_max, education,"
    " experience_years, work_time, published_on, warnings from postings"
    " where id in :ids and status = 'open'"
).bindparams(bindparam("ids", expanding=True))
_TYPED = _COLUMNS.columns(published_on=Date)
_TRADES = text(
    "select k.posting_id, k.occupation_name, k.rank, m.median, m.of_place from match_keys k"
    " left join pay_medians m on m.occupation_name = k.occupation_name and m.place = k.place"
    " where k.posting_id in :ids and k.occupation_name <> '' order by k.rank"
).bindparams(bindparam("ids", expanding=True))
_WORDS = text("select id, tags, description, welfare from postings where id in :ids").bindparams(
    bindparam("ids", expanding=True)
)


def load(db: Session, ids: Sequence[int]) -> list[Features]:
    """Return the features of open postings in the order of `ids`, their words not yet read."""
    if not ids:
        return []
    given = {"ids": list(ids)}
    trades: dict[int, list[str]] = {}
    markets: dict[int, Market] = {}
    for at, name, _, median, place in db.execute(_TRADES, given).tuples().all():
        trades.setdefault(at, []).append(name)
        if median and at not in markets:
            markets[at] = Market(name, median, place)
    found = {}
    for row in db.execute(_TYPED, given).all():
        at, employer, title, region, low, high, schooling, years, time, day, warnings = row
        found[at] = Features(
            at, employer, title, tuple(trades.get(at, ())), region, low, high, schooling, years,
            time, day, is_clean(warnings), markets.get(at),
        )  # fmt: skip
    return [found[at] for at in ids if at in found]


def read_words(db: Session, found: Sequence[Features]) -> list[Features]:
    """Return features with what the postings' words say."""
    if not found:
        return []
    given = {"ids": [features.posting_id for features in found]}
    words = {at: said for at, *said in db.execute(_WORDS, given).tuples().all()}
    return [
        replace(features, traits=traits(features.title, *words[features.posting_id]))
        for features in found
    ]

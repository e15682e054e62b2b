"""Load what scoring needs of postings found: columns first, their words only for the best."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

from sqlalchemy import Date, bindparam, text

from bot import clock
from bot.db.prepared import Database, Prepared
from bot.jobs.match.features import Card, Features, Market, is_clean
from bot.jobs.match.rules import rules
from bot.jobs.traits import traits


def _of_ids(statement: str, **types: Date) -> Prepared:
    days = [
        bindparam(name, type_=Date()) for name in ("today", "oldest") if f":{name}" in statement
    ]
    return Prepared(text(statement).bindparams(bindparam("ids", expanding=True), *days), **types)


_COLUMNS = _of_ids(
    "select id, employer_id, title, region_code, salary_min, salary_max, education,"
    " experience_years, work_time, published_on, warnings from postings"
    " where id in :ids and status = 'open'"
    # What is over is still open until the sources are read or a file is imported again.
    " and case when valid_until is null then published_on is null or published_on >= :oldest"
    " else valid_until >= :today end",
    published_on=Date(),
)
_TRADES = _of_ids(
    "select k.posting_id, k.occupation_name, k.rank, m.median, m.of_place from match_keys k"
    " left join pay_medians m on m.occupation_name = k.occupation_name and m.place = k.place"
    " where k.posting_id in :ids and k.occupation_name <> '' order by k.rank"
)
_WORDS = _of_ids("select id, tags, description, welfare, age_text from postings where id in :ids")
_CARDS = _of_ids(
    "select p.id, e.name, p.place_text, p.salary_text, p.warnings, p.source, '', p.contact,"
    " p.valid_until from postings p"
    " join employers e on e.id = p.employer_id where p.id in :ids",
    valid_until=Date(),
)


def load(db: Database, ids: Sequence[int]) -> list[Features]:
    """Return the features of open postings in the order of `ids`, their words not yet read."""
    if not ids:
        return []
    given = {"ids": ids}
    trades: dict[int, list[str]] = {}
    markets: dict[int, Market] = {}
    for at, name, _, median, place in _TRADES.rows(db, given):
        trades.setdefault(at, []).append(name)
        if median and at not in markets:
            markets[at] = Market(name, median, place)
    found = {}
    today = clock.today()
    oldest = today - timedelta(days=rules().postings.oldest_days)
    days = {"today": today.isoformat(), "oldest": oldest.isoformat()}
    for row in _COLUMNS.rows(db, {**given, **days}):
        at, employer, title, region, low, high, schooling, years, time, day, warnings = row
        found[at] = Features(
            at, employer, title, tuple(trades.get(at, ())), region, low, high, schooling, years,
            time, day, is_clean(warnings), markets.get(at),
        )  # fmt: skip
    return [found[at] for at in ids if at in found]


def read_words(db: Database, found: Sequence[Features]) -> list[Features]:
    """Return features with what the postings' words say."""
    if not found:
        return []
    given = {"ids": [features.posting_id for features in found]}
    words = {at: said for at, *said in _WORDS.rows(db, given)}
    return [
        replace(features, traits=traits(features.title, *words[features.posting_id]))
        for features in found
    ]


def read_cards(db: Database, ids: Sequence[int]) -> dict[int, Card]:
    """Return what a list shows of postings, by their ids; of one that is gone, nothing."""
    return {at: Card(*shown) for at, *shown in _CARDS.rows(db, {"ids": ids})} if ids else {}

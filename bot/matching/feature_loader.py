"""Loading of features and cards: columns first, the words only for the best postings."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

from sqlalchemy import Date, bindparam, text

from bot import clock
from bot.db.compiled_statement import Database, Prepared
from bot.matching.features import Card, Features, Market, is_clean
from bot.postings.match_config import rules
from bot.postings.traits import traits


def _query_by_ids(statement: str, **types: Date) -> Prepared:
    days = [
        bindparam(name, type_=Date()) for name in ("today", "oldest") if f":{name}" in statement
    ]
    return Prepared(text(statement).bindparams(bindparam("ids", expanding=True), *days), **types)


_COLUMNS = _query_by_ids(
    "select id, employer_id, title, region_code, salary_min, salary_max, education,"
    " experience_years, work_time, published_on, warnings from postings"
    " where id in :ids and status = 'open'"
    # What is over is still open until the sources are read or a file is imported again.
    " and case when valid_until is null then published_on is null or published_on >= :oldest"
    " else valid_until >= :today end",
    published_on=Date(),
)
_TRADES = _query_by_ids(
    "select k.posting_id, k.occupation_name, k.rank, m.median, m.of_place from match_keys k"
    " left join pay_medians m on m.occupation_name = k.occupation_name and m.place = k.place"
    " where k.posting_id in :ids and k.occupation_name <> '' order by k.rank"
)
_WORDS = _query_by_ids(
    "select id, tags, description, welfare, age_text from postings where id in :ids"
)
_CARDS = _query_by_ids(
    "select p.id, e.name, p.place_text, p.salary_text, p.warnings, p.source, '', p.contact,"
    " p.valid_until from postings p"
    " join employers e on e.id = p.employer_id where p.id in :ids",
    valid_until=Date(),
)


def load_features(db: Database, ids: Sequence[int]) -> list[Features]:
    """Return the features of open postings in the order of `ids`, their words not yet read."""
    if not ids:
        return []
    parameters = {"ids": ids}
    trades: dict[int, list[str]] = {}
    markets: dict[int, Market] = {}
    for posting_id, name, _, median, place in _TRADES.rows(db, parameters):
        trades.setdefault(posting_id, []).append(name)
        if median and posting_id not in markets:
            markets[posting_id] = Market(name, median, place)
    features_by_id = {}
    today = clock.today()
    oldest = today - timedelta(days=rules().postings.oldest_days)
    days = {"today": today.isoformat(), "oldest": oldest.isoformat()}
    for row in _COLUMNS.rows(db, {**parameters, **days}):
        posting_id, employer, title, region, low, high, schooling, years, time, day, warnings = row
        features_by_id[posting_id] = Features(
            posting_id, employer, title, tuple(trades.get(posting_id, ())), region, low, high,
            schooling, years, time, day, is_clean(warnings), markets.get(posting_id),
        )  # fmt: skip
    return [features_by_id[posting_id] for posting_id in ids if posting_id in features_by_id]


def read_words(db: Database, features_list: Sequence[Features]) -> list[Features]:
    """Return features with what the postings' words say."""
    if not features_list:
        return []
    parameters = {"ids": [features.posting_id for features in features_list]}
    words = {posting_id: texts for posting_id, *texts in _WORDS.rows(db, parameters)}
    return [
        replace(features, traits=traits(features.title, *words[features.posting_id]))
        for features in features_list
    ]


def read_cards(db: Database, ids: Sequence[int]) -> dict[int, Card]:
    """Return what a list shows of postings, by their ids; of one that is gone, nothing."""
    return (
        {posting_id: Card(*columns) for posting_id, *columns in _CARDS.rows(db, {"ids": ids})}
        if ids
        else {}
    )

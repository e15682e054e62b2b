"""Load what scoring needs of postings found: columns first, their words only for the best."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from sqlalchemy import Row, and_, select
from sqlalchemy.orm import Session

from bot.db.tables import MatchKey, PayMedian, Posting
from bot.jobs.match.features import Features, Market
from bot.jobs.traits import traits

_COLUMNS = select(
    Posting.id,
    Posting.employer_id,
    Posting.title,
    Posting.region_code,
    Posting.salary_min,
    Posting.salary_max,
    Posting.education,
    Posting.experience_years,
    Posting.work_time,
    Posting.published_on,
    Posting.warnings,
)
_TRADES = (
    select(
        MatchKey.posting_id,
        MatchKey.occupation_name,
        MatchKey.rank,
        PayMedian.median,
        PayMedian.of_place,
    )
    .outerjoin(
        PayMedian,
        and_(
            PayMedian.occupation_name == MatchKey.occupation_name, PayMedian.place == MatchKey.place
        ),
    )
    .where(MatchKey.occupation_name != "")
    .order_by(MatchKey.rank)
)


def load(db: Session, ids: Sequence[int]) -> list[Features]:
    """Return the features of open postings in the order of `ids`, their words not yet read."""
    if not ids:
        return []
    trades: dict[int, list[str]] = {}
    markets: dict[int, Market] = {}
    for at, name, _, median, place in db.execute(_TRADES.where(MatchKey.posting_id.in_(ids))):
        trades.setdefault(at, []).append(name)
        if median and at not in markets:
            markets[at] = Market(name, median, place)
    query = _COLUMNS.where(Posting.id.in_(ids), Posting.status == "open")
    found = {row[0]: _features(row, trades, markets) for row in db.execute(query)}
    return [found[at] for at in ids if at in found]


def _features(
    row: Row[tuple[object, ...]],
    trades: Mapping[int, Sequence[str]],
    markets: Mapping[int, Market],
) -> Features:
    at, employer, title, region, low, high, schooling, years, time, day, warnings = row
    names = tuple(trades.get(at, ()))
    return Features(
        at, employer, title, names, region, low, high, schooling, years, time, day,
        not warnings, markets.get(at),
    )  # fmt: skip


def read_words(db: Session, found: Sequence[Features]) -> list[Features]:
    """Return features with what the postings' words say."""
    ids = [features.posting_id for features in found]
    query = select(Posting.id, Posting.tags, Posting.description).where(Posting.id.in_(ids))
    words = {at: (tags, described) for at, tags, described in db.execute(query).tuples()}
    return [
        replace(features, traits=traits(features.title, *words[features.posting_id]))
        for features in found
    ]

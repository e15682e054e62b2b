"""Postings whose own words state what the person refuses: night work for who works no nights."""

from __future__ import annotations

from collections.abc import Sequence

from bot.db.prepared import Database
from bot.jobs.match.features import Features
from bot.jobs.match.load import load, read_words
from bot.jobs.match.saying import LOOKED_AT, saying
from bot.jobs.preference import JobPreference
from bot.text.conditions import refused, refused_words


def is_refused(features: Features, wish: JobPreference) -> bool:
    """Tell whether a posting's words state what a wish rules out; False while they are not read."""
    words = features.traits.words if features.traits else ""
    return bool(words) and any(refused(one, words) for one in wish.welfare)


def refused_of(db: Database, ids: Sequence[int], wish: JobPreference) -> frozenset[int]:
    """Return those of some postings that state it; of many, the first ones are looked through."""
    named = [word for one in wish.welfare for word in refused_words(one)]
    if not named:
        return frozenset()
    near = read_words(db, load(db, saying(db, ids[:LOOKED_AT], named)))
    return frozenset(one.posting_id for one in near if is_refused(one, wish))

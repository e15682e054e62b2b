"""Postings that state what the person refuses, such as night work."""

from __future__ import annotations

from collections.abc import Sequence

from bot.db.compiled_statement import Database
from bot.matching.feature_loader import load_features, read_words
from bot.matching.features import Features
from bot.matching.job_preference import JobPreference
from bot.matching.text_probes import MAX_SEARCHED, postings_with_words
from bot.understanding.extractors.conditions import refused, refused_words


def is_refused(features: Features, preference: JobPreference) -> bool:
    """Tell whether a posting states what a preference rules out; False for unread words."""
    words = features.traits.words if features.traits else ""
    return bool(words) and any(refused(offer_id, words) for offer_id in preference.welfare)


def refused_ids(db: Database, ids: Sequence[int], preference: JobPreference) -> frozenset[int]:
    """Return those of some postings that state it; of many, the first ones are looked through."""
    refused_terms = [term for posting in preference.welfare for term in refused_words(posting)]
    if not refused_terms:
        return frozenset()
    candidates = read_words(
        db, load_features(db, postings_with_words(db, ids[:MAX_SEARCHED], refused_terms))
    )
    return frozenset(
        posting.posting_id for posting in candidates if is_refused(posting, preference)
    )

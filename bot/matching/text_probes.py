"""Full-text search for postings: 公益性岗位, 招残疾人."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import bindparam, text

from bot.db.compiled_statement import Database, Prepared
from bot.matching.feature_loader import load_features, read_words
from bot.postings.traits import words

#: The newest postings of a place that are searched.
MAX_SEARCHED = 2_000
_WITH_WORD = Prepared(
    text(
        "select id from postings where id in :ids and"
        " (title like :word or tags like :word or description like :word)"
    ).bindparams(bindparam("ids", expanding=True))
)


def postings_with_words(db: Database, ids: Sequence[int], terms: Sequence[str]) -> list[int]:
    """Return those of some postings that have one of some words, in the order of `ids`."""
    if not ids:
        return []
    matching_ids = {
        row[0] for word in terms for row in _WITH_WORD.rows(db, {"ids": ids, "word": f"%{word}%"})
    }
    return [posting_id for posting_id in ids if posting_id in matching_ids]


def postings_for_group(db: Database, ids: Sequence[int], group: str) -> list[int]:
    """Return those of some postings that say that they want a group, in the order of `ids`."""
    matching_ids = postings_with_words(db, ids, words().suits.get(group, ()))
    read = [
        (posting.posting_id, posting.traits)
        for posting in read_words(db, load_features(db, matching_ids))
    ]
    return [
        posting_id
        for posting_id, posting_traits in read
        if posting_traits and group in posting_traits.suits and group not in posting_traits.bars
    ]

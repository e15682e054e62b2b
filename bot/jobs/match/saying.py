"""Postings that say something in words of their own: 公益性岗位, 招残疾人."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import bindparam, text

from bot.db.prepared import Database, Prepared
from bot.jobs.match.load import load, read_words
from bot.jobs.traits import words

#: The newest postings of a place whose words are looked through.
LOOKED_AT = 2_000
_SAYING = Prepared(
    text(
        "select id from postings where id in :ids and"
        " (title like :word or tags like :word or description like :word)"
    ).bindparams(bindparam("ids", expanding=True))
)


def saying(db: Database, ids: Sequence[int], said: Sequence[str]) -> list[int]:
    """Return those of some postings that have one of some words, in the order of `ids`."""
    if not ids:
        return []
    found = {row[0] for word in said for row in _SAYING.rows(db, {"ids": ids, "word": f"%{word}%"})}
    return [at for at in ids if at in found]


def suiting(db: Database, ids: Sequence[int], group: str) -> list[int]:
    """Return those of some postings that say that they want a group, in the order of `ids`."""
    near = saying(db, ids, words().suits.get(group, ()))
    read = [(one.posting_id, one.traits) for one in read_words(db, load(db, near))]
    return [at for at, said in read if said and group in said.suits and group not in said.bars]

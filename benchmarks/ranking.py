"""Ranking against judgments: nDCG@5 of ours, of newest first, and of plain full text."""

from __future__ import annotations

import statistics
from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

from sqlalchemy import text
from sqlalchemy.orm import Session

from benchmarks.judged import (
    DEPTH,
    TODAY,
    Judged,
    Ranking,
    judged,
    ndcg,
    new_database,
    newest_first,
    ours,
    source_ids,
)
from benchmarks.match_baselines import grams
from benchmarks.report import Measure, publish
from bot import clock
from bot.db.session import session
from bot.vocabulary.vocabulary import vocabulary


def index_words(db: Session) -> None:
    """Index titles, tags, texts and places for the full-text baselines."""
    words = vocabulary()
    rows = db.execute(text("select id, title, tags, description, region_code from postings")).all()
    db.execute(text("create virtual table judged_text using fts5(words)"))
    for at, title, tags, said, region in rows:
        where = words.full_name(region) if region else ""
        cut = " ".join(grams(part) for part in (title, tags, said, where))
        db.execute(
            text("insert into judged_text (rowid, words) values (:at, :cut)"),
            {"at": at, "cut": cut},
        )


def _best(db: Session, words: Sequence[str]) -> Sequence[int]:
    pairs = dict.fromkeys(pair for word in words for pair in grams(word).split())
    asked = " OR ".join(f'"{pair}"' for pair in pairs)
    query = "select rowid from judged_text where words match :asked order by rank limit :depth"
    return list(db.scalars(text(query), {"asked": asked, "depth": DEPTH}))


def trade_and_place(db: Session, one: Judged) -> Sequence[int]:
    """Rank by BM25 for the trade and the place, as typed into a search box."""
    places = [vocabulary().full_name(code) for code in one.wish.places]
    return _best(db, [*(one.wish.occupations or ("兼职",)), *places])


def whole_sentence(db: Session, one: Judged) -> Sequence[int]:
    """Rank by BM25 for all that the person said."""
    return _best(db, [one.who])


RANKINGS: dict[str, Ranking] = {
    "ours": ours,
    "newest first": newest_first,
    "full text, trade and place": trade_and_place,
    "full text, whole sentence": whole_sentence,
}


def scores(db: Session, ranking: Ranking, half: str | None = None) -> list[float]:
    """Return nDCG@5 of each judged preference (of one half)."""
    names = source_ids(db)
    return [
        ndcg([names[at] for at in ranking(db, one)], one.grades)
        for one in judged()
        if half in (None, one.half)
    ]


def main() -> None:
    """Rank, compare and publish."""
    measures = []
    with (
        clock.frozen(TODAY),
        TemporaryDirectory() as folder,
        session(new_database(Path(folder))) as db,
    ):
        index_words(db)
        for half in (None, "choose", "held"):
            means = {n: statistics.mean(scores(db, r, half)) for n, r in RANKINGS.items()}
            for name in list(RANKINGS)[1:]:
                measures.append(
                    Measure(
                        f"nDCG@{DEPTH} {half or 'all'} beside {name}",
                        round(means["ours"], 3),
                        round(means[name], 3),
                        "0–1",
                        len(judged()) if half is None else len(judged()) // 2,
                        name,
                    )
                )
    publish("ranking", measures)


if __name__ == "__main__":
    main()

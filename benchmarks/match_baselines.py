"""What matching is measured against, in the same run: full text, and a scan of all in numpy."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from typing import Any

import numpy as np
from sqlalchemy import inspect, text

from benchmarks.match_data import write
from bot.db.session import engine, session
from bot.matching.job_preference import JobPreference
from bot.vocabulary.vocabulary import vocabulary

Query = Callable[[JobPreference], Any]


@lru_cache(maxsize=200_000)
def grams(words: str) -> str:
    """Cut a text into pairs of characters, as both full-text engines index Chinese here."""
    bare = "".join(words.split())
    return " ".join(bare[n : n + 2] for n in range(len(bare) - 1)) or bare


def _said(wish: JobPreference) -> list[str]:
    """Return what a person would type into a search box: the trade and the city."""
    words = vocabulary()
    city = words.city_of(wish.region_code or "")
    named = list(wish.occupations) or ["招聘"]
    return [*named, words.name(city).removesuffix("市")] if city else named


def full_text(url: str) -> Query:
    """Index titles and cities once; return the query for the five best by the engine's rank."""
    sqlite = url.startswith("sqlite")
    if not inspect(engine(url)).has_table("bench_text_whole"):
        _index(url, sqlite)
    return lambda wish: _fts5(url, wish) if sqlite else _tsvector(url, wish)


def _index(url: str, sqlite: bool) -> None:
    """Build the index; it stays, `bench_text_whole` says that nothing is missing."""
    with engine(url).begin() as db:
        db.execute(text("drop table if exists bench_text"))
    with engine(url).connect() as db:
        rows = db.execute(text("select id, title, city_code from postings")).all()
    words = vocabulary()
    docs = [
        (at, f"{grams(title)} {words.name(city).removesuffix('市') if city else ''}")
        for at, title, city in rows
    ]
    create = (
        ["create virtual table bench_text using fts5(words, content='')"]
        if sqlite
        else ["create table bench_text (rowid integer primary key, words text)"]
    )
    with engine(url).begin() as db:
        for statement in create:
            db.execute(text(statement))
    write(url, "bench_text", ("rowid", "words"), docs)
    with engine(url).begin() as db:
        if not sqlite:
            vector = "to_tsvector('simple', words)"
            db.execute(text(f"create index bench_text_words on bench_text using gin ({vector})"))
        db.execute(text("create table bench_text_whole (id integer)"))


def _fts5(url: str, wish: JobPreference) -> Any:
    phrases = " AND ".join(f'"{grams(word)}"' for word in _said(wish))
    query = "select rowid from bench_text where words match :q order by rank limit 5"
    with session(url) as db:
        return db.execute(text(query), {"q": phrases}).all()


def _tsvector(url: str, wish: JobPreference) -> Any:
    query = (
        "select rowid from bench_text, plainto_tsquery('simple', :q) q"
        " where to_tsvector('simple', words) @@ q"
        " order by ts_rank(to_tsvector('simple', words), q) desc limit 5"
    )
    with session(url) as db:
        return db.execute(text(query), {"q": " ".join(map(grams, _said(wish)))}).all()


class Scan:
    """All postings as columns in memory; every query looks at every one."""

    def __init__(self, url: str) -> None:
        query = "select occupation_name, region_code, place, day, salary_min from match_keys"
        with engine(url).connect() as db:
            rows = db.execute(text(query)).all()
        names = sorted({row[0] for row in rows})
        self._names = {name: n for n, name in enumerate(names)}
        self._trade = np.fromiter((self._names[r[0]] for r in rows), np.int16, len(rows))
        self._region = np.fromiter((int(r[1] or 0) for r in rows), np.int32, len(rows))
        self._place = np.fromiter((int(r[2] or 0) for r in rows), np.int32, len(rows))
        self._day = np.fromiter((r[3] for r in rows), np.int32, len(rows))
        self._pay = np.fromiter((r[4] or 0 for r in rows), np.int32, len(rows))

    def __call__(self, wish: JobPreference) -> Any:
        """Return the five newest that keep trade, place and pay."""
        trades = [self._names[n] for n in wish.occupations or ("",) if n in self._names]
        kept = np.isin(self._trade, trades)
        code = int(wish.region_code or 210000)
        if code % 10000:
            kept &= (self._place if code % 100 == 0 else self._region) == code
        if wish.salary_min:
            kept &= self._pay >= wish.salary_min
        at = np.flatnonzero(kept)
        if len(at) <= 5:
            return at
        return at[np.argpartition(-self._day[at], 5)[:5]]

    @property
    def megabytes(self) -> float:
        """How much its columns take."""
        columns = (self._trade, self._region, self._place, self._day, self._pay)
        return sum(column.nbytes for column in columns) / 2**20

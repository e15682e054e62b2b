"""One search index per database, rebuilt when its policies change.

Databases that hold the same share one: a process that meets several, as tests and an office's
commands do, builds it once.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from threading import Lock
from typing import Generic, TypeVar
from weakref import WeakKeyDictionary

from sqlalchemy import Engine, func, select
from sqlalchemy.orm import Session

from bot.allocator import release_memory
from bot.db.session import engine, session
from bot.db.tables import Policy, TextVector
from bot.policies.cache import content_hashes, fresh_hashes
from bot.settings import settings

Index = TypeVar("Index")


@dataclass(frozen=True)
class _Built(Generic[Index]):
    """An index, and what it was built from."""

    hashes: Mapping[str, str]
    sources: tuple[object, ...]
    """What else it was built from: the vectors of the base, and the folders of the project."""
    index: Index


class IndexCache(Generic[Index]):
    """The indexes of this process, by database."""

    def __init__(self, build: Callable[[Session, Sequence[Policy]], Index]) -> None:
        self._build = build
        self._lock = Lock()
        self._indexes: WeakKeyDictionary[Engine, _Built[Index]] = WeakKeyDictionary()

    def get(self, db: Session) -> Index:
        """Return the index of a session's database, as its policies are now."""
        hashes, database = content_hashes(db), db.get_bind().engine
        with self._lock:
            cached = self._indexes.get(database)
            if cached is None or cached.hashes != hashes:
                cached = self._indexes[database] = self._built(db, hashes)
        return cached.index

    def _built(self, db: Session, hashes: Mapping[str, str]) -> _Built[Index]:
        sources = _sources(db)
        for other in list(self._indexes.values()):
            if other.hashes == hashes and other.sources == sources:
                return other
        index = self._build(db, db.scalars(select(Policy).order_by(Policy.id)).all())
        release_memory()  # that of all rows
        return _Built(hashes, sources, index)

    def current(self, url: str | None = None) -> Index:
        """Return the index of a database (default: the project's) at the price of a look-up.

        The base is asked only when what it holds was looked at more than a moment ago.
        """
        database = engine(url or settings().database_url.reveal())
        cached = self._indexes.get(database)
        if cached is not None and cached.hashes == fresh_hashes(database):
            return cached.index
        with session(url) as db:
            return self.get(db)


def _sources(db: Session) -> tuple[object, ...]:
    """Return what tells two bases of the same policies apart: vectors, and the project's files."""
    vectors = select(TextVector.model, func.count()).group_by(TextVector.model)
    counts = sorted(db.execute(vectors).tuples().all())
    return (*counts, settings().data, settings().models)

"""One search index per database, rebuilt when its policies change."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from threading import Lock
from typing import Generic, TypeVar
from weakref import WeakKeyDictionary

from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from bot.allocator import release_memory
from bot.db.session import engine, session
from bot.db.tables import Policy
from bot.policies.cache import content_hashes, fresh_hashes
from bot.settings import settings

Index = TypeVar("Index")


class IndexCache(Generic[Index]):
    """The indexes of this process, by database."""

    def __init__(self, build: Callable[[Session, Sequence[Policy]], Index]) -> None:
        self._build = build
        self._lock = Lock()
        self._indexes: WeakKeyDictionary[Engine, tuple[object, Index]] = WeakKeyDictionary()

    def get(self, db: Session) -> Index:
        """Return the index of a session's database, as its policies are now."""
        state, database = content_hashes(db), db.get_bind().engine
        with self._lock:
            cached = self._indexes.get(database)
            if cached is None or cached[0] != state:
                cached = self._indexes[database] = (state, self._built(db))
                release_memory()  # that of all rows
        return cached[1]

    def _built(self, db: Session) -> Index:
        return self._build(db, db.scalars(select(Policy).order_by(Policy.id)).all())

    def current(self, url: str | None = None) -> Index:
        """Return the index of a database (default: the project's) at the price of a look-up.

        The base is asked only when what it holds was looked at more than a moment ago.
        """
        database = engine(url or settings().database_url.reveal())
        cached = self._indexes.get(database)
        if cached is not None and cached[0] == fresh_hashes(database):
            return cached[1]
        with session(url) as db:
            return self.get(db)

"""By what a row of a source is known again: its own number, or employer, title and place.

A number is unique within the source only where the source is one register (a feed). Tables count
their rows anew in each file, sheet or employer: there the number goes with the employer, and a
number that has come to mean another job is another row. schema.org's PropertyValue is unique
within its name.
"""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from bot.jobs.draft import Stated
from bot.jobs.same_job import employer_key, title_key

#: A table's running number, which another table has as well.
_RUNNING = re.compile(r"\d{1,5}")
#: Characters of a key, as the column has them.
_LONGEST = 80


@dataclass(frozen=True)
class Owner:
    """The row that has a key."""

    employer: str
    title: str
    content_hash: str = ""
    """Set for a row of this import."""
    scope: str = ""
    place: str = ""

    @classmethod
    def of(cls, row: Stated) -> Owner:
        """Return the owner that a row of this import is."""
        return cls(
            employer_key(row.employer),
            title_key(row.title),
            row.content_hash,
            row.id_scope,
            row.place_text,
        )


class RowKeys:
    """Gives each row its key, in their order: of equal rows each has its number."""

    def __init__(self, register: bool) -> None:
        """`register`: numbers are unique within the source and keep their meaning."""
        self._register = register
        self._before: Counter[str] = Counter()
        self._stored: dict[str, dict[str, Owner]] = {}
        self._taken: dict[tuple[str, str], Owner] = {}

    def knows(self, source: str) -> bool:
        """Tell whether the stored rows with numbers of a source were given already."""
        return source in self._stored

    def stored(self, source: str, rows: Iterable[tuple[str, str, str]]) -> None:
        """Take the stored rows with numbers of a source: key, employer and title of each."""
        self._stored[source] = {
            key: Owner(employer_key(employer), title_key(title)) for key, employer, title in rows
        }

    def key(self, row: Stated) -> str:
        """Return by what a row is known again."""
        if row.given_id:
            return self._of_number(row, row.given_id)
        like = "\n".join((row.source, row.employer, row.title, row.place_text))
        digest = _digest(like)
        self._before[digest] += 1
        return f"{digest}:{self._before[digest]}"

    def _of_number(self, row: Stated, number: str) -> str:
        owner = Owner.of(row)
        stored = self._stored.get(row.source, {})
        plain = _numbered(number, _digest(row.id_scope)[:16]) if row.id_scope else _numbered(number)
        keys = [plain]
        if plain in stored or (row.source, plain) in self._taken:
            keys += self._further(row, number, owner)
        elif row.id_scope and _numbered(number) in stored:
            # Before scopes were read, the bare number was the key.
            keys = [_numbered(number), plain]
        key = self._exact(row.source, keys, owner) or self._free(row.source, keys, owner, number)
        self._taken[row.source, key] = owner
        return key

    def _further(self, row: Stated, number: str, owner: Owner) -> list[str]:
        """Return the keys of a number that another row has, the plainest first."""
        parts = [owner.employer, owner.title, row.place_text, row.content_hash]
        return [
            _numbered(number, _digest("\n".join([row.id_scope, *parts[:many]]))[:16])
            for many in range(1, len(parts) + 1)
        ]

    def _exact(self, source: str, keys: list[str], owner: Owner) -> str | None:
        """Return the key under which this very job is stored."""
        stored = self._stored.get(source, {})
        for key in keys:
            one = stored.get(key)
            same = one is not None and (one.employer, one.title) == (owner.employer, owner.title)
            if same and (source, key) not in self._taken:
                return key
        return None

    def _free(self, source: str, keys: list[str], owner: Owner, number: str) -> str:
        """Return the first key that no other row has."""
        stored = self._stored.get(source, {})
        for key in keys:
            taken = self._taken.get((source, key))
            if taken is None:
                if self._is(stored.get(key), owner, number):
                    return key
            elif self._repeats(taken, owner, number):
                return key
        return keys[-1]

    def _is(self, stored: Owner | None, owner: Owner, number: str) -> bool:
        """Tell whether a stored row is this one, maybe changed; a free key is anybody's."""
        if stored is None or self._register:
            return True
        if stored.employer != owner.employer:
            return False
        return not _RUNNING.fullmatch(number) or _akin(stored.title, owner.title)

    def _repeats(self, taken: Owner, owner: Owner, number: str) -> bool:
        """Tell whether a row stands twice in this import, rather than that numbers restarted."""
        if (taken.employer, taken.title, taken.scope) != (owner.employer, owner.title, owner.scope):
            return False
        if self._register or not _RUNNING.fullmatch(number):
            return True
        return taken.content_hash == owner.content_hash


def _akin(one: str, other: str) -> bool:
    """Tell whether two titles share a word: 电焊工 and 氩弧焊工 do, 司机 and 装卸工 do not."""
    pairs = {one[at : at + 2] for at in range(len(one) - 1)}
    return any(other[at : at + 2] in pairs for at in range(len(other) - 1))


def _numbered(number: str, scope: str = "") -> str:
    key = f"id:{number}@{scope}" if scope else f"id:{number}"
    return key if len(key) <= _LONGEST else f"id:{number[:20]}#{_digest(key)}"


def _digest(text: str) -> str:
    return hashlib.sha1(text.encode(), usedforsecurity=False).hexdigest()

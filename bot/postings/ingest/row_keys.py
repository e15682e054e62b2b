"""Keys that identify a row of a source: its own number, or employer, title and place.

A number is unique within the source only where the source is one register (a feed). Tables restart
their numbers in each file, sheet or employer: there the number goes with the employer, and a
number that has come to mean another job is another row. schema.org's PropertyValue is unique
within its name.
"""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from bot.postings.ingest.deduplication import employer_key, title_key
from bot.postings.ingest.parser import RawPosting

#: A table's running number, which another table has as well.
_RUNNING_NUMBER = re.compile(r"\d{1,5}")
#: Characters of a key, as the column has them.
_MAX_KEY_LENGTH = 80


@dataclass(frozen=True)
class KeyOwner:
    """The row that has a key."""

    employer: str
    title: str
    content_hash: str = ""
    """Set for a row of this import."""
    scope: str = ""
    place: str = ""

    @classmethod
    def from_row(cls, row: RawPosting) -> KeyOwner:
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
        self._stored: dict[str, dict[str, KeyOwner]] = {}
        self._taken: dict[tuple[str, str], KeyOwner] = {}

    def has_source(self, source: str) -> bool:
        """Tell whether the stored rows with numbers of a source were given already."""
        return source in self._stored

    def stored(self, source: str, rows: Iterable[tuple[str, str, str]]) -> None:
        """Take the stored rows with numbers of a source: key, employer and title of each."""
        self._stored[source] = {
            key: KeyOwner(employer_key(employer), title_key(title)) for key, employer, title in rows
        }

    def key(self, row: RawPosting) -> str:
        """Return the key that identifies a row."""
        if row.given_id:
            return self._key_for_number(row, row.given_id)
        like = "\n".join((row.source, row.employer, row.title, row.place_text))
        digest = _digest(like)
        self._before[digest] += 1
        return f"{digest}:{self._before[digest]}"

    def _key_for_number(self, row: RawPosting, number: str) -> str:
        owner = KeyOwner.from_row(row)
        stored = self._stored.get(row.source, {})
        plain = _numbered(number, _digest(row.id_scope)[:16]) if row.id_scope else _numbered(number)
        keys = [plain]
        if plain in stored or (row.source, plain) in self._taken:
            keys += self._narrower_keys(row, number, owner)
        elif row.id_scope and _numbered(number) in stored:
            # Before scopes were read, the bare number was the key.
            keys = [_numbered(number), plain]
        key = self._exact_key(row.source, keys, owner) or self._first_free_key(
            row.source, keys, owner, number
        )
        self._taken[row.source, key] = owner
        return key

    def _narrower_keys(self, row: RawPosting, number: str, owner: KeyOwner) -> list[str]:
        """Return the keys of a number that another row has, the plainest first."""
        parts = [owner.employer, owner.title, row.place_text, row.content_hash]
        return [
            _numbered(number, _digest("\n".join([row.id_scope, *parts[:part_count]]))[:16])
            for part_count in range(1, len(parts) + 1)
        ]

    def _exact_key(self, source: str, keys: list[str], owner: KeyOwner) -> str | None:
        """Return the key under which this very job is stored."""
        stored = self._stored.get(source, {})
        for key in keys:
            stored_owner = stored.get(key)
            same = stored_owner is not None and (stored_owner.employer, stored_owner.title) == (
                owner.employer,
                owner.title,
            )
            if same and (source, key) not in self._taken:
                return key
        return None

    def _first_free_key(self, source: str, keys: list[str], owner: KeyOwner, number: str) -> str:
        """Return the first key that no other row has."""
        stored = self._stored.get(source, {})
        for key in keys:
            key_owner = self._taken.get((source, key))
            if key_owner is None:
                if self._is(stored.get(key), owner, number):
                    return key
            elif self._repeats(key_owner, owner, number):
                return key
        return keys[-1]

    def _is(self, stored: KeyOwner | None, owner: KeyOwner, number: str) -> bool:
        """Tell whether a stored row is this one, maybe changed; a free key suits any row."""
        if stored is None or self._register:
            return True
        if stored.employer != owner.employer:
            return False
        return not _RUNNING_NUMBER.fullmatch(number) or _share_word(stored.title, owner.title)

    def _repeats(self, key_owner: KeyOwner, owner: KeyOwner, number: str) -> bool:
        """Tell whether a row stands twice in this import, rather than that numbers restarted."""
        if (key_owner.employer, key_owner.title, key_owner.scope) != (
            owner.employer,
            owner.title,
            owner.scope,
        ):
            return False
        if self._register or not _RUNNING_NUMBER.fullmatch(number):
            return True
        return key_owner.content_hash == owner.content_hash


def _share_word(first_title: str, second_title: str) -> bool:
    """Tell whether two titles share a word: 电焊工 and 氩弧焊工 do, 司机 and 装卸工 do not."""
    pairs = {first_title[start : start + 2] for start in range(len(first_title) - 1)}
    return any(second_title[start : start + 2] in pairs for start in range(len(second_title) - 1))


def _numbered(number: str, scope: str = "") -> str:
    key = f"id:{number}@{scope}" if scope else f"id:{number}"
    return key if len(key) <= _MAX_KEY_LENGTH else f"id:{number[:20]}#{_digest(key)}"


def _digest(text: str) -> str:
    return hashlib.sha1(text.encode(), usedforsecurity=False).hexdigest()

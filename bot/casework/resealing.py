"""The office's record sealed anew, and its digests, when its key or cipher is replaced."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from bot.casework.identity import KeyRing, SealBroken, key_ring
from bot.casework.scope import everywhere
from bot.db.sealed_rows import BATCH, Change, SealedTable, change_rows
from bot.db.session import session
from bot.db.tables import Base, Person

#: What of a person is sealed (`name_sealed`) and found by a digest (`name_digest`).
_IDENTITY = ("name", "id_number", "phone")
_BEFORE, _PAYLOAD = "import_rows.before", "import_rows.payload"


def reseal(url: str) -> int:
    """Seal with the newest key and cipher, a batch a transaction; return how many rows."""
    ring, total = key_ring(), 0
    for sealed_table, change in _sealed_tables(ring, digests=False):
        after = 0
        while True:
            with session(url) as db, everywhere(db):
                changed, after = change_rows(db.connection(), sealed_table, change, after)
            total += changed
            if not after:
                break
    return total


def renew_digests(url: str) -> int:
    """Make all digests with the newest key and cipher, in one transaction; return how many people.

    Nobody may look for a person meanwhile, nor before the old key and cipher are taken from the
    settings. A code of the desk that has not been typed in yet is not found afterwards.
    """
    ring, total, last = key_ring(), 0, 0
    columns = [getattr(Person, f"{name}_sealed").label(f"{name}_sealed") for name in _IDENTITY]
    with session(url) as db, everywhere(db):
        query = select(Person.id, *columns).order_by(Person.id).limit(BATCH)
        while rows := db.execute(query.where(Person.id > last)).all():
            changes = [{"id": row.id, **_digests(ring, row._asdict())} for row in rows]
            db.execute(update(Person), changes)
            total, last = total + len(rows), rows[-1].id
        for sealed_table, change in _sealed_tables(ring, digests=True):
            after = 0
            while True:
                _, after = change_rows(db.connection(), sealed_table, change, after)
                if not after:
                    break
    return total


def check_keys(db: Session) -> None:
    """Raise SealBroken unless the keys that are set open the record and make its digests.

    The first person and the last one are looked at.
    """
    ring = key_ring()
    with everywhere(db):
        query = select(Person.name_sealed, Person.name_digest).limit(1)
        people = [db.execute(query.order_by(at)).first() for at in (Person.id, Person.id.desc())]
    for person in people:
        if person is None:
            continue
        name = ring.open(person.name_sealed, "people.name")
        if ring.digest(name, "people.name") != person.name_digest:
            raise SealBroken("people.name: the digest was made with another key or cipher")


def _sealed_tables(
    ring: KeyRing, digests: bool
) -> Iterator[tuple[SealedTable, Mapping[str, Change]]]:
    """Yield each table with what is to be done to its sealed columns."""
    yield (
        _table("people"),
        {f"{name}_sealed": _resealing(ring, f"people.{name}") for name in _IDENTITY},
    )
    yield (
        _table("import_rows"),
        {
            "payload_sealed": _resealing(ring, _PAYLOAD),
            "before_sealed": _resealing_before(ring, digests),
        },
    )


def _table(name: str) -> SealedTable:
    table = Base.metadata.tables[name]
    sealed = {column.name: column for column in table.columns if column.name.endswith("_sealed")}
    return SealedTable(table, (table.c.id,), sealed)


def _resealing(ring: KeyRing, column: str) -> Change:
    def change(value: str) -> str:
        return value if ring.is_current(value) else ring.seal(ring.open(value, column), column)

    return change


def _resealing_before(ring: KeyRing, digests: bool) -> Change:
    """Return what seals the values before an import: sealed values and digests stand among them."""

    def change(value: str) -> str:
        stored: dict[str, Any] = json.loads(ring.open(value, _BEFORE))
        renewed = {**stored, **(_digests(ring, stored) if digests else {})}
        for name in _IDENTITY:
            if sealed := stored.get(f"{name}_sealed"):
                renewed[f"{name}_sealed"] = _resealing(ring, f"people.{name}")(sealed)
        if renewed == stored and ring.is_current(value):
            return value
        return ring.seal(json.dumps(renewed, ensure_ascii=False), _BEFORE)

    return change


def _digests(ring: KeyRing, stored: Mapping[str, Any]) -> dict[str, str]:
    """Return the digests of the newest key and cipher of what stands sealed in a row."""
    renewed = ring.renewed
    return {
        f"{name}_digest": renewed.digest(ring.open(sealed, f"people.{name}"), f"people.{name}")
        for name in _IDENTITY
        if (sealed := stored.get(f"{name}_sealed"))
    }

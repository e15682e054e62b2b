"""The life of a person of the office's record: kept by duty, ended in its time, gone from the file."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from datetime import timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import Boolean, Column, Date, DateTime, Integer, String, Table, func, insert, select

from bot.casework.identity import key_ring
from bot.db.session import engine, session
from bot.db.tables import Counsellor
from bot.db.types import ChinaTime
from bot.privacy.purge import purge
from bot.privacy.register import register
from bot.privacy.rows import table_of
from tests.databases import sqlite_copy
from tests.privacy.conftest import SAID

#: What nobody else says, in every column of words.
SECRET = "住人民路三号楼，膝盖有伤"
NAME, NUMBER, PHONE = "欧阳测试", "11010519491231002X", "13842310975"
#: Values that a table checks.
CHECKED: dict[str, dict[str, object]] = {
    "registrations": {"state": "active", "source": "desk"},
    "registration_events": {"kind": "registered"},
    "tasks": {"state": "done"},
    "contacts": {"outcome": "reached"},
    "promises": {"state": "running"},
    "plans": {"state": "running"},
    "households": {"state": "closed"},
    "import_batches": {"state": "applied"},
    "import_rows": {"action": "changed"},
    "list_exports": {"state": "waiting", "decided_by": None},
    "transfers": {"state": "proposed", "direction": "in", "decided_by": None},
    "focus_entries": {"state": "ended", "kind": "hardship"},
}
#: Tables that rows about a person hang on, and that are about nobody.
PARENTS = ("import_batches", "list_exports")


def _office_tables() -> list[Table]:
    """Tables of the office's record, with the batches of sheets, parents first."""
    names = {entry.name for entry in register().entries.values() if entry.subject == "person"}
    return sorted(
        (table_of(name) for name in (*names, *PARENTS)),
        key=lambda table: list(table.metadata.sorted_tables).index(table),
    )


def _value(table: Table, column: Column[Any], made: dict[str, int]) -> object:
    if column.name in CHECKED.get(table.name, {}):
        return CHECKED[table.name][column.name]
    for key in column.foreign_keys:
        return made.get(key.column.table.name)
    if isinstance(column.type, (ChinaTime, DateTime)):
        return SAID
    if isinstance(column.type, Date):
        return SAID.date()
    if isinstance(column.type, Boolean):
        return True
    if isinstance(column.type, Integer):
        return 1
    if column.name.endswith("_sealed"):
        return key_ring().seal(SECRET, f"{table.name}.{column.name.removesuffix('_sealed')}")
    if column.name in ("region_code", "district_code", "scope"):
        return "210106"
    assert isinstance(column.type, String), column
    return SECRET[: column.type.length]


def _keep_everything(url: str) -> None:
    """Keep something of one person in every table of the office's record."""
    ring = key_ring()
    person = {"name": NAME, "id_number": NUMBER, "phone": PHONE}
    identity = {f"{name}_sealed": ring.seal(v, f"people.{name}") for name, v in person.items()}
    digests = {f"{name}_digest": ring.digest(v, f"people.{name}") for name, v in person.items()}
    with session(url) as db:
        staff = Counsellor(name="王老师", password_hash="x", created_at=SAID)
        db.add(staff)
        db.flush()
        made = {"counsellors": staff.id}
        for table in _office_tables():
            values = {
                column.name: _value(table, column, made)
                for column in table.columns
                if not (column.primary_key and isinstance(column.type, Integer))
                or column.foreign_keys
            }
            if table.name == "people":
                values |= {**identity, **digests, "left_at": SAID}
            done = db.execute(insert(table).values(values))
            made[table.name] = done.inserted_primary_key[0]


def _counts(url: str) -> dict[str, int]:
    with session(url) as db:
        return {
            table.name: db.scalar(select(func.count()).select_from(table)) or 0
            for table in _office_tables()
            if table.name not in PARENTS
        }


def _vacuumed(file: Path) -> bytes:
    """Return the bytes of a SQLite file after its log was written back and it was rewritten."""
    engine.cache_clear()
    with closing(sqlite3.connect(file)) as db:
        db.execute("pragma wal_checkpoint(truncate)")
        db.execute("vacuum")
        db.execute("pragma wal_checkpoint(truncate)")
    return b"".join(part.read_bytes() for part in file.parent.glob(f"{file.name}*"))


def test_whatever_the_office_keeps_of_a_person_ends_three_years_after_they_left(here: str) -> None:
    _keep_everything(here)
    assert set(_counts(here).values()) == {1}
    purge(here, SAID + timedelta(days=3 * 365))
    left = {name for name, rows in _counts(here).items() if rows}
    assert {"people", "registrations", "contacts"} <= left
    purge(here, SAID + timedelta(days=3 * 366 + 1))
    assert {name for name, rows in _counts(here).items() if rows} == set()


def test_nothing_of_them_is_left_in_the_bytes_of_the_file(tmp_path: Path) -> None:
    file = tmp_path / "office.db"
    url = sqlite_copy("empty", file)
    _keep_everything(url)
    digest = key_ring().digest(NUMBER, "people.id_number")
    before = _vacuumed(file)
    assert SECRET.encode() in before
    assert digest.encode() in before
    assert not [plain for plain in (NAME, NUMBER, PHONE) if plain.encode() in before]
    purge(url, SAID + timedelta(days=3 * 366 + 1))
    after = _vacuumed(file)
    assert SECRET.encode() not in after
    assert digest.encode() not in after

"""The proof that a person is erased: their keys are looked for wherever they could still stand.

Every column of every table, the bytes of the SQLite file after its log was written back, folders of
logs, queues and backups, and Redis. What cannot be looked at is said, and counts as not proven.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from sqlalchemy import (
    Column,
    LargeBinary,
    MetaData,
    String,
    Text,
    bindparam,
    case,
    cast,
    create_engine,
    func,
    or_,
    select,
    text,
)
from sqlalchemy.engine import make_url

from bot.db.sealing import SEALED, Unsealable
from bot.db.session import engine, session
from bot.db.tables import Base
from bot.privacy.named import SearchKeys, search_keys_for
from bot.privacy.traces import UNREADABLE, files_in, times_in
from bot.private_files import SQLITE_SUFFIXES

_SEEKERS = "seekers"


@dataclass(frozen=True)
class KeyLocation:
    """A place where a key was found."""

    where: str
    """A table's column, or a file."""
    times: int


@dataclass
class Proof:
    """Result of a search for a person's keys."""

    found: list[KeyLocation] = field(default_factory=list)
    not_read: list[str] = field(default_factory=list)
    """What could not be looked at, with the reason."""
    notes: list[str] = field(default_factory=list)
    columns: int = 0
    files: int = 0

    @property
    def erased(self) -> bool:
        """Tell whether nothing is left, and everything was looked at."""
        return not self.found and not self.not_read


def prove(
    url: str, person: str, places: Sequence[Path] = (), redis_url: str = "", vacuum: bool = False
) -> Proof:
    """Look for a person's keys everywhere. `vacuum`: rewrite the database before."""
    with session(url) as db:
        search_keys = search_keys_for(db, person)
    proof = Proof()
    sqlite = make_url(url).get_backend_name() == "sqlite"
    if vacuum:
        _vacuum(url)
    _search_tables(url, search_keys, proof)
    _search_sealed(url, search_keys, proof)
    own: set[Path] = set()
    if sqlite:
        own = _search_sqlite(url, search_keys, proof)
    else:
        _note_dead_rows(url, proof)
    for place in places:
        if not place.exists():
            proof.notes.append(f"{place}: there is none")
        for file in files_in(place, proof.not_read):
            if file.resolve() not in own:
                _search_file(file, (*search_keys.keys, *search_keys.sealed), proof)
    if redis_url:
        _search_redis(redis_url, search_keys.keys, proof)
    proof.notes.append(
        "what people said is encrypted: in files and backups only their addresses can be looked for"
    )
    if not search_keys.keys:
        proof.notes.append(
            "of a number only columns that point to seekers are looked at: name an address as well"
        )
    proof.notes.append(
        "not looked at: what was written to standard error (the system's journal), the memory of "
        "running processes, copies on other machines"
    )
    return proof


def _search_tables(url: str, search_keys: SearchKeys, proof: Proof) -> None:
    """Look at every column of every table that the database has, ours or not."""
    metadata = MetaData()
    metadata.reflect(engine(url))
    sealed_columns = _sealed_columns()
    for table in metadata.tables.values():
        sealed = sealed_columns.get(table.name, ())
        conditions = {
            column.name: _match_condition(column, search_keys, url)
            for column in table.columns
            if column.name not in sealed
        }
        proof.columns += len(conditions)
        sums = [
            func.sum(case((condition, 1), else_=0)).label(name)
            for name, condition in conditions.items()
            if condition is not None
        ]
        if not sums:
            continue
        with session(url) as db:
            row = db.execute(select(*sums).select_from(table)).one()
        proof.found += [
            KeyLocation(f"{table.name}.{name}", int(times))
            for name, times in row._mapping.items()
            if times
        ]


def _sealed_columns() -> dict[str, list[str]]:
    """Return the names of the sealed columns by table."""
    return {
        table.name: names
        for table in Base.metadata.tables.values()
        if (names := [column.name for column in table.columns if isinstance(column.type, SEALED)])
    }


def _search_sealed(url: str, search_keys: SearchKeys, proof: Proof) -> None:
    """Open every sealed value and look into it; what cannot be opened is said."""
    for name, columns in _sealed_columns().items():
        table = Base.metadata.tables[name]
        proof.columns += len(columns)
        times = Counter[str]()
        try:
            with session(url) as db:
                query = select(*(table.c[column] for column in columns))
                for row in db.execute(query.execution_options(yield_per=1000)):
                    values = zip(columns, row, strict=True)
                    times.update(
                        column_name
                        for column_name, text in values
                        if text and _any_in(search_keys.keys, text)
                    )
        except Unsealable as wrong:
            proof.not_read.append(f"{name}: {wrong}")
        proof.found += [KeyLocation(f"{name}.{column}", count) for column, count in times.items()]


def _any_in(keys: Sequence[str], text: str) -> bool:
    return any(key in text for key in keys)


def _match_condition(column: Column[Any], search_keys: SearchKeys, url: str) -> Any:
    """Return the condition that a column holds a key, or points to the seeker; None: it cannot."""
    sqlite = url.startswith("sqlite")
    conditions: list[Any] = []
    for key in (*search_keys.keys, *search_keys.sealed):
        if isinstance(column.type, LargeBinary):
            raw = bindparam(None, key.encode(), type_=LargeBinary)
            position = func.instr(column, raw) if sqlite else func.position(raw.op("in")(column))
        else:
            as_text = cast(column, Text) if not isinstance(column.type, String) else column
            position = func.instr(as_text, key) if sqlite else func.strpos(as_text, key)
        conditions.append(position > 0)
    if search_keys.seeker_ids and _is_seeker(column):
        conditions.append(column.in_(search_keys.seeker_ids))
    return or_(*conditions) if conditions else None


def _is_seeker(column: Column[Any]) -> bool:
    """Tell whether a column holds a seeker's number."""
    table = Base.metadata.tables.get(column.table.name)
    own_column = table.c.get(column.name) if table is not None else None
    if own_column is None:
        return False
    own = column.table.name == _SEEKERS and own_column.primary_key
    return own or any(key.column.table.name == _SEEKERS for key in own_column.foreign_keys)


def _search_sqlite(url: str, search_keys: SearchKeys, proof: Proof) -> set[Path]:
    """Look at the bytes of the database's files; return these."""
    name = make_url(url).database or ""
    if name in ("", ":memory:") or name.startswith("file:"):
        proof.not_read.append("the database's file: it has none")
        return set()
    in_tables = bool(proof.found)
    with engine(url).connect() as db:
        busy = db.execute(text("pragma wal_checkpoint(truncate)")).one()[0]
        free = db.execute(text("pragma freelist_count")).scalar() or 0
    engine(url).dispose()  # reading the file takes away the locks of this process
    if busy:
        proof.notes.append(
            "the database's log could not be written back whole: another process reads; stop it "
            "and run this again"
        )
    previous_count = len(proof.found)
    database = Path(name)
    files = [
        database.with_name(database.name + ending) for ending in SQLITE_SUFFIXES if ending != "-shm"
    ]
    for file in files:
        if file.exists():
            _search_file(file, (*search_keys.keys, *search_keys.sealed), proof)
    if len(proof.found) > previous_count and not in_tables:
        proof.notes.append(
            f"no table holds it, the file does: in room that is free ({free} pages) or within "
            "pages. Run it with --vacuum, which rewrites the file; `serve` may not write meanwhile"
        )
    return {file.resolve() for file in files}


def _note_dead_rows(url: str, proof: Proof) -> None:
    """Say what PostgreSQL keeps of deleted rows until it is vacuumed; its files are not ours."""
    dead = "select relname, n_dead_tup from pg_stat_user_tables where n_dead_tup > 0 order by 1"
    with engine(url).connect() as db:
        rows = db.execute(text(dead)).all()
    if rows:
        counts = ", ".join(f"{name} {count}" for name, count in rows)
        proof.notes.append(f"dead rows that stand in files until VACUUM: {counts}; run --vacuum")
    proof.notes.append(
        "PostgreSQL's own files, its write-ahead log, archives and replicas are not looked at"
    )


def _vacuum(url: str) -> None:
    # A connection of its own: neither database takes it within a transaction.
    apart = create_engine(make_url(url), isolation_level="AUTOCOMMIT", hide_parameters=True)
    try:
        with apart.connect() as db:
            db.execute(text("vacuum"))
    finally:
        apart.dispose()


def _search_file(file: Path, keys: Sequence[str], proof: Proof) -> None:
    proof.files += 1
    try:
        times = times_in(file, keys)
    except UNREADABLE as wrong:
        reason = getattr(wrong, "strerror", None) or str(wrong) or type(wrong).__name__
        proof.not_read.append(f"{file}: {reason}")
        return
    if times:
        proof.found.append(KeyLocation(str(file), times))


def _search_redis(url: str, keys: Sequence[str], proof: Proof) -> None:
    """Look at the names of what Redis holds: the lines of those who are being answered."""
    import redis

    try:
        with closing(redis.Redis.from_url(url)) as client:
            names = [bytes(name) for name in client.scan_iter(count=1000)]
    except redis.RedisError as away:
        proof.not_read.append(f"Redis: {type(away).__name__}")
        return
    times = sum(key.encode() in name for key in keys for name in names)
    if times:
        proof.found.append(KeyLocation("Redis, names of keys", times))

"""Seal the rows that stand in the database, reseal them with another secret, or open them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import (
    Column,
    Connection,
    Integer,
    MetaData,
    Table,
    Text,
    and_,
    inspect,
    select,
    update,
)

from bot.db.base import Base
from bot.db.sealing import (
    ADDRESSES,
    PLAIN,
    TEXTS,
    SealedAddress,
    SealedKey,
    SealedText,
    Unsealable,
    keyring,
    open_key,
    seal_key,
)
from bot.db.session import connection

#: Rows of one statement, and of one transaction where that may be cut into several.
BATCH = 500
#: Turns what stands in a column into what is to stand there.
Change = Callable[[str], str]


@dataclass(frozen=True)
class SealedTable:
    """A table with sealed columns, its columns as they stand in the database."""

    table: Table
    keys: tuple[Column[Any], ...]
    columns: Mapping[str, Column[Any]]
    """The sealed ones, by name, as the models have them."""

    @property
    def in_order(self) -> bool:
        """Tell whether rows can be read one batch after the other: by a number."""
        return len(self.keys) == 1 and isinstance(self.keys[0].type, Integer)


def sealed_tables(
    texts: bool = True, addresses: bool = True,
    present: Mapping[str, frozenset[str]] | None = None,
) -> Iterator[SealedTable]:  # fmt: skip
    """Yield all tables with sealed columns of these kinds.

    `present`: the columns of each table that the database has; None: all that the models have.
    """
    kinds = (*((SealedText,) if texts else ()), *((SealedAddress, SealedKey) if addresses else ()))
    for model in Base.metadata.sorted_tables:
        columns = {
            column.name: column
            for column in model.columns
            if isinstance(column.type, kinds)
            and (present is None or column.name in present.get(model.name, ()))
        }
        if not columns:
            continue
        keys = [column.name for column in model.primary_key.columns]
        plain = Table(
            model.name, MetaData(),
            *(
                Column(name, Text() if name in columns or name not in keys else _plain(model, name))
                for name in dict.fromkeys([*keys, *columns])
            ),
        )  # fmt: skip
        yield SealedTable(plain, tuple(plain.c[name] for name in keys), columns)


def change_rows(
    db: Connection, sealed_table: SealedTable, change: Mapping[str, Change], after: int = 0
) -> tuple[int, int]:
    """Change one batch of a table's rows; return how many changed, and where to go on (0: done).

    Tables without a number as key are small (what waits, a day's keys): all of them at once.
    """
    query = select(*sealed_table.table.columns).order_by(*sealed_table.keys)
    if sealed_table.in_order:
        query = query.where(sealed_table.keys[0] > after).limit(BATCH)
    rows = db.execute(query).all()
    changed = 0
    for row in rows:
        old_values = {name: row._mapping[name] for name in sealed_table.columns}
        values = {n: change[n](v) if v else v for n, v in old_values.items()}
        if values != old_values:
            names = dict.fromkeys([*(key.name for key in sealed_table.keys), *old_values])
            # Somebody may have written it meanwhile: then it is sealed as it should be.
            same = (sealed_table.table.c[n].is_not_distinct_from(row._mapping[n]) for n in names)
            changed += db.execute(
                update(sealed_table.table).where(and_(*same)).values(values)
            ).rowcount
    full = sealed_table.in_order and len(rows) == BATCH
    return changed, int(rows[-1]._mapping[sealed_table.keys[0].name]) if full else 0


def change_all(db: Connection, changes: Callable[[Column[Any]], Change], texts: bool = True) -> int:
    """Change all rows of all sealed tables in the caller's transaction; return how many.

    `texts`: False for addresses alone. What a later migration adds is left out before it has run.
    """
    total = 0
    for sealed_table in sealed_tables(texts=texts, present=_present_columns(db)):
        change = {name: changes(column) for name, column in sealed_table.columns.items()}
        after = 0
        while True:
            changed, after = change_rows(db, sealed_table, change, after)
            total += changed
            if not after:
                break
    return total


def _present_columns(db: Connection) -> dict[str, frozenset[str]]:
    looks = inspect(db)
    return {
        table: frozenset(str(column["name"]) for column in looks.get_columns(table))
        for table in looks.get_table_names()
    }


def sealing(column: Column[Any]) -> Change:
    """Return what seals what stands in a column; what is sealed with the present keys stays."""
    keys, kind = keyring(), column.type
    if isinstance(kind, SealedText):
        place = kind.place

        def seal(value: str) -> str:
            is_final = value in PLAIN or keys.is_current(value)
            return value if is_final else keys.seal(keys.open(value, place), place)

        return seal
    if isinstance(kind, SealedKey):
        return lambda v: seal_key(open_key(v))
    return lambda v: keys.seal_address(keys.open_address(v))


def resealing_addresses(column: Column[Any]) -> Change:
    """Return what seals addresses with the present secret in place of the old one."""
    keys = keyring()
    if isinstance(column.type, SealedKey):
        return lambda v: ":".join(
            keys.seal_address(keys.open_address(part), keys.current)
            if part.startswith(ADDRESSES)
            else part
            for part in v.split(":")
        )
    return lambda v: keys.seal_address(keys.open_address(v), keys.current)


def opening(column: Column[Any]) -> Change:
    """Return what opens what stands in a column."""
    kind = column.type
    if isinstance(kind, SealedText):
        place = kind.place
        return lambda v: keyring().open(v, place)
    return open_key if isinstance(kind, SealedKey) else keyring().open_address


def reseal_texts(url: str) -> int:
    """Seal texts with the present keys, a batch a transaction; return how many rows."""
    total = 0
    for sealed_table in sealed_tables(addresses=False):
        change = {name: sealing(column) for name, column in sealed_table.columns.items()}
        after = 0
        while True:
            with connection(url) as db:
                changed, after = change_rows(db, sealed_table, change, after)
            total += changed
            if not after:
                break
    return total


def reseal_addresses(url: str) -> int:
    """Seal addresses with the present secret, all in one transaction; return how many rows."""
    with connection(url) as db:
        return change_all(db, resealing_addresses, texts=False)


def any_sealed(db: Connection) -> Sequence[tuple[Column[Any], str]]:
    """Return a sealed value of each column that has one: the secret must open them all."""
    values: list[tuple[Column[Any], str]] = []
    for sealed_table in sealed_tables():
        for name, column in sealed_table.columns.items():
            stored = sealed_table.table.c[name]
            for begins in TEXTS if isinstance(column.type, SealedText) else ADDRESSES:
                value = db.scalar(
                    select(stored).where(stored.startswith(begins, autoescape=True)).limit(1)
                )
                if value is not None:
                    values.append((column, value))
    return values


def check_secret(db: Connection) -> None:
    """Raise Unsealable unless what is kept was sealed with the secrets that are set."""
    keys = keyring()
    for column, value in any_sealed(db):
        opened = opening(column)(value)
        if isinstance(column.type, SealedAddress) and keys.seal_address(opened) != value:
            raise Unsealable


def _plain(model: Table, name: str) -> Any:
    return model.c[name].type

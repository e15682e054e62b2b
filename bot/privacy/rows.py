"""SQL conditions for the rows of a person and for rows past their end, from the register."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Date,
    Float,
    String,
    Table,
    and_,
    cast,
    exists,
    false,
    literal,
    or_,
    select,
    true,
    tuple_,
    type_coerce,
)
from sqlalchemy.orm import Session

from bot.audit.retention import released
from bot.db.sealing import seal_key
from bot.db.tables import AuditEntry, Base, ChannelIdentity
from bot.privacy.register import End, Lookup, Register, RegisterEntry, points_to


@dataclass(frozen=True)
class DataSubject:
    """A seeker, or an address that has only written."""

    seeker_id: int | None
    addresses: tuple[tuple[str, str], ...]
    """Channel and address of each place he writes from."""


def person_at(db: Session, channel: str, address: str) -> DataSubject:
    """Return who writes from an address, with all addresses that are known to be theirs."""
    query = select(ChannelIdentity.seeker_id).where(
        ChannelIdentity.channel == channel, ChannelIdentity.address == address
    )
    seeker = db.scalar(query)
    addresses = addresses_of(db, seeker) if seeker is not None else ()
    return DataSubject(seeker, tuple(dict.fromkeys([(channel, address), *addresses])))


def addresses_of(db: Session, seeker_id: int) -> tuple[tuple[str, str], ...]:
    """Return the addresses of a seeker."""
    query = select(ChannelIdentity.channel, ChannelIdentity.address)
    rows = db.execute(query.where(ChannelIdentity.seeker_id == seeker_id).order_by("id"))
    return tuple((channel, address) for channel, address in rows)


def table_of(name: str) -> Table:
    """Return a table by its name."""
    return Base.metadata.tables[name]


def key_of(table: Table) -> ColumnElement[Any]:
    """Return what names a row of a table."""
    columns = list(table.primary_key.columns)
    return columns[0] if len(columns) == 1 else tuple_(*columns)


def in_order(entries: Iterable[RegisterEntry]) -> list[RegisterEntry]:
    """Return tables so that what hangs on another one comes before it."""
    by_name = {entry.name: entry for entry in entries}
    through = [
        entry for entry in by_name.values() if any(f.key_kind == "through" for f in entry.found_by)
    ]
    names = [entry.name for entry in through]
    names += [t.name for t in reversed(Base.metadata.sorted_tables) if t.name in by_name]
    return [by_name[name] for name in dict.fromkeys(names)]


def belongs_to(
    register: Register, entry: RegisterEntry, person: DataSubject
) -> ColumnElement[bool]:
    """Return the condition that a row of a table is of a person."""
    return or_(
        false(), *(_lookup_condition(register, entry, lookup, person) for lookup in entry.found_by)
    )


def _lookup_condition(
    register: Register, entry: RegisterEntry, lookup: Lookup, person: DataSubject
) -> ColumnElement[bool]:
    column = table_of(entry.name).c[lookup.column]
    if lookup.key_kind == "seeker":
        return column == person.seeker_id if person.seeker_id is not None else false()
    if lookup.key_kind == "through":
        other = register.entries[lookup.table]
        theirs = select(table_of(lookup.table).c[lookup.to]).where(
            belongs_to(register, other, person)
        )
        return column.in_(theirs.correlate(None))
    return or_(
        false(),
        *(
            and_(_on_channel(entry, lookup, channel), _is_address(lookup, column, address))
            for channel, address in person.addresses
        ),
    )


def _on_channel(entry: RegisterEntry, lookup: Lookup, channel: str) -> ColumnElement[bool]:
    if not lookup.channel:
        return true()
    if lookup.channel.startswith("="):
        return true() if lookup.channel == f"={channel}" else false()
    return table_of(entry.name).c[lookup.channel] == channel


def _is_address(lookup: Lookup, column: ColumnElement[Any], address: str) -> ColumnElement[bool]:
    """Return the condition that a column is an address, or (within) has it between colons."""
    if lookup.key_kind == "address":
        return column == address
    stored = type_coerce(column, String)
    sealed = seal_key(address)
    return or_(
        column == address,
        stored.startswith(f"{sealed}:", autoescape=True),
        stored.contains(f":{sealed}:", autoescape=True),
    )


def past_condition(
    register: Register, entry: RegisterEntry, end: End, now: datetime
) -> ColumnElement[bool]:
    """Return the condition that a row of a table is past one of its ends."""
    table = table_of(entry.name)
    if end.along:
        pointed = points_to(entry.name, end.along)
        assert pointed is not None  # the register was checked
        own_column, other_column = pointed
        parent = register.entries[end.along]
        parent_ends = [
            past_condition(register, parent, parent_end, now)
            for parent_end in parent.ends
            if parent_end.deletes
        ]
        their = select(table_of(end.along).c[other_column]).where(or_(*parent_ends))
        return table.c[own_column].in_(their.correlate(None))
    limit = now - end.period
    if end.other_table:
        other = table_of(end.other_table).alias()
        same = [
            table.c[own_column] == other.c[other_column]
            for own_column, other_column in end.join_columns
        ]
        moment = other.c[end.moment]
        newer = exists().where(*same, moment >= _as_kept(moment, limit))
        over = ~newer.correlate(table)
    else:
        moment = table.c[end.moment]
        over = moment < _as_kept(moment, limit)
    filters = [table.c[name].in_(values) for name, values in end.filters.items()]
    free = [_nothing_in(register, name, table) for name in end.unless_in]
    to_do = [or_(*_not_yet(table, end.blank))] if end.blank else []
    # The log of looks goes by the database's own clock as well: it refuses any other deletion.
    let_go = [released()] if table is AuditEntry.__table__ else []
    return and_(over, *filters, *free, *to_do, *let_go)


def blank_values(table: Table, values: Any) -> dict[str, Any]:
    """Return what columns are overwritten with; `{id}` in a text stands for the row's number."""
    return {name: _value(table, value) for name, value in values.items()}


def _not_yet(table: Table, values: Any) -> list[ColumnElement[bool]]:
    return [table.c[n].is_distinct_from(v) for n, v in blank_values(table, values).items()]


def _value(table: Table, value: Any) -> Any:
    if isinstance(value, str) and "{id}" in value:
        prefix, _, suffix = value.partition("{id}")
        return literal(prefix) + cast(table.c.id, String) + literal(suffix)
    return value


def _nothing_in(register: Register, name: str, table: Table) -> ColumnElement[bool]:
    """Return the condition that a table keeps nothing of a seeker, a row of `table`."""
    column = next(
        lookup.column for lookup in register.entries[name].found_by if lookup.key_kind == "seeker"
    )
    rows = exists().where(table_of(name).c[column] == table.c.id)
    return ~rows.correlate(table)


def _as_kept(column: ColumnElement[Any], moment: datetime) -> Any:
    """Return a moment as a column keeps it: Rasa's events in seconds, some as days."""
    if isinstance(column.type, Float):
        return moment.timestamp()
    return moment.date() if isinstance(column.type, Date) else moment

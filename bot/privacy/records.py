"""Records of a person: counted by kind, exported whole, deleted.

个人信息保护法 第四十五条 (to see and to copy) and 第四十七条 (to delete).
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Float, delete, func, select, update

from bot import clock
from bot.db.session import Session
from bot.privacy.register import End, Register, RegisterEntry, register
from bot.privacy.rows import DataSubject, belongs_to, blank_values, in_order, table_of

#: Texts beyond which an earlier export is not exported again within the next one.
LONGEST_OWN = 1000
#: What of a message is read out; the rest is how it was worked on.
_OF_MESSAGE = ("text", "name", "value", "input_channel")


@dataclass(frozen=True)
class Group:
    """Data of one kind, in the words of the register."""

    description: str
    rows: int
    until: str
    """When it goes, in plain Chinese; empty when another group of it says so."""
    tables: tuple[str, ...]


def groups(db: Session, person: DataSubject) -> list[Group]:
    """Return what is kept of a person, in the order of the register."""
    data_register = register()
    groups_by_text: dict[str, Group] = {}
    for entry in data_register.of_seekers():
        rows = _count(db, data_register, entry, person)
        if not rows:
            continue
        previous = groups_by_text.get(entry.description)
        tables = (*(previous.tables if previous else ()), entry.name)
        # What hangs on other rows (the trades of a subscription) is no further one of its kind.
        total = previous.rows if previous else rows
        until = previous.until if previous else _until(data_register, entry)
        groups_by_text[entry.description] = Group(entry.description, total, until, tables)
    return list(groups_by_text.values())


def records(db: Session, person: DataSubject) -> dict[str, dict[str, Any]]:
    """Return all rows of a person by table, with what they are, what for and until when."""
    data_register = register()
    tables: dict[str, dict[str, Any]] = {}
    for entry in data_register.of_seekers():
        table = table_of(entry.name)
        columns = list(table.primary_key.columns)
        query = select(table).where(belongs_to(data_register, entry, person)).order_by(*columns)
        rows = [_readable(entry, dict(row._mapping)) for row in db.execute(query)]
        if rows:
            tables[entry.name] = {
                "what": entry.description,
                "purpose": entry.purpose,
                "ground": f"个人信息保护法{entry.ground}",
                "until": _until(data_register, entry),
                "readers": [data_register.readers[reader] for reader in entry.readers],
                "rows": rows,
            }
    return tables


def erase(db: Session, person: DataSubject) -> dict[str, int]:
    """Delete all that is kept of a person; return the number of rows by table.

    What is being sent at this moment is noted nowhere: its row is gone.
    """
    data_register = register()
    done: dict[str, int] = {}
    for entry in in_order(data_register.of_seekers()):
        table, condition = table_of(entry.name), belongs_to(data_register, entry, person)
        statement: Any = delete(table).where(condition)
        if entry.erased:
            statement = update(table).where(condition).values(blank_values(table, entry.erased))
        rows = int(db.execute(statement).rowcount)  # type: ignore[attr-defined]
        if rows:
            done[entry.name] = rows
    db.expire_all()
    return done


def _count(db: Session, data_register: Register, entry: RegisterEntry, person: DataSubject) -> int:
    query = select(func.count()).select_from(table_of(entry.name))
    return db.scalar(query.where(belongs_to(data_register, entry, person))) or 0


def _until(data_register: Register, entry: RegisterEntry) -> str:
    """Return when rows go, as it is told to the person: the ends that delete them."""
    ends = [end for end in entry.ends if end.deletes] or list(entry.ends)
    return "或".join(dict.fromkeys(_end(data_register, row_end) for row_end in ends))


def _end(data_register: Register, end: End) -> str:
    if end.along:
        return _until(data_register, data_register.entries[end.along])
    return f"{end.since}之后{end.period_text}就删" if end.period else f"{end.since}一过就删"


def _readable(entry: RegisterEntry, row: Mapping[str, Any]) -> dict[str, Any]:
    readable: dict[str, Any] = {}
    for column in table_of(entry.name).columns:
        value = row[column.name]
        if isinstance(value, datetime):
            value = clock.aware(value).astimezone(clock.CHINA).isoformat(timespec="seconds")
        elif isinstance(column.type, Float) and column.name == "timestamp" and value is not None:
            moment = datetime.fromtimestamp(value, clock.CHINA)
            value = moment.isoformat(timespec="seconds")
        readable[column.name] = value
    if entry.name == "events":
        readable["data"] = _event_content(readable["data"])
    if entry.name == "web_messages":
        readable["body"] = _web_message_content(readable["body"])
    return readable


def _event_content(stored: str | None) -> dict[str, Any]:
    """Return what an event of a conversation holds of the person: words, entities, slots."""
    event = json.loads(stored or "{}")
    content = {name: event[name] for name in _OF_MESSAGE if event.get(name) is not None}
    parsed = event.get("parse_data") or {}
    entities = [
        {"entity": entity.get("entity"), "value": entity.get("value")}
        for entity in parsed.get("entities") or ()
    ]
    if entities:
        content["entities"] = entities
    if event.get("event") == "bot":
        message = (event.get("data") or {}).get("custom") or {}
        content["text"] = _not_again(message.get("act"), message.get("text") or event.get("text"))
    return content


def _web_message_content(stored: str) -> dict[str, Any]:
    """Return what the page showed; of an answer its words."""
    content = json.loads(stored)
    act = (content.get("message") or {}).get("act")
    text = content.get("text") or (content.get("message") or {}).get("text")
    return {"from": content.get("from"), "text": _not_again(act, text)}


def _not_again(act: str | None, text: str | None) -> str | None:
    """Leave an earlier export out of the next one: it holds the same, and would double it."""
    return "（导出的内容）" if act == "my_data" and text and len(text) > LONGEST_OWN else text

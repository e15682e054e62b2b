"""All that is kept of a person: counted by what it is, read out whole, deleted.

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
from bot.privacy.register import End, Entry, Register, register
from bot.privacy.rows import Person, belongs_to, blank_values, in_order, table_of

#: Texts beyond which an earlier export is not exported again within the next one.
LONGEST_OWN = 1000
#: What of a message is read out; the rest is how it was worked on.
_OF_MESSAGE = ("text", "name", "value", "input_channel")


@dataclass(frozen=True)
class Group:
    """What is kept of one kind, in the words of the register."""

    says: str
    rows: int
    until: str
    """When it goes, in plain Chinese; empty when another group of it says so."""
    tables: tuple[str, ...]


def groups(db: Session, person: Person) -> list[Group]:
    """Return what is kept of a person, in the order of the register."""
    known = register()
    found: dict[str, Group] = {}
    for entry in known.of_seekers():
        rows = _count(db, known, entry, person)
        if not rows:
            continue
        before = found.get(entry.says)
        tables = (*(before.tables if before else ()), entry.name)
        # What hangs on other rows (the trades of a subscription) is no further one of its kind.
        total = before.rows if before else rows
        until = before.until if before else _until(known, entry)
        found[entry.says] = Group(entry.says, total, until, tables)
    return list(found.values())


def records(db: Session, person: Person) -> dict[str, dict[str, Any]]:
    """Return all rows of a person by table, with what they are, what for and until when."""
    known = register()
    told: dict[str, dict[str, Any]] = {}
    for entry in known.of_seekers():
        table = table_of(entry.name)
        columns = list(table.primary_key.columns)
        mine = select(table).where(belongs_to(known, entry, person)).order_by(*columns)
        rows = [_readable(entry, dict(row._mapping)) for row in db.execute(mine)]
        if rows:
            told[entry.name] = {
                "what": entry.says,
                "purpose": entry.purpose,
                "ground": f"个人信息保护法{entry.ground}",
                "until": _until(known, entry),
                "readers": [known.readers[one] for one in entry.readers],
                "rows": rows,
            }
    return told


def erase(db: Session, person: Person) -> dict[str, int]:
    """Delete all that is kept of a person; return how many rows of which table.

    What is being sent at this moment is noted nowhere: its row is gone.
    """
    known = register()
    done: dict[str, int] = {}
    for entry in in_order(known.of_seekers()):
        table, mine = table_of(entry.name), belongs_to(known, entry, person)
        statement: Any = delete(table).where(mine)
        if entry.erased:
            statement = update(table).where(mine).values(blank_values(table, entry.erased))
        rows = int(db.execute(statement).rowcount)  # type: ignore[attr-defined]
        if rows:
            done[entry.name] = rows
    db.expire_all()
    return done


def _count(db: Session, known: Register, entry: Entry, person: Person) -> int:
    query = select(func.count()).select_from(table_of(entry.name))
    return db.scalar(query.where(belongs_to(known, entry, person))) or 0


def _until(known: Register, entry: Entry) -> str:
    """Return when rows go, as it is told to the person: the ends that delete them."""
    ends = [end for end in entry.ends if end.deletes] or list(entry.ends)
    return "或".join(dict.fromkeys(_end(known, one) for one in ends))


def _end(known: Register, end: End) -> str:
    if end.along:
        return _until(known, known.entries[end.along])
    return f"{end.since}之后{end.said}就删" if end.period else f"{end.since}一过就删"


def _readable(entry: Entry, row: Mapping[str, Any]) -> dict[str, Any]:
    told: dict[str, Any] = {}
    for column in table_of(entry.name).columns:
        value = row[column.name]
        if isinstance(value, datetime):
            value = clock.aware(value).astimezone(clock.CHINA).isoformat(timespec="seconds")
        elif isinstance(column.type, Float) and column.name == "timestamp" and value is not None:
            moment = datetime.fromtimestamp(value, clock.CHINA)
            value = moment.isoformat(timespec="seconds")
        told[column.name] = value
    if entry.name == "events":
        told["data"] = _event_content(told["data"])
    if entry.name == "web_messages":
        told["body"] = _web_message_content(told["body"])
    return told


def _event_content(stored: str | None) -> dict[str, Any]:
    """Return what an event of a conversation holds of the person: words, entities, slots."""
    event = json.loads(stored or "{}")
    told = {name: event[name] for name in _OF_MESSAGE if event.get(name) is not None}
    parsed = event.get("parse_data") or {}
    entities = [
        {"entity": one.get("entity"), "value": one.get("value")}
        for one in parsed.get("entities") or ()
    ]
    if entities:
        told["entities"] = entities
    if event.get("event") == "bot":
        message = (event.get("data") or {}).get("custom") or {}
        told["text"] = _not_again(message.get("act"), message.get("text") or event.get("text"))
    return told


def _web_message_content(stored: str) -> dict[str, Any]:
    """Return what the page showed; of an answer its words."""
    said = json.loads(stored)
    act = (said.get("message") or {}).get("act")
    text = said.get("text") or (said.get("message") or {}).get("text")
    return {"from": said.get("from"), "text": _not_again(act, text)}


def _not_again(act: str | None, text: str | None) -> str | None:
    """Leave an earlier export out of the next one: it holds the same, and would double it."""
    return "（导出的内容）" if act == "my_data" and text and len(text) > LONGEST_OWN else text

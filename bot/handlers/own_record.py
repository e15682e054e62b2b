"""The writer's own record at the office: linked by a code, shown, objected to."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from bot import clock
from bot.caches import process_cache
from bot.casework import links
from bot.casework.own_record import OwnRecord, object_to_exits, own_records
from bot.db.session import Session, session
from bot.fixed_replies import reply
from bot.messages import Message
from bot.privacy.consents import record
from bot.seekers.identity import find_seeker, seeker_of
from bot.settings import settings
from bot.text.normalise import normalise
from bot.turns.turn import Turn
from bot.yaml_files import read_yaml

#: What `asked` holds while the yes to joining is waited for.
LINK = "person_link"
#: The act of what is said here: about one's own data.
ACT = "my_data"


def answer_own_record(turn: Turn) -> Message | None:
    """Answer what concerns the own record at the office; None for anything else."""
    kind, code = _kind_and_code(normalise(turn.text).text)
    if kind is None:
        return None
    if kind == "link":
        turn.set(asked=LINK, pending={"code": code})
        return reply("own_record_consent", ACT)
    with session() as db:
        seeker = find_seeker(db, turn.channel, turn.address)
        linked = seeker is not None and bool(links.persons_of(db, seeker.id))
        if seeker is None or not linked:
            return reply("own_record_not_linked", ACT)
        if kind == "unlink":
            links.end(db, seeker.id)
            return reply("own_record_unlinked", ACT)
        if kind == "object":
            objection = object_to_exits(db, seeker.id, turn.text)
            return reply("own_record_objected" if objection else "own_record_no_exit", ACT)
        return _records_message(kind, own_records(db, seeker.id))


def answer_link(turn: Turn) -> Message | None:
    """Join the record after the yes; None when the person speaks of something else."""
    code = str(turn.previous.pending.get("code") or "")
    if turn.act not in ("affirm", "deny"):
        return None
    turn.set(asked=None, pending=None)
    if turn.act == "deny":
        return reply("own_record_declined", ACT)
    with session() as db:
        return reply(_link(db, turn, code), ACT)


def _link(db: Session, turn: Turn, code: str) -> str:
    if not links.is_open(db, code):
        return "own_record_wrong_code"
    seeker = seeker_of(db, turn.channel, turn.address)
    wording = reply("own_record_consent", ACT).text
    record(seeker, LINK, turn.channel, wording, clock.now())
    links.confirm(db, seeker.id, code)
    return "own_record_linked"


def _records_message(kind: str, records: Sequence[OwnRecord]) -> Message:
    message = reply(f"own_record_{kind}", ACT)
    lines = []
    for entry in records:
        if kind == "registration":
            lines.append(entry.registration + (f"，理由：{entry.exits}" if entry.exits else ""))
        elif kind == "plan":
            lines += [f"{number}. {step}" for number, step in enumerate(entry.plan, 1)]
        elif entry.promise:
            lines.append(entry.promise)
    if not lines:
        return reply(f"own_record_no_{kind}", ACT)
    return replace(message, text=message.text.replace("{lines}", "\n".join(lines)))


def _kind_and_code(text: str) -> tuple[str | None, str]:
    plain = text.strip(" 。.!！?？")
    for kind, pattern in _patterns(settings().data_file("vocab", "own_record.yml")).items():
        hit = pattern.fullmatch(plain)
        if hit is not None:
            return kind, hit[1] if hit.groups() else ""
    return None, ""


@process_cache(size=2)
def _patterns(file: Path) -> dict[str, re.Pattern[str]]:
    content = read_yaml(file)
    return {str(kind): re.compile(str(pattern)) for kind, pattern in content.items()}

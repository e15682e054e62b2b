"""Message history of web sessions, in the database: a restart of the server loses nothing."""

from __future__ import annotations

import json
from collections.abc import Collection, Sequence
from datetime import timedelta
from typing import Any, Literal

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from bot import clock
from bot.db.tables import AnswerVote, WebMessage
from bot.db.upsert import add_missing

#: How long a message can be restored.
RETENTION = timedelta(days=7)
#: Messages of a session that are restored at most.
MAX_RESTORED = 60
Vote = Literal["up", "down"]
#: Why an answer did not help: off the question, not understood, wrong or old, of no use.
Why = Literal["off", "unclear", "wrong", "no_help"]


def save_messages(
    db: Session, session: str, messages: Sequence[dict[str, Any]]
) -> list[dict[str, Any]]:
    """Keep messages for restoring; return them with the number (`seq`) that each has now."""
    rows = [
        WebMessage(
            session=session, body=json.dumps(message, ensure_ascii=False),
            expires_at=clock.now() + RETENTION,
        )
        for message in messages
    ]  # fmt: skip
    for row in rows:  # one by one: their numbers are their order
        db.add(row)
        db.flush()
    return [{**message, "seq": row.seq} for message, row in zip(messages, rows, strict=True)]


def since(db: Session, session: str, seq: int) -> list[dict[str, Any]]:
    """Return a session's messages after a number, the last `MAX_RESTORED` of them, oldest first.

    A number that is still to come was given by a database of before (one put back from a backup):
    then everything is returned.
    """
    seq = 0 if seq > last(db) else seq
    newest = (
        select(WebMessage.seq, WebMessage.body)
        .where(
            WebMessage.session == session,
            WebMessage.seq > seq,
            WebMessage.expires_at > clock.now(),
        )
        .order_by(WebMessage.seq.desc())
        .limit(MAX_RESTORED)
    )
    return [
        {**json.loads(body), "seq": number} for number, body in reversed(db.execute(newest).all())
    ]


def last_answers(db: Session, session: str, count: int) -> list[dict[str, Any]]:
    """Return the last answers of a session, oldest first."""
    restored = (message for message in since(db, session, 0) if message.get("from") != "person")
    return list(restored)[-count:]


def oldest(db: Session, sessions: Collection[str]) -> dict[str, int]:
    """Return the number of the oldest message of each session that has any."""
    query = (
        select(WebMessage.session, func.min(WebMessage.seq))
        .where(WebMessage.session.in_(sessions), WebMessage.expires_at > clock.now())
        .group_by(WebMessage.session)
    )
    return dict(db.execute(query).tuples().all())


def last(db: Session) -> int:
    """Return the highest number given so far, 0 when there is none."""
    return db.scalar(select(func.max(WebMessage.seq))) or 0


def forget_expired(db: Session) -> int:
    """Delete what has expired; return how many messages."""
    result = db.execute(delete(WebMessage).where(WebMessage.expires_at <= clock.now()))
    return int(result.rowcount)  # type: ignore[attr-defined]


def question_of(db: Session, session: str, seq: int) -> str:
    """Return what a person wrote before an answer, of a session's history; empty for nothing."""
    query = (
        select(WebMessage.body)
        .where(WebMessage.session == session, WebMessage.seq < seq)
        .order_by(WebMessage.seq.desc())
        .limit(MAX_RESTORED)
    )
    earlier = (json.loads(body) for body in db.scalars(query))
    return next((str(one.get("text", "")) for one in earlier if one.get("from") == "person"), "")


def voted_before(db: Session, seq: int) -> bool:
    """Tell whether there is a vote on an answer."""
    return db.get(AnswerVote, seq) is not None


def save_vote(db: Session, session: str, seq: int, choice: Vote, why: Why | None = None) -> bool:
    """Keep whether an answer helped, without its words; False when it was none of this session's.

    A second vote on the same answer replaces the first.
    """
    query = select(WebMessage.body).where(WebMessage.session == session, WebMessage.seq == seq)
    body = db.scalar(query)
    stored = json.loads(body) if body else {}
    message = stored.get("message")
    if stored.get("from") != "bot" or not isinstance(message, dict):
        return False
    row = {
        "message": seq, "act": message.get("act"),
        "topic": next(iter(message.get("topics") or ()), None),
        "status": message.get("status", "answered"), "vote": choice,
        "why": why if choice == "down" else None, "voted_at": clock.now(),
    }  # fmt: skip
    add_missing(db, AnswerVote, [row], ["message"], update=["vote", "why", "voted_at"])
    return True

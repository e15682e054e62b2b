"""Numbered choices of the last answer to a person, and the part of it that did not fit."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import timedelta

from sqlalchemy.orm import Session

from bot import clock
from bot.db.tables import Offer
from bot.messaging.rows import ensure
from bot.text.pattern_file import patterns

#: How long a number still means a choice of the last answer.
VALIDITY = timedelta(days=2)
_PATTERNS = patterns("reply_choices")
#: Characters of unsent answers that are kept; the newest stay.
MAX_UNSENT_CHARS = 4000


def choice_number(text: str) -> int | None:
    """Return the choice that a text consists of, None when it is something else."""
    match = _PATTERNS["number"].match(text)
    return int(match.group(1)) if match else None


def save_choices(
    db: Session, channel: str, address: str, choices: Sequence[tuple[str, str]], rest: str = ""
) -> None:
    """Remember the choices (title and what it says, from 1 on) and the rest (0) of an answer.

    An answer that offers nothing clears what the one before offered.
    """
    row = _row(db, channel, address, make=bool(choices or rest))
    if row is not None and (choices or rest or row.rest or row.choices != "[]"):
        row.choices = json.dumps(list(choices), ensure_ascii=False)
        row.rest = rest
        row.made_at = clock.now()


def resolve_choice(db: Session, channel: str, address: str, typed: str) -> str | None:
    """Return the message that a number or title of the last answer stands for; else None."""
    row = _valid(db, channel, address)
    choices: list[tuple[str, str]] = json.loads(row.choices) if row else []
    number = choice_number(typed)
    if number is not None:
        return choices[number - 1][1] if 0 < number <= len(choices) else None
    return next((meaning for title, meaning in choices if title == typed.strip()), None)


def remainder(db: Session, channel: str, address: str) -> str:
    """Return the part of the last answer that did not fit; empty when all did."""
    row = _valid(db, channel, address)
    return row.rest if row else ""


def keep_unsent(db: Session, channel: str, address: str, text: str) -> None:
    """Keep an answer that a quota refused, to be said before the next one."""
    row = _row(db, channel, address, make=True)
    assert row is not None  # just made
    row.unsent = f"{row.unsent}\n{text}".strip()[-MAX_UNSENT_CHARS:]
    row.made_at = clock.now()


def take_unsent(db: Session, channel: str, address: str) -> str:
    """Return and clear the answers that a quota refused."""
    row = _valid(db, channel, address)
    if row is None or not row.unsent:
        return ""
    text, row.unsent = row.unsent, ""
    return text


def _valid(db: Session, channel: str, address: str) -> Offer | None:
    row = _row(db, channel, address)
    if row is None or clock.aware(row.made_at) < clock.now() - VALIDITY:
        return None
    return row


def _row(db: Session, channel: str, address: str, make: bool = False) -> Offer | None:
    row = db.get(Offer, (channel, address))
    if row is None and make:
        empty = {"choices": "[]", "rest": "", "unsent": "", "made_at": clock.now()}
        ensure(db, Offer, channel=channel, address=address, **empty)
        row = db.get_one(Offer, (channel, address))
    return row

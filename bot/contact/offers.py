"""What a person may ask for by a number: the choices of the last answer, and what did not fit."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from datetime import timedelta

from sqlalchemy.orm import Session

from bot import clock
from bot.contact.rows import ensure
from bot.db.tables import Offer

#: How long a number still means a choice of the last answer.
VALID = timedelta(days=2)
#: 1, １, 回复1, 选1, 1. — and nothing else; a pay or an age has more digits.
_NUMBER = re.compile(r"^\s{0,9}(?:回复?|选|按)?\s{0,9}([0-9０-９])\s{0,9}[.。、,，!！号]?\s{0,9}$")
#: Characters of unsent answers that are kept; the newest stay.
LONGEST_UNSENT = 4000


def numbered(text: str) -> int | None:
    """Return the choice that a text consists of, None when it is something else."""
    found = _NUMBER.match(text)
    return int(found.group(1)) if found else None


def offer(
    db: Session, channel: str, address: str, choices: Sequence[tuple[str, str]], rest: str = ""
) -> None:
    """Remember the choices (title and what it says, from 1 on) and the rest (0) of an answer.

    An answer that offers nothing clears what the one before offered.
    """
    kept = _row(db, channel, address, make=bool(choices or rest))
    if kept is not None and (choices or rest or kept.rest or kept.choices != "[]"):
        kept.choices = json.dumps(list(choices), ensure_ascii=False)
        kept.rest = rest
        kept.made_at = clock.now()


def chosen(db: Session, channel: str, address: str, typed: str) -> str | None:
    """Return what a number or a title of the last answer says; None when it offered none such."""
    kept = _valid(db, channel, address)
    choices: list[tuple[str, str]] = json.loads(kept.choices) if kept else []
    number = numbered(typed)
    if number is not None:
        return choices[number - 1][1] if 0 < number <= len(choices) else None
    return next((says for title, says in choices if title == typed.strip()), None)


def rest(db: Session, channel: str, address: str) -> str:
    """Return what of the last answer did not fit; empty when nothing."""
    kept = _valid(db, channel, address)
    return kept.rest if kept else ""


def keep_unsent(db: Session, channel: str, address: str, text: str) -> None:
    """Keep an answer that a quota refused, to be said before the next one."""
    kept = _row(db, channel, address, make=True)
    assert kept is not None  # just made
    kept.unsent = f"{kept.unsent}\n{text}".strip()[-LONGEST_UNSENT:]
    kept.made_at = clock.now()


def take_unsent(db: Session, channel: str, address: str) -> str:
    """Return what a quota kept back, and forget it."""
    kept = _valid(db, channel, address)
    if kept is None or not kept.unsent:
        return ""
    text, kept.unsent = kept.unsent, ""
    return text


def _valid(db: Session, channel: str, address: str) -> Offer | None:
    kept = _row(db, channel, address)
    if kept is None or clock.aware(kept.made_at) < clock.now() - VALID:
        return None
    return kept


def _row(db: Session, channel: str, address: str, make: bool = False) -> Offer | None:
    kept = db.get(Offer, (channel, address))
    if kept is None and make:
        empty = {"choices": "[]", "rest": "", "unsent": "", "made_at": clock.now()}
        ensure(db, Offer, channel=channel, address=address, **empty)
        kept = db.get_one(Offer, (channel, address))
    return kept

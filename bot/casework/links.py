"""A person of the record joined with a seeker of the chat: by a code that the desk hands out.

Telephone numbers are never compared for it. The person tells the code in the chat; ending the link
there leaves both records as they are.
"""

from __future__ import annotations

import secrets
from datetime import timedelta

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from bot import clock
from bot.casework.identity import key_ring
from bot.casework.roles import Staff
from bot.casework.scope import get
from bot.db.tables import Person, PersonLink

#: A code is worth nothing after so long.
HOLDS = timedelta(minutes=30)
#: Digits of a code: for an even chance one would have to try 50 million in its half hour.
DIGITS = 8


def hand_out(db: Session, me: Staff, person_id: int) -> str:
    """Return a new code for a person who stands at the desk. Raises NotVisible."""
    get(db, me, Person, person_id)
    code = f"{secrets.randbelow(10**DIGITS):0{DIGITS}d}"
    now = clock.now()
    stale = update(PersonLink).where(
        PersonLink.person_id == person_id, PersonLink.state == "proposed"
    )
    db.execute(stale.values(state="ended", ended_at=now))
    db.add(
        PersonLink(
            person_id=person_id, state="proposed", code_digest=_digest(code), proposed_by=me.id,
            proposed_at=now, expires_at=now + HOLDS,
        )
    )  # fmt: skip
    db.flush()
    return code


def is_open(db: Session, code: str) -> bool:
    """Tell whether a code was handed out and holds."""
    query = select(PersonLink.id).where(
        PersonLink.code_digest == _digest(code), PersonLink.state == "proposed",
        PersonLink.expires_at > clock.now(),
    )  # fmt: skip
    return db.scalar(query) is not None


def confirm(db: Session, seeker_id: int, code: str) -> int | None:
    """Join the seeker who tells a code with its person; return the person, None for no such code.

    The code is worth nothing afterwards.
    """
    query = select(PersonLink).where(
        PersonLink.code_digest == _digest(code), PersonLink.state == "proposed",
        PersonLink.expires_at > clock.now(),
    )  # fmt: skip
    link = db.scalar(query.with_for_update())
    if link is None:
        return None
    joined_persons = persons_of(db, seeker_id)
    if link.person_id in joined_persons:
        link.state, link.ended_at = "ended", clock.now()
    else:
        link.state, link.seeker_id, link.confirmed_at = "confirmed", seeker_id, clock.now()
    db.flush()
    return link.person_id


def end(db: Session, seeker_id: int) -> int:
    """End all links of a seeker; return how many."""
    links = update(PersonLink).where(
        PersonLink.seeker_id == seeker_id, PersonLink.state == "confirmed"
    )
    done = db.execute(links.values(state="ended", ended_at=clock.now()))
    return int(done.rowcount)  # type: ignore[attr-defined]


def persons_of(db: Session, seeker_id: int) -> list[int]:
    """Return the people that a seeker is joined with."""
    query = select(PersonLink.person_id).where(
        PersonLink.seeker_id == seeker_id, PersonLink.state == "confirmed"
    )
    return list(db.scalars(query.order_by(PersonLink.id)))


def _digest(code: str) -> str:
    return key_ring().digest(code.strip(), "person_links.code")

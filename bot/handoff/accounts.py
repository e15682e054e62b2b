"""Counsellors: added at the command line, checked at the login."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot import clock
from bot.db.tables import Counsellor, SecondFactor
from bot.handoff.errors import NameTaken
from bot.handoff.passwords import NOBODY, hashed, is_correct

#: Characters of a name.
MAX_NAME_CHARS = 20
#: The condition of an account that has not left.
_ACTIVE = Counsellor.left_at.is_(None)


@dataclass(frozen=True)
class Account:
    """A counsellor's account."""

    id: int
    name: str
    stamp: str
    """Changes with the password and the second factor: what was signed before ends with them."""
    signed_out_at: float = 0.0
    """Moment of the last logout in seconds of the epoch; 0: never."""
    has_second_factor: bool = False
    """Whether a login needs a code besides the password (bot.casework_accounts.second_factor)."""


def add(db: Session, name: str, password: str) -> Account:
    """Add a counsellor; raises NameTaken or UnfitPassword."""
    name = name.strip()[:MAX_NAME_CHARS]
    if db.scalar(select(Counsellor.id).where(Counsellor.name == name)) is not None:
        raise NameTaken(name)
    made = Counsellor(name=name, password_hash=hashed(password), created_at=clock.now())
    db.add(made)
    db.flush()
    return _account(db, made)


def change_password(db: Session, name: str, password: str) -> bool:
    """Set a new password, which ends all sessions; False when there is no such counsellor."""
    counsellor = db.scalar(select(Counsellor).where(Counsellor.name == name, _ACTIVE))
    if counsellor is None:
        return False
    counsellor.password_hash = hashed(password)
    db.flush()
    return True


def check(db: Session, name: str, password: str) -> Account | None:
    """Return the counsellor of a name and password; None, after as long, when they are wrong."""
    counsellor = db.scalar(select(Counsellor).where(Counsellor.name == name.strip(), _ACTIVE))
    right = is_correct(password, counsellor.password_hash if counsellor else NOBODY)
    return _account(db, counsellor) if counsellor is not None and right else None


def by_id(db: Session, number: int) -> Account | None:
    """Return a counsellor by number."""
    counsellor = db.get(Counsellor, number)
    return (
        _account(db, counsellor) if counsellor is not None and counsellor.left_at is None else None
    )


def sign_out(db: Session, number: int) -> None:
    """End all sessions of a counsellor, in whatever browser they are."""
    db.get_one(Counsellor, number).signed_out_at = clock.now()
    db.flush()


def staffed(db: Session) -> bool:
    """Tell whether anybody could answer a ticket here."""
    return db.scalar(select(Counsellor.id).where(_ACTIVE).limit(1)) is not None


def names(db: Session) -> list[str]:
    """Return the names of all counsellors who have not left."""
    return list(db.scalars(select(Counsellor.name).where(_ACTIVE).order_by(Counsellor.name)))


def _account(db: Session, counsellor: Counsellor) -> Account:
    signed_out = counsellor.signed_out_at.timestamp() if counsellor.signed_out_at else 0.0
    since = db.scalar(
        select(SecondFactor.confirmed_at).where(SecondFactor.counsellor_id == counsellor.id)
    )
    stamp = counsellor.password_hash[-16:] + (f"{since.timestamp():.3f}" if since else "")
    return Account(counsellor.id, counsellor.name, stamp, signed_out, since is not None)

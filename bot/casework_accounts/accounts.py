"""Accounts of staff: added with a password that is shown once, closed with their roles."""

from __future__ import annotations

import secrets

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from bot import clock
from bot.audit.chain import Action, append
from bot.casework import tasks
from bot.casework.errors import NotPermitted, SamePerson, WrongState
from bot.casework.roles import ACCOUNTS, ASSIGN, Staff, members
from bot.casework.scope import everywhere
from bot.casework_accounts import second_factor
from bot.db.tables import Counsellor, StaffRole
from bot.handoff import account_removal, accounts
from bot.handoff.errors import NameTaken
from bot.wording import wording

_SAY = wording("casework")


def add(db: Session, me: Staff, name: str) -> tuple[int, str]:
    """Add an account; return its number and password. Raises NotPermitted, WrongState."""
    if not (me.may(ACCOUNTS) or me.may(ASSIGN)):
        raise NotPermitted
    if not 1 < len(name.strip()) <= accounts.MAX_NAME_CHARS:
        raise WrongState(_SAY("name_length"))
    password = secrets.token_urlsafe(12)
    try:
        made = accounts.add(db, name, password)
    except NameTaken:
        raise WrongState(_SAY("name_taken")) from None
    append(db, Action(f"counsellor:{me.id}", "add_account", "counsellor", "开账号", str(made.id)))
    return made.id, password


def remove(db: Session, me: Staff, number: int) -> None:
    """Close an account. Raises SamePerson, NotPermitted."""
    if number == me.id:
        raise SamePerson
    account = next((account for account in members(db, me) if account.id == number), None)
    if account is None:
        raise NotPermitted
    leave(db, account.name)
    append(db, Action(f"counsellor:{me.id}", "close_account", "counsellor", "离岗", str(number)))


def leave(db: Session, name: str) -> bool:
    """Close an account by its name: tickets and tasks wait for others, roles end."""
    number = db.scalar(
        select(Counsellor.id).where(Counsellor.name == name, Counsellor.left_at.is_(None))
    )
    if number is None:
        return False
    with everywhere(db):  # what they had may lie outside of the areas of who closes the account
        if not account_removal.leave(db, name):
            return False
        tasks.release(db, number)
    second_factor.remove(db, number)
    ended = update(StaffRole).where(StaffRole.counsellor_id == number, StaffRole.ended_at.is_(None))
    db.execute(ended.values(ended_at=clock.now()))
    return True

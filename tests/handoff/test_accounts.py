"""Accounts of counsellors: names, passwords, leaving."""

import pytest
from sqlalchemy.orm import Session

from bot.db.tables import Ticket
from bot.handoff import service
from bot.handoff.account_removal import leave
from bot.handoff.accounts import (
    Account,
    add,
    by_id,
    change_password,
    check,
    names,
    sign_out,
    staffed,
)
from bot.handoff.errors import NameTaken, UnfitPassword
from bot.handoff.session_tokens import Signer
from bot.handoff.tickets import open_ticket
from tests.handoff.cases import PASSWORD, case


def test_passwords_and_names(db: Session, wang: Account) -> None:
    assert check(db, "王老师", PASSWORD) == wang
    assert check(db, "王老师", PASSWORD + "x") is None
    assert check(db, "没有这人", PASSWORD) is None
    with pytest.raises(NameTaken):
        add(db, "王老师", PASSWORD)
    with pytest.raises(UnfitPassword):
        add(db, "李老师", "short")


def test_who_leaves_cannot_log_in_and_whom_he_talked_to_waits_again(
    db: Session, wang: Account
) -> None:
    number = open_ticket(db, case()).ticket
    service.take_ticket(db, wang, number)
    assert leave(db, "王老师")
    assert (check(db, "王老师", PASSWORD), by_id(db, wang.id), names(db)) == (None, None, [])
    assert not staffed(db)
    ticket = db.get_one(Ticket, number)
    assert (ticket.state, ticket.taken_by) == ("open", None)
    assert not leave(db, "王老师")
    with pytest.raises(NameTaken):
        add(db, "王老师", PASSWORD)


def test_a_changed_password_ends_the_sessions_before_it(db: Session, wang: Account) -> None:
    signer = Signer(b"s")
    cookie = signer.session(wang)
    assert change_password(db, "王老师", "another long password")
    changed = by_id(db, wang.id)
    assert changed is not None
    assert not signer.is_valid(cookie, changed)
    assert signer.is_valid(signer.session(changed), changed)
    assert check(db, "王老师", PASSWORD) is None
    assert not change_password(db, "没有这人", "another long password")


def test_a_logout_ends_all_sessions(db: Session, wang: Account) -> None:
    signer = Signer(b"s")
    cookie = signer.session(wang)
    sign_out(db, wang.id)
    signed_out = by_id(db, wang.id)
    assert signed_out is not None
    assert not signer.is_valid(cookie, signed_out)

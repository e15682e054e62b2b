"""Notices about the desk, in and out of office hours."""

from __future__ import annotations

import pytest
from sqlalchemy.orm import Session

from bot import clock
from bot.db.tables import Ticket
from bot.handoff.accounts import Account
from bot.handoff.notices import (
    absence_notice,
    hand_over,
    handoff_reply,
    reply_by_hours,
    with_counsellor_notice,
)
from bot.handoff.tickets import Opened, open_ticket
from bot.messages import Message
from tests.days import TUESDAY
from tests.handoff.cases import case

NIGHT = TUESDAY.replace(hour=22)


def test_without_anybody_at_the_desk_no_ticket_is_opened(db: Session) -> None:
    assert hand_over(db, case()) is None
    assert db.query(Ticket).count() == 0


def test_with_a_counsellor_one_is_opened(db: Session, wang: Account) -> None:
    opened = hand_over(db, case())
    assert opened is not None
    assert opened.new


@pytest.mark.parametrize("name", ["handoff_told", "handoff_again", "also_told", "counsellor_away"])
def test_out_of_hours_the_next_opening_is_named(name: str) -> None:
    assert "明天8:30" in reply_by_hours(name, NIGHT).text
    assert "{when}" not in reply_by_hours(name, NIGHT).text


def test_a_new_ticket_a_second_one_and_none_are_told_apart() -> None:
    with clock.frozen(TUESDAY):
        texts = [handoff_reply(one).text for one in (None, Opened(1, True), Opened(1, False))]
    assert len(set(texts)) == 3


def test_only_a_new_ticket_is_told_with_an_answer() -> None:
    answer = Message(act="policy", text="要满一年。")
    with clock.frozen(TUESDAY):
        assert with_counsellor_notice(answer, None) is answer
        assert with_counsellor_notice(answer, Opened(1, False)) is answer
        assert with_counsellor_notice(answer, Opened(1, True)).text.startswith("要满一年。\n")


def test_an_absent_counsellor_is_told_of_once_and_only_out_of_hours(db: Session) -> None:
    ticket = db.get_one(Ticket, open_ticket(db, case()).ticket)
    with clock.frozen(TUESDAY):
        assert absence_notice(ticket) is None
    with clock.frozen(NIGHT):
        assert absence_notice(ticket) is not None
        assert absence_notice(ticket) is None

"""Tickets whose counsellor says nothing go back."""

from datetime import datetime, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from bot import clock
from bot.db.tables import Delivery
from bot.handoff import service
from bot.handoff.accounts import Account
from bot.handoff.errors import NotYours
from bot.handoff.idle_tickets import release_idle
from bot.handoff.seeker_messages import handoff_state, route_seeker_message
from bot.handoff.tickets import open_ticket
from bot.settings import settings
from tests.handoff.cases import case

MONDAY = datetime(2026, 11, 23, 10, tzinfo=clock.CHINA)


def _released(db: Session, at: datetime) -> int:
    with clock.frozen(at):
        return release_idle(db, clock.now())


def test_a_ticket_goes_back_when_its_counsellor_says_nothing(db: Session, wang: Account) -> None:
    with clock.frozen(MONDAY):
        number = open_ticket(db, case()).ticket
        service.take_ticket(db, wang, number)
    assert _released(db, MONDAY + timedelta(hours=3, minutes=59)) == 0
    assert _released(db, MONDAY + timedelta(hours=4)) == 1
    assert handoff_state(db, "web", "web-anna").state == "open"
    told = db.scalars(select(Delivery.body).order_by(Delivery.id)).all()[-1]
    assert "让你久等了" in told
    with pytest.raises(NotYours):
        service.answer_seeker(db, wang, number, "我来了", "key-12345")
    assert _released(db, MONDAY + timedelta(hours=6)) == 0


def test_a_ticket_stays_while_the_counsellor_spoke_last_and_counts_from_the_first_word_without_answer(
    db: Session, wang: Account
) -> None:
    with clock.frozen(MONDAY):
        number = open_ticket(db, case()).ticket
        service.take_ticket(db, wang, number)
    with clock.frozen(MONDAY + timedelta(hours=1)):
        service.answer_seeker(db, wang, number, "您在哪个区？", "key-12345")
    assert _released(db, MONDAY + timedelta(days=2)) == 0
    wednesday = MONDAY + timedelta(days=2)
    for hour in (0, 3):
        with clock.frozen(wednesday + timedelta(hours=hour)):
            route_seeker_message(db, "web", "web-anna", "铁西")
    assert _released(db, wednesday + timedelta(hours=3, minutes=59)) == 0
    assert _released(db, wednesday + timedelta(hours=4)) == 1


def test_the_wait_is_a_setting_and_0_means_for_ever(
    db: Session, wang: Account, monkeypatch: pytest.MonkeyPatch
) -> None:
    with clock.frozen(MONDAY):
        service.take_ticket(db, wang, open_ticket(db, case()).ticket)
    try:
        for said, released in (("0", 0), ("0.5", 1)):
            monkeypatch.setenv("JIUYE_DESK_SILENCE", said)
            settings.cache_clear()
            assert _released(db, MONDAY + timedelta(hours=1)) == released
    finally:
        monkeypatch.undo()
        settings.cache_clear()

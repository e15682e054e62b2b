"""What a ticket is opened with."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from bot.db.session import session
from bot.db.tables import Ticket
from bot.handlers.hand_off import answer_hand_off
from bot.handoff.accounts import add
from bot.turns.turn import Turn


@pytest.mark.parametrize(
    ("region", "kept"), [("210106", "210106"), ("110101", None), ("210000", None), (None, None)]
)
def test_a_ticket_has_the_region_and_the_employer_spoken_of(
    here: str, region: str | None, kept: str | None
) -> None:
    with session() as db:
        add(db, "王老师", "long enough for a test")
    past = [
        {"event": "user", "text": "我在鑫源保洁公司干了仨月，钱没给", "timestamp": 1.0},
        {"event": "bot", "text": "可以找劳动监察", "timestamp": 2.0},
        {"event": "user", "text": "转人工", "timestamp": 3.0},
    ]
    slots = {"region_code": region} if region else {}
    turn = Turn("转人工", "handoff", 0.9, [], [], slots, address="web-anna", past=past)
    answer_hand_off(turn)
    with session() as db:
        ticket = db.scalars(select(Ticket)).one()
        assert (ticket.region_code, ticket.employer) == (kept, "鑫源保洁公司")

"""An answer stands in a session's history once, whatever its process heard of its write."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from bot.channels.web.history import save_answer
from bot.db.session import session
from bot.db.tables import WebMessage
from bot.messages import Message
from bot.messaging.inbox_table import HeldElsewhere, take_in
from bot.messaging.incoming import Incoming

MESSAGE = Incoming("web", "web-1", "web-1:1", "您好")
ANSWER = [Message(text="你说：您好").to_dict()]


def _kept() -> list[int]:
    with session() as db:
        return list(db.scalars(select(WebMessage.seq)))


def test_an_answer_that_is_kept_again_is_the_same_one(here: str) -> None:
    with session() as db:
        take_in(db, [MESSAGE], "me")
    first = save_answer("web-1", ANSWER, MESSAGE.key, "me")
    assert save_answer("web-1", ANSWER, MESSAGE.key, "me") == first
    assert _kept() == [first[0]["seq"]]


def test_who_does_not_hold_the_message_keeps_no_answer(here: str) -> None:
    with session() as db:
        take_in(db, [MESSAGE], "another")
    with pytest.raises(HeldElsewhere):
        save_answer("web-1", ANSWER, MESSAGE.key, "me")
    assert _kept() == []

"""A vote 没用 keeps the question before the answer, without its session."""

from __future__ import annotations

from sqlalchemy import select

from bot.channels.web import history
from bot.db.session import session
from bot.db.tables import UnansweredQuestion
from bot.rendering.widget import bot_message_json, person_message_json


def _kept() -> list[tuple[str, str]]:
    with session() as db:
        return [(row.kind, row.text) for row in db.scalars(select(UnansweredQuestion))]


def test_the_question_of_an_answer_voted_down_is_kept_once(here: str) -> None:
    answer = bot_message_json({"type": "text", "status": "answered", "text": "问人社局。"})
    with session() as db:
        said = [person_message_json("电话13912345678，取暖费补贴找谁领"), answer]
        _, shown = history.save_messages(db, "web-anna", said)
    assert history.save_vote("web-anna", shown["seq"], "up")
    assert _kept() == []
    with session() as db:
        _, other = history.save_messages(db, "web-bert", said)
    assert not history.save_vote("web-anna", other["seq"], "down")
    assert history.save_vote("web-bert", other["seq"], "down")
    assert history.save_vote("web-bert", other["seq"], "down", "wrong")
    ((kind, text),) = _kept()
    assert kind == "voted_down"
    assert "取暖费补贴找谁领" in text
    assert "139" not in text

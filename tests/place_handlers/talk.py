"""A talk about places, turn by turn."""

from __future__ import annotations

from datetime import date
from typing import Any

from bot.db.session import session
from bot.db.tables import Station
from bot.messages import Message
from bot.place_handlers.answer import answer_places
from bot.rendering.plain import render
from bot.turns.turn import Turn
from bot.understanding.entity_extractor import message_reader


class Talk:
    """One person's questions; the slots are kept as Rasa does."""

    def __init__(self) -> None:
        self.slots: dict[str, Any] = {}

    def say(self, text: str, act: str = "station") -> Message | None:
        from bot.turns.arbitration import remember

        entities = [dict(one) for one in message_reader().read(text)]
        turn = Turn(text, act, 0.9, [], entities, dict(self.slots), address="anna")
        message = answer_places(turn)
        remember(turn, [message] if message else [])
        self.slots |= turn.changes
        return message

    def text(self, text: str, act: str = "station") -> str:
        message = self.say(text, act)
        assert message is not None
        return "\n".join(render("web", message.to_dict()))


def keep(*rows: Any) -> None:
    with session() as db:
        db.add_all(rows)


def station(title: str, **columns: Any) -> Station:
    given = {
        "key": title, "title": title, "region_code": "210106", "phone": "024-25800000", "hours":
        "周一至周五 8:30-11:30、13:00-17:00", "verified_on": date(2026, 11, 20), "verified_by": "铁西区人社局",
        "address": "保工街1号", **columns,
    }  # fmt: skip
    return Station(**given)

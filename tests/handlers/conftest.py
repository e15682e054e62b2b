"""Turns as the actions see them, on a database of their own."""

from __future__ import annotations

from typing import Any

import pytest

from bot.messages import Message
from bot.routing.router import answer
from bot.turns.turn import Turn
from bot.understanding.entity_extractor import message_reader


class Dialogue:
    """What one person says on one channel; remembers the slots like Rasa does."""

    def __init__(self, address: str = "anna", channel: str = "web") -> None:
        self.address, self.channel = address, channel
        self.slots: dict[str, Any] = {}

    def say(self, text: str, act: str) -> Message:
        """Say a text that the model takes for an act; the (single) answer."""
        entities = [dict(entity) for entity in message_reader().read(text)]
        turn = Turn(
            text, act, 0.9, [], entities, dict(self.slots), channel=self.channel, address=self.address
        )  # fmt: skip
        (message,) = answer(turn)
        self.slots |= turn.changes
        return message


@pytest.fixture
def anna(here: str) -> Dialogue:
    """Anna on the web."""
    return Dialogue()

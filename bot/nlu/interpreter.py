"""Messages understood without a conversation, for commands that ask the model alone."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any


class Parser:
    """The trained model's understanding of single messages."""

    def __init__(self, model: Path) -> None:
        from rasa.core.agent import load_agent

        self._loop = asyncio.new_event_loop()
        self._agent = self._loop.run_until_complete(load_agent(str(model)))

    def parse(self, text: str) -> dict[str, Any]:
        """Return Rasa's parse of a message."""
        parsed: dict[str, Any] = self._loop.run_until_complete(self._agent.parse_message(text))
        return parsed

    def topics(self, text: str) -> dict[str, float]:
        """Return the topics of a message with their probabilities."""
        return {t["name"]: t["confidence"] for t in self.parse(text).get("topics") or ()}

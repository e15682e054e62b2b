"""A message as the widget gets it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from bot.rendering.plain import full_text


def bot_message_json(message: Mapping[str, Any]) -> dict[str, Any]:
    """Return a structured message of the bot (or a counsellor) as the widget gets it."""
    return {"from": "bot", "message": dict(message), "text": full_text(message)}


def person_message_json(text: str, name: str = "") -> dict[str, Any]:
    """Return a person's words as the widget gets them.

    `name` is the id that the page gave them: it knows by it the bubble that it shows already.
    """
    return {"from": "person", "text": text, **({"id": name} if name else {})}

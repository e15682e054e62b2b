"""A message that says a policy's name and nothing else beside the aspects that it asks for."""

from __future__ import annotations

from actions.turn import Turn
from bot.policies.search import current_index


def just_named(turn: Turn) -> str | None:
    """Return the topic that is named: 失业登记怎么办 is about 失业登记."""
    text = turn.text
    for entity in reversed(turn.of_kind("aspect")):
        text = f"{text[: int(entity['start'])]} {text[int(entity['end']) :]}"
    return current_index().just_named(text)

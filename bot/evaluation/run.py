"""Run dialogues through the whole bot and judge each turn."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

from bot.evaluation.cases import Dialogue
from bot.evaluation.judge import Tally
from bot.evaluation.result import to_result
from bot.runtime.in_process import Conversations


async def evaluate(
    model: Path, dialogues: Iterable[Dialogue], progress: Callable[[], None] = lambda: None
) -> dict[str, Any]:
    """Run every dialogue with a sender of its own; `progress` is called after each."""
    talk, tally, number = await Conversations.open(model), Tally(), 0
    for dialogue in dialogues:
        number += 1
        sender, previous_slots = uuid.uuid4().hex, dict[str, Any]()
        for turn, expected in enumerate(dialogue.turns, 1):
            got = await talk.send(expected.text, sender)
            tally.judge(f"{dialogue.id}/{turn}", expected, got, previous_slots)
            previous_slots = got["slots"]
        progress()
    return to_result(tally, number)

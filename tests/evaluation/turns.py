"""Turns as they come from the bot, and their result."""

from __future__ import annotations

from typing import Any

from bot.evaluation.cases import ExpectedTurn
from bot.evaluation.judge import Tally
from bot.evaluation.result import to_result


def bot_turn(act: str = "policy", status: str = "answered", **more: Any) -> dict[str, Any]:
    return {
        "act": act, "status": status, "topics": [], "slots": {}, "rendered": ["好"],
        "latency_ms": 5.0, **more,
    }  # fmt: skip


def judged(*turns: tuple[ExpectedTurn, dict[str, Any]]) -> dict[str, Any]:
    tally = Tally()
    for number, (expected, got) in enumerate(turns, 1):
        tally.judge(f"d/{number}", expected, got, {})
    return to_result(tally, 1)

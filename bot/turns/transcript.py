"""Transcript of the conversation, as a counsellor reads it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from bot import clock
from bot.handoff.tickets import Line

#: Turns of the person that are passed on, with the answers to them.
MAX_TURNS = 20


def transcript(events: Sequence[dict[str, Any]]) -> list[Line]:
    """Return the last turns of Rasa's events as lines, oldest first."""
    lines: list[Line] = []
    turns = 0
    for event in reversed(events):
        kind = event.get("event")
        if kind not in ("user", "bot"):
            continue
        words = _words(event)
        if words:
            lines.append(Line("seeker" if kind == "user" else "bot", words, _event_time(event)))
        turns += kind == "user"
        if turns == MAX_TURNS:
            break
    return lines[::-1]


def last_answers(events: Sequence[dict[str, Any]], count: int) -> list[dict[str, Any]]:
    """Return the first structured message of each of the last answered turns, the newest first.

    The latest turn has no answer yet; it is passed over.
    """
    answers: list[dict[str, Any]] = []
    first: dict[str, Any] = {}
    for event in reversed(events):
        if event.get("event") == "bot":
            first = _custom(event)
        elif event.get("event") == "user":
            if first:
                answers.append(first)
            first = {}
        if len(answers) == count:
            break
    return answers


def in_words(message: Mapping[str, Any]) -> str:
    """Return what a counsellor needs of an answer: its words, postings' titles, the next step."""
    listed = [f"· {item['title']}（{item['employer']}）" for item in message.get("items") or ()]
    fits = [f"· {item['title']}" for key in ("fits", "may_fit") for item in message.get(key) or ()]
    step = message.get("next_step")
    parts = [message.get("text", ""), *listed, *fits, f"接下来：{step}" if step else ""]
    return "\n".join(part for part in parts if part)


def _words(event: dict[str, Any]) -> str:
    custom = _custom(event)
    return in_words(custom) if custom else str(event.get("text") or "").strip()


def _custom(event: dict[str, Any]) -> dict[str, Any]:
    custom = (event.get("data") or {}).get("custom")
    return custom if isinstance(custom, dict) else {}


def _event_time(event: dict[str, Any]) -> datetime | None:
    stamp = event.get("timestamp")
    return datetime.fromtimestamp(stamp, clock.CHINA) if isinstance(stamp, (int, float)) else None

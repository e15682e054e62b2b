"""Readings: which business (thread) takes a message up, and as which move."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, get_args

#: The businesses of a talk.
Thread = Literal[
    "policy", "calculation", "job_search", "posting", "eligibility", "subscription", "register",
    "handoff", "follow_up", "my_data", "places", "training", "fair", "report", "small_talk", "bot",
    "safety", "unknown_subject",
]  # fmt: skip
#: What a message does in its business: docs/dialogue.md has a line for each.
Move = Literal[
    "open", "answer", "follow", "vary", "change", "more", "pick", "about_shown", "correct",
    "complain", "close", "tell", "accept", "refuse", "chat",
]  # fmt: skip
THREADS: tuple[Thread, ...] = get_args(Thread)
MOVES: tuple[Move, ...] = get_args(Move)
#: Threads that are one to those who answer: which of them it is, their own rules tell.
FIELDS: dict[Thread, str] = {
    "policy": "knowledge",
    "calculation": "knowledge",
    "eligibility": "knowledge",
    "job_search": "jobs",
    "posting": "jobs",
}


def field_of(thread: Thread) -> str:
    """Return the field of a thread: itself, for those that stand alone."""
    return FIELDS.get(thread, thread)


@dataclass(frozen=True)
class Reading:
    """A message as it was read."""

    field: str
    """The field of its thread."""
    share: float
    """The probability of the field, calibrated on dialogues not learned from."""
    move: Move
    move_share: float

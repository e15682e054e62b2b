"""A conversation with the whole bot in this process, reported turn by turn.

This is what `ask`, `evaluate` and the conversation tests use; its report is a contract.
"""

from __future__ import annotations

import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from rasa.core.agent import Agent

from bot.policies.topics import OF_ACTS
from bot.rendering.plain import render
from bot.runtime.agent import open_agent, send_text

#: Slots that are reported, by the ids of the taxonomy.
SLOTS = (
    "region", "region_code", "occupation", "salary_min", "salary_max", "work_time",
    "education", "experience_years", "age", "group",
)  # fmt: skip


@dataclass(frozen=True)
class Conversations:
    """Conversations of any number of people with one agent."""

    agent: Agent

    @classmethod
    async def open(cls, model: Path, persistent: bool = False) -> Conversations:
        """Load the model; `persistent` keeps the conversations in the database."""
        return cls(await open_agent(model, persistent))

    async def send(self, text: str, sender: str, channel: str = "web") -> dict[str, Any]:
        """Say one text; return the turn as the command line's contract describes it."""
        began = time.perf_counter()
        replies = await send_text(self.agent, text, sender, channel)
        latency_ms = (time.perf_counter() - began) * 1000
        tracker = await self.agent.tracker_store.retrieve(sender)
        latest = tracker.latest_message.as_dict().get("parse_data", {}) if tracker else {}
        slots = tracker.current_slot_values() if tracker else {}
        return report(text, replies, latest, slots, channel, latency_ms)


def report(
    text: str,
    replies: list[dict[str, Any]],
    latest: dict[str, Any],
    slots: dict[str, Any],
    channel: str,
    latency_ms: float,
) -> dict[str, Any]:
    """Build the report of a turn."""
    customs = [reply["custom"] for reply in replies if reply.get("custom")]
    # Of two requests in one message the first is reported; both are answered.
    first = customs[0] if customs else {}
    rendered = [part for custom in customs for part in render(channel, custom)]
    topics = [topic for custom in customs for topic in custom.get("topics", ())]
    of_business = OF_ACTS.get(str(first.get("act")))
    intent = latest.get("intent") or {}
    return {
        "text": text,
        "act": first.get("act"),
        "status": first.get("status", "error"),
        "topics": topics or ([of_business] if of_business else []),
        "slots": {name: slots[name] for name in SLOTS if slots.get(name) not in (None, [])},
        "intent": {"name": intent.get("name"), "confidence": intent.get("confidence")},
        "entities": latest.get("entities") or [],
        "replies": [_reply(reply, channel) for reply in replies],
        "rendered": rendered,
        "citations": [citation for custom in customs for citation in custom.get("citations", ())],
        "postings": [item for custom in customs for item in custom.get("items", ())],
        "latency_ms": round(latency_ms, 1),
    }


def _reply(reply: dict[str, Any], channel: str) -> dict[str, Any]:
    custom = reply.get("custom") or {}
    return {
        "text": "\n".join(render("web", custom)) if custom else reply.get("text", ""),
        "custom": custom,
        "buttons": custom.get("buttons", []),
    }

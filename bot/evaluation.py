"""Measure the whole bot against dialogues with expected behaviour (format: docs/evaluation.md)."""

from __future__ import annotations

import json
import uuid
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from rich.table import Table

from bot.channels.conversation import Conversations


@dataclass
class Result:
    """Counts over all turns of a file."""

    turns: int = 0
    acts: int = 0
    """Turns whose act was right."""
    topical: int = 0
    """Turns that expect a topic."""
    topic_at_1: int = 0
    topic_at_3: int = 0
    slots: Counter[str] = field(default_factory=Counter)
    """hit, missed, wrong: slot values expected and found, or found otherwise."""
    must_kept: int = 0
    must_stated: int = 0
    failed: list[tuple[str, str, str]] = field(default_factory=list)
    """id, text, what was otherwise than expected."""

    def to_dict(self) -> dict[str, Any]:
        """Return the measures as shares."""
        hit, missed, wrong = (self.slots[name] for name in ("hit", "missed", "wrong"))
        return {
            "turns": self.turns,
            "act_accuracy": _share(self.acts, self.turns),
            "topic_hit_at_1": _share(self.topic_at_1, self.topical),
            "topic_hit_at_3": _share(self.topic_at_3, self.topical),
            "slot_recall": _share(hit, hit + missed),
            "slot_precision": _share(hit, hit + wrong),
            "must_kept": _share(self.must_kept, self.must_stated),
            "failed": [{"id": i, "text": t, "what": w} for i, t, w in self.failed],
        }

    def table(self) -> Table:
        """Return the measures for the terminal."""
        table = Table("measure", "value")
        for name, value in self.to_dict().items():
            if name != "failed":
                table.add_row(name, f"{value:.3f}" if isinstance(value, float) else str(value))
        return table

    def failures(self, limit: int) -> Iterator[str]:
        """Yield the first failures, a line each."""
        for number, text, what in self.failed[:limit]:
            yield f"{number}  {text}  [{what}]"


def _share(part: int, whole: int) -> float | None:
    return round(part / whole, 4) if whole else None


async def evaluate_file(model: Path, file: Path) -> Result:
    """Run every dialogue of a JSONL file through the bot and count."""
    talk, result = await Conversations.open(model), Result()
    for line in file.read_text(encoding="utf-8").splitlines():
        if not line.strip():
            continue
        dialogue = json.loads(line)
        sender = uuid.uuid4().hex
        for number, expected in enumerate(dialogue["turns"], 1):
            got = await talk.say(expected["text"], sender)
            _count(result, f"{dialogue.get('id')}/{number}", expected, got)
    return result


def _count(result: Result, number: str, expected: dict[str, Any], got: dict[str, Any]) -> None:
    wrong: list[str] = []
    result.turns += 1
    if expected.get("act") in (None, got["act"]):
        result.acts += 1
    else:
        wrong.append(f"act {got['act']} for {expected['act']}")
    _count_topics(result, expected.get("topics") or [], got["topics"], wrong)
    _count_slots(result, expected.get("slots") or {}, got["slots"], wrong)
    said = "\n".join(got["rendered"])
    for word in expected.get("must", ()):
        result.must_stated += 1
        result.must_kept += word in said
        if word not in said:
            wrong.append(f"does not say {word}")
    for word in expected.get("must_not", ()):
        if word in said:
            wrong.append(f"says {word}")
    if wrong:
        result.failed.append((number, expected["text"], "; ".join(wrong)))


def _count_topics(result: Result, expected: list[str], got: list[str], wrong: list[str]) -> None:
    if not expected:
        return
    result.topical += 1
    result.topic_at_1 += bool(got) and got[0] in expected
    result.topic_at_3 += any(topic in expected for topic in got[:3])
    if not got or got[0] not in expected:
        wrong.append(f"topics {got[:3]} for {expected}")


def _count_slots(
    result: Result, expected: dict[str, Any], got: dict[str, Any], wrong: list[str]
) -> None:
    for name, value in expected.items():
        if got.get(name) == value:
            result.slots["hit"] += 1
            continue
        result.slots["missed" if got.get(name) is None else "wrong"] += 1
        wrong.append(f"{name} {got.get(name)!r} for {value!r}")

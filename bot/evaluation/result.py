"""The result of an evaluation: as one JSON object, as tables, and compared with an earlier one."""

from __future__ import annotations

import statistics
from collections.abc import Iterator, Mapping
from typing import Any

from rich.table import Table

from bot.evaluation.judge import Tally
from bot.evaluation.measures import SlotCounts

#: The order in which the measures are reported.
MEASURES = (
    "act_accuracy", "topic_hit_at_1", "topic_hit_at_3", "wrong_but_confident",
    "out_of_scope_recall", "out_of_scope_false_alarms", "abstained", "failed_inside",
    "must_kept", "must_not_kept",
)  # fmt: skip

Result = Mapping[str, Any]


def to_result(tally: Tally, dialogues: int) -> dict[str, Any]:
    """Return the counts as plain JSON values."""
    every = SlotCounts()
    for counts in tally.slots.values():
        every.add(counts)
    times = tally.milliseconds or [0.0]
    return {
        "dialogues": dialogues,
        "turns": len(tally.milliseconds),
        "measures": {n: tally.shares[n].to_dict() for n in MEASURES if n in tally.shares},
        "slots": {"all": every.to_dict()}
        | {name: tally.slots[name].to_dict() for name in sorted(tally.slots)},
        "confused": [
            {"of": kind, "expected": expected, "got": got, "times": times}
            for (kind, expected, got), times in tally.confused.most_common()
        ],
        "latency_ms": {
            "median": round(statistics.median(times), 1),
            "worst": round(max(times), 1),
        },
        "failed": [{"id": f.id, "text": f.text, "wrong": list(f.wrong)} for f in tally.failures],
    }


def measures_table(result: Result) -> Table:
    """Return the measures for the terminal."""
    table = Table("measure", "value", "95 %", "of")
    for name, share in result["measures"].items():
        if share["value"] is not None:
            interval = f"{share['low']:.3f}–{share['high']:.3f}"
            table.add_row(name, f"{share['value']:.3f}", interval, str(share["n"]))
    return table


def slots_table(result: Result) -> Table:
    """Return the slots for the terminal."""
    table = Table("slot", "precision", "recall", "F1", "strict F1", "expected", "beyond")
    for name, slot in result["slots"].items():
        shares = [slot[measure]["value"] for measure in ("precision", "recall")]
        written = ["–" if share is None else f"{share:.3f}" for share in shares]
        table.add_row(
            name,
            *written,
            f"{slot['f1']:.3f}",
            f"{slot['f1_strict']:.3f}",
            str(slot["recall"]["n"]),
            str(slot["unexpected"]),
        )
    return table


def lines(result: Result, limit: int) -> Iterator[str]:
    """Yield the worst confusions and the first failures, a line each."""
    for entry in result["confused"][:limit]:
        yield f"{entry['times']} × {entry['of']} {entry['expected']} taken for {entry['got']}"
    for entry in result["failed"][:limit]:
        yield f"{entry['id']}  {entry['text']}  [{'; '.join(entry['wrong'])}]"


def comparison(now: Result, earlier: Result) -> Iterator[str]:
    """Yield what changed since an earlier result: measures, then turns mended and broken."""
    for name, share in now["measures"].items():
        was = earlier["measures"].get(name, {}).get("value")
        if None not in (was, share["value"]) and share["value"] != was:
            yield f"{name}: {was:.3f} → {share['value']:.3f} ({share['value'] - was:+.3f})"
    was, is_now = (result["slots"]["all"]["f1"] for result in (earlier, now))
    if was != is_now:
        yield f"slot F1: {was:.3f} → {is_now:.3f} ({is_now - was:+.3f})"
    failed = {entry["id"]: entry for entry in now["failed"]}
    failed_before = {entry["id"]: entry for entry in earlier["failed"]}
    for word, those, others in (
        ("mended", failed_before, failed),
        ("broken", failed, failed_before),
    ):
        for id in sorted(those.keys() - others.keys()):
            yield f"{word}: {id}  {those[id]['text']}  [{'; '.join(those[id]['wrong'])}]"

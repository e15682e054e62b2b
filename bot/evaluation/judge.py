"""Judge what the bot did in one turn against what was expected, and count it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from bot.evaluation.cases import ExpectedTurn
from bot.evaluation.measures import Share, SlotCounts

#: Statuses of a turn in which the bot says that it is not sure, rather than answer.
ABSTAINING_STATUSES = frozenset(("clarify",))
#: The act of a message that is none of our business.
OUT_OF_SCOPE = "out_of_scope"


@dataclass(frozen=True)
class TurnFailure:
    """A turn that went otherwise than expected."""

    id: str
    text: str
    wrong: tuple[str, ...]


@dataclass
class Tally:
    """Counts over all turns of a file."""

    shares: dict[str, Share] = field(default_factory=dict)
    slots: dict[str, SlotCounts] = field(default_factory=dict)
    confused: Counter[tuple[str, str, str]] = field(default_factory=Counter)
    """(act or topic, expected, actual): how often."""
    failures: list[TurnFailure] = field(default_factory=list)
    milliseconds: list[float] = field(default_factory=list)

    def judge(
        self,
        id: str,
        expected: ExpectedTurn,
        actual: Mapping[str, Any],
        previous_slots: Mapping[str, Any],
    ) -> None:
        """Count one turn; `previous_slots` are those that were in force before it."""
        wrong = [
            *self._act(expected, actual),
            *self._topics(expected, actual),
            *self._slots(expected, actual["slots"], previous_slots),
            *self._words(expected, "\n".join(actual["rendered"])),
        ]
        self._count("abstained", actual["status"] in ABSTAINING_STATUSES)
        self._count("failed_inside", actual["status"] == "error")
        self.milliseconds.append(float(actual["latency_ms"]))
        if wrong:
            self.failures.append(TurnFailure(id, expected.text, tuple(wrong)))

    def _count(self, measure: str, yes: bool) -> None:
        self.shares.setdefault(measure, Share()).count(yes)

    def _act(self, expected: ExpectedTurn, actual: Mapping[str, Any]) -> Iterator[str]:
        if expected.act is None:
            return
        act = str(actual["act"])
        self._count("act_accuracy", act == expected.act)
        if expected.act == OUT_OF_SCOPE:
            self._count("out_of_scope_recall", act == OUT_OF_SCOPE)
        else:
            self._count("out_of_scope_false_alarms", act == OUT_OF_SCOPE)
        if act != expected.act:
            self.confused["act", expected.act, act] += 1
            yield f"act {act} for {expected.act}"

    def _topics(self, expected: ExpectedTurn, actual: Mapping[str, Any]) -> Iterator[str]:
        if not expected.topics:
            return
        topics, first = list(actual["topics"]), (actual["topics"] or ["none"])[0]
        right = first in expected.topics
        self._count("topic_hit_at_1", right)
        self._count("topic_hit_at_3", any(topic in expected.topics for topic in topics[:3]))
        confident = bool(topics) and actual["status"] not in ABSTAINING_STATUSES
        self._count("wrong_but_confident", confident and not right)
        if not right:
            self.confused["topic", "/".join(expected.topics), first] += 1
            yield f"topics {topics[:3]} for {list(expected.topics)}"

    def _slots(
        self, expected: ExpectedTurn, actual: Mapping[str, Any], previous_slots: Mapping[str, Any]
    ) -> Iterator[str]:
        for name, value in expected.slots.items():
            counts = self.slots.setdefault(name, SlotCounts())
            if actual.get(name) == value:
                counts.hit += 1
                continue
            counts.missed += actual.get(name) is None
            counts.wrong += actual.get(name) is not None
            yield f"{name} {actual.get(name)!r} for {value!r}"
        for name in sorted(actual.keys() - expected.slots.keys()):
            # A region's code goes with its name, which is what dialogues state.
            if name != "region_code" and actual[name] != previous_slots.get(name):
                self.slots.setdefault(name, SlotCounts()).unexpected += 1

    def _words(self, expected: ExpectedTurn, answer_text: str) -> Iterator[str]:
        for word in expected.must:
            self._count("must_kept", word in answer_text)
            if word not in answer_text:
                yield f"does not say {word}"
        for word in expected.must_not:
            self._count("must_not_kept", word not in answer_text)
            if word in answer_text:
                yield f"says {word}"

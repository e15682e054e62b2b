"""The record of an answered turn: a line in the log and one for the metrics, without any words.

Every worker writes into one pipe, which `serve` opens and the status server reads.
"""

from __future__ import annotations

import logging
import re
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from bot.db.session import is_dry_run
from bot.monitoring.pipe import worker_end

logger = logging.getLogger(__name__)
#: Statuses that a turn has when any of its messages has them, gravest first.
_GRAVE = ("crisis", "error", "handoff")
#: What may be an act, a status or a channel: anything else could be somebody's words.
_IDENTIFIER = re.compile(r"[a-z][a-z_]{0,39}")


@dataclass(frozen=True)
class TurnRecord:
    """Outcome of a turn."""

    act: str
    status: str
    channel: str
    milliseconds: float

    def line(self) -> str:
        """Return the record as one line."""
        return f"{self.act} {self.status} {self.channel} {self.milliseconds:.1f}"

    @classmethod
    def read(cls, line: str) -> TurnRecord | None:
        """Return the record of a line; None when it is none."""
        try:
            act, status, channel, milliseconds = line.split()
            return cls(
                _identifier(act), _identifier(status), _identifier(channel), float(milliseconds)
            )
        except ValueError:
            return None


@contextmanager
def record_turn(
    messages: Sequence[Mapping[str, Any]] | None, channel: str | None
) -> Iterator[None]:
    """Record the turn that is answered within; `messages` are those of its output channel.

    One that raises ends with the status error. Dry runs are not recorded.
    """
    sent, began = messages if messages is not None else (), time.perf_counter()
    earlier_count = len(sent)
    failed = True
    try:
        yield
        failed = False
    finally:
        if not is_dry_run():
            took = (time.perf_counter() - began) * 1000
            act, status = _outcome(sent[earlier_count:])
            status = "error" if failed else status
            _write(TurnRecord(act, status, _identifier(channel or ""), took))


def _outcome(messages: Sequence[Mapping[str, Any]]) -> tuple[str, str]:
    """Return act and status of a turn; one that says nothing failed, as channels see it."""
    answers = [message.get("custom") or {} for message in messages]
    statuses = [_identifier(str(answer.get("status") or "answered")) for answer in answers] or [
        "error"
    ]
    acts = [_identifier(str(answer["act"])) for answer in answers if answer.get("act")]
    grave = next((status for status in _GRAVE if status in statuses), None)
    return acts[0] if acts else "none", grave or statuses[0]


def _identifier(name: str) -> str:
    """Return a name when it is one of ours, so that no words of people get into the log."""
    return name if _IDENTIFIER.fullmatch(name) else "other"


def _write(record: TurnRecord) -> None:
    logger.info(
        "act=%s status=%s channel=%s ms=%.1f",
        record.act, record.status, record.channel, record.milliseconds,
    )  # fmt: skip
    worker_end.write(record.line())

"""Many handsets write at Kannel's own speed: what is taken, what is answered, and how fast."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass

from tests.channels.sms.carrier import Carrier


@dataclass(frozen=True)
class Flood:
    """What came of a flood."""

    sent: int
    lost: int
    """Messages that were never answered (of a server that does not answer: never taken)."""
    twice: int
    """Handsets that were answered more than once."""
    seconds_to_take: float
    """From the first message until the last was taken."""
    seconds: float
    """From the first message until the last was answered; 0 for a server that does not answer."""


def flood(
    carrier: Carrier,
    handsets: list[str],
    taken: Callable[[], int],
    text: str = "您好",
    answers: bool = True,
    patience: float = 300,
) -> Flood:
    """Send a message for each handset; `taken` says how many the server has taken since then."""
    began = time.monotonic()
    for handset in handsets:
        carrier.send(handset, text)
    to_take = took = 0.0
    heard: Counter[str] = Counter()
    while time.monotonic() - began < patience:
        if not to_take and taken() >= len(handsets):
            to_take = time.monotonic() - began
        heard = Counter(part.to.removeprefix("+86") for part in list(carrier.parts))
        if answers and not took and all(heard[handset] for handset in handsets):
            took = time.monotonic() - began
        if to_take and (took or not answers):
            break
        time.sleep(0.05)
    if answers:
        time.sleep(0.5)  # so that a second answer would be seen
        heard = Counter(part.to.removeprefix("+86") for part in list(carrier.parts))
    lost = sum(not heard[one] for one in handsets) if answers else len(handsets) - taken()
    twice = sum(heard[one] > 1 for one in handsets)
    return Flood(len(handsets), lost, twice, round(to_take, 3), round(took, 3))

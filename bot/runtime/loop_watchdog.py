"""Watch over a server's event loop: one that stands is logged, with how long and where."""

from __future__ import annotations

import logging
import sys
import threading
import time
from asyncio import AbstractEventLoop, TimerHandle
from dataclasses import dataclass
from pathlib import Path

from bot.settings import ROOT

logger = logging.getLogger(__name__)
#: Seconds between two beats of the loop, and of standing still that are logged.
BEAT, LIMIT = 0.05, 0.5
#: Innermost calls that are named.
_CALLS = 6


@dataclass(frozen=True)
class Stall:
    """A time in which nothing else of the loop was done."""

    seconds: float
    """By the clock."""
    work: float
    """Seconds of processor time that the loop's own thread took in it."""
    process: float = 0.0
    """The same of all threads of the process: what one of them does may hold up the loop."""
    location: str = ""
    """The calls that it was in, innermost last; empty where nobody looked in time."""

    @property
    def own(self) -> float:
        """Seconds of it at most that the process itself is the reason of, not a busy machine."""
        return min(self.seconds, self.process)


class LoopWatch:
    """A beat in the loop, and a thread that looks where the loop is when no beat comes."""

    def __init__(self, limit: float = LIMIT) -> None:
        """`limit`: seconds of standing still from which on it is logged."""
        self.longest = self.longest_own = Stall(0.0, 0.0)
        self._limit = limit
        self._ended = threading.Event()
        self._where = ""

    def start(self, loop: AbstractEventLoop) -> None:
        """Begin. To be called in the loop's thread."""
        self._loop, self._thread = loop, threading.get_ident()
        self._mark()
        self._next: TimerHandle = loop.call_later(BEAT, self._beat)
        threading.Thread(target=self._look, name="loop watch", daemon=True).start()

    def stop(self) -> None:
        """End, and log the longest stop there was, and of those of our own making (INFO)."""
        self._ended.set()
        self._next.cancel()
        longest, own = self.longest, self.longest_own.own
        logger.info(
            "longest stop %.3f s, %.3f s of work; %.3f s by our own work",
            longest.seconds, longest.work, own,
        )  # fmt: skip

    def _mark(self) -> None:
        self._beat_at = time.monotonic()
        self._worked, self._process = time.thread_time(), time.process_time()

    def _beat(self) -> None:
        stop = Stall(
            time.monotonic() - self._beat_at - BEAT, time.thread_time() - self._worked,
            time.process_time() - self._process, self._where,
        )  # fmt: skip
        self._where = ""
        if stop.seconds > self.longest.seconds:
            self.longest = stop
        if stop.own > self.longest_own.own:
            self.longest_own = stop
        if stop.seconds >= self._limit:
            logger.warning(
                "the event loop stood for %.2f s, %.2f s of them its own work, at %s",
                stop.seconds, stop.work, stop.location or "an unknown place",
            )  # fmt: skip
        self._mark()
        self._next = self._loop.call_later(BEAT, self._beat)

    def _look(self) -> None:
        while not self._ended.wait(BEAT):
            if time.monotonic() - self._beat_at > self._limit + BEAT and not self._where:
                self._where = _calls(self._thread)


def _calls(thread: int) -> str:
    """Return where a thread is, as files, lines and functions: no values, which may be personal."""
    frame, calls = sys._current_frames().get(thread), list[str]()
    while frame is not None and len(calls) < _CALLS:
        file = Path(frame.f_code.co_filename)
        short = file.relative_to(ROOT) if file.is_relative_to(ROOT) else Path(*file.parts[-2:])
        calls.append(f"{short}:{frame.f_lineno} {frame.f_code.co_name}")
        frame = frame.f_back
    return " > ".join(reversed(calls))

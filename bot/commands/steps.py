"""Prints what a command does to standard error: one line a step, with its seconds."""

from __future__ import annotations

import time
from contextlib import suppress
from pathlib import Path

from rich.console import Console
from rich.text import Text

from bot.bootstrap import ready_model
from bot.progress import listening
from bot.settings import settings


class Steps:
    """The steps of one command. Nothing is printed once the reader has gone."""

    def __init__(self) -> None:
        self._console = Console(stderr=True, soft_wrap=True)
        self._began = self._last = time.monotonic()

    @property
    def seconds(self) -> float:
        """Seconds since the first step began."""
        return time.monotonic() - self._began

    def done(self, step: str) -> None:
        """Print a step that is done, and how long it took since the one before."""
        now = time.monotonic()
        self.print(f"· {step} ({now - self._last:.1f} s)", "dim")
        self._last = now

    def under_way(self, step: str) -> None:
        """Print what a long step is at."""
        self.print(f"  {step}", "dim")

    def print(self, line: str, style: str = "") -> None:
        """Print a line."""
        with suppress(OSError):  # the terminal is closed
            self._console.print(Text(line, style), soft_wrap=True)


def prepared_model() -> Path:
    """Prepare data and model, saying what takes long; return the model's path.

    Not to be called in a running event loop: Rasa trains in one of its own.
    """
    with listening(Steps().under_way):
        return ready_model(settings())

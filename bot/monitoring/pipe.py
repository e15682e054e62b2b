"""The pipe from the workers to the status server: lines, written whole or not at all."""

from __future__ import annotations

import os
from contextlib import suppress

from bot.supervisor import TURNS_PIPE


class WorkerEnd:
    """The end of the pipe that a worker writes to; no process cache, which could be dropped."""

    def __init__(self) -> None:
        self._descriptor: int | None = None

    def descriptor(self) -> int | None:
        """Return the end; taken out of the environment, which children would inherit."""
        variable = os.environ.pop(TURNS_PIPE, None)
        if variable:
            self._descriptor = int(variable)
        return self._descriptor

    def forget(self) -> None:
        """Write no more."""
        self._descriptor = None

    def write(self, line: str) -> None:
        """Write a line, unless there is no pipe or it is full: it holds up no answer."""
        descriptor = self.descriptor()
        if descriptor is not None:
            with suppress(OSError):  # full, or its reader is gone
                os.write(descriptor, f"{line}\n".encode())


#: The end of this process.
worker_end = WorkerEnd()

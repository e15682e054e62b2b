"""The pipe from the workers to the status server: lines, written whole or not at all."""

from __future__ import annotations

import os
from contextlib import suppress
from functools import lru_cache

from bot.supervisor import TURNS_PIPE


# No process cache: one that is dropped could not be read again.
@lru_cache(maxsize=1)
def writing_end() -> int | None:
    """Return the end of the pipe; taken out of the environment, which children would inherit."""
    descriptor = os.environ.pop(TURNS_PIPE, None)
    return int(descriptor) if descriptor else None


def write_line(line: str) -> None:
    """Write a line, unless there is no pipe or it is full: it holds up no answer."""
    descriptor = writing_end()
    if descriptor is not None:
        with suppress(OSError):  # full, or its reader is gone
            os.write(descriptor, f"{line}\n".encode())

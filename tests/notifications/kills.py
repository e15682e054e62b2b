"""Ends of a process by chance, before or after a step."""

from __future__ import annotations

import random
from collections.abc import Callable
from typing import Any


class Killed(BaseException):
    """The process ends here."""


class RandomKills:
    """Ends a process around its steps by chance, while any kills are left."""

    def __init__(self, draw: random.Random, left: int = 0) -> None:
        self.draw = draw
        self.left = left

    def around(self, step: Callable[..., Any]) -> Callable[..., Any]:
        """Return a step that may be killed before or after it is done."""

        def killable(*args: Any) -> Any:
            before, after = self.draw.random() < 0.3, self.draw.random() < 0.3
            self._kill(before)
            done = step(*args)
            self._kill(after)
            return done

        return killable

    def _kill(self, drawn: bool) -> None:
        if drawn and self.left > 0:
            self.left -= 1
            raise Killed

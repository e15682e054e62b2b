"""How much is tried: `quick` in every run, `thorough` at night (`make test-thorough`).

A property and a flood are tested in both; only the number of examples, messages and kills differs.
"""

from __future__ import annotations

import os

import hypothesis

#: Whether everything is tried at its full size.
THOROUGH = os.environ.get("JIUYE_TESTS") == "thorough"


def size(quick: int, thorough: int) -> int:
    """Return how many examples, messages or kills to try in this run."""
    return thorough if THOROUGH else quick


def load_profile() -> None:
    """Set hypothesis for this run: no deadline, for a busy machine is no fault of the code."""
    hypothesis.settings.register_profile("quick", max_examples=50, deadline=None)
    hypothesis.settings.register_profile("thorough", max_examples=500, deadline=None)
    hypothesis.settings.load_profile("thorough" if THOROUGH else "quick")

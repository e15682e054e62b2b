"""How much is tried: `quick` in every run, `thorough` at night (`make test-thorough`).

A property and a flood are tested in both; only the number of examples, messages and kills differs.
"""

from __future__ import annotations

import os
import random

import hypothesis
import pytest

#: Whether everything is tried at its full size.
THOROUGH = os.environ.get("JIUYE_TESTS") == "thorough"

#: A number by which random moments are drawn; the same number, the same moments.
SEED = int(os.environ.get("JIUYE_SEED", "20261129"))
#: Seconds that one outage or kill may take at most, with what is waited for beside it.
_EACH = 75


def size(quick: int, thorough: int) -> int:
    """Return how many examples, messages or kills to try in this run."""
    return thorough if THOROUGH else quick


def moments() -> random.Random:
    """Return what draws the moments of outages and kills: `JIUYE_SEED` draws others."""
    return random.Random(SEED)


def long_enough(times: int) -> pytest.MarkDecorator:
    """Return the mark of a test that takes something away or kills so many times."""
    return pytest.mark.timeout(600 + _EACH * times)


def load_profile() -> None:
    """Set hypothesis for this run: no deadline, for a busy machine is no fault of the code."""
    hypothesis.settings.register_profile("quick", max_examples=50, deadline=None)
    hypothesis.settings.register_profile("thorough", max_examples=500, deadline=None)
    hypothesis.settings.load_profile("thorough" if THOROUGH else "quick")

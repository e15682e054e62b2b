"""The figures of the project's own policies, as the calculators get them."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal

import pytest

from bot.arithmetic.results import numbers
from tests.policies.conftest import (  # noqa: F401
    based,
    folder,
    policies,
    project_policies,
)

Figures = tuple[dict[str, Decimal], dict[str, str]]


@pytest.fixture(scope="session")
def figures() -> Callable[[str], Figures]:
    """Give a policy's newest figures: as numbers, and as they are said."""
    known = {policy.id: policy for policy in project_policies()}

    def of(topic: str) -> Figures:
        found = max(known[topic].versions, key=lambda version: version.effective_from).figures
        values = numbers({name: figure.value for name, figure in found.items()})
        return values, {name: figure.text for name, figure in found.items()}

    return of

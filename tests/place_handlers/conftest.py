"""Fixtures of tests/place_handlers."""

from __future__ import annotations

import pytest


@pytest.fixture(autouse=True)
def _tuesday(tuesday: None) -> None:
    """Every talk takes place on a Tuesday."""

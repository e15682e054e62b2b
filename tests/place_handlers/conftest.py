"""Fixtures of tests/place_handlers."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from bot import clock
from tests.place_handlers.talk import TUESDAY


@pytest.fixture(autouse=True)
def _tuesday() -> Iterator[None]:
    with clock.frozen(TUESDAY):
        yield

"""Fixtures shared with tests/subscriptions."""

from tests.subscriptions.conftest import (  # noqa: F401
    at,
    market,
)

"""Fixtures shared with tests/handlers."""

from tests.handlers.conftest import (  # noqa: F401
    anna,
)

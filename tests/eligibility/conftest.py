"""Fixtures shared with tests/policies."""

from tests.policies.conftest import (  # noqa: F401
    based,
    folder,
    policies,
)

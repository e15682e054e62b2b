"""Fixtures shared with tests/channels."""

import uuid

import pytest

from tests.channels.conftest import (  # noqa: F401
    chromium,
    port,
    server,
    start,
    web_folder,
)


@pytest.fixture
def anna() -> str:
    """Somebody nobody has heard of."""
    return uuid.uuid4().hex

"""Fixtures shared with tests/channels."""

from tests.channels.conftest import (  # noqa: F401
    chromium,
    port,
    server,
    start,
    web_folder,
)

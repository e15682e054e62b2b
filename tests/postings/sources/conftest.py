from collections.abc import Iterator

import pytest

from tests.feed_server import Feed


@pytest.fixture
def feed() -> Iterator[Feed]:
    server = Feed()
    server.start()
    yield server
    server.stop()

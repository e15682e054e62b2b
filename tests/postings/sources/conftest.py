from collections.abc import Iterator

import pytest
from sqlalchemy import select

from bot.db.session import session
from bot.db.tables import Posting
from tests.feed_server import Feed


@pytest.fixture
def feed() -> Iterator[Feed]:
    server = Feed()
    server.start()
    yield server
    server.stop()


def open_employers(url: str) -> list[str]:
    """Return the employers of open postings, the first one first."""
    with session(url) as db:
        query = select(Posting).where(Posting.status == "open").order_by(Posting.id)
        return [posting.employer.name for posting in db.scalars(query)]

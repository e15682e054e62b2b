"""Staff and people as the tests of casework need them: invented, on a loaded set of duties."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime

import pytest
from sqlalchemy.orm import Session

from bot import clock
from bot.casework import roles
from bot.casework.areas import load_localities
from bot.casework.duties import read_duties
from bot.casework.duty_store import known_regions, load
from bot.casework.roles import Staff
from bot.clock import CHINA
from bot.db.session import session
from bot.settings import ROOT
from tests.casework.people import make_staff
from tests.conftest import new_database, rolled_back

#: A Monday, worked.
NOW = datetime(2026, 11, 30, 10, tzinfo=CHINA)
TODAY = date(2026, 11, 30)


@pytest.fixture(scope="session", params=["sqlite", "postgresql"])
def office_url(request: pytest.FixtureRequest) -> str:
    """The URL of a database with vocabulary, duties and streets; each test runs on both kinds."""
    url = new_database(request, "stocked")
    with session(url) as db:
        load(db, read_duties([ROOT / "data" / "duties"], known_regions(db)))
        load_localities(db)
    return url


@pytest.fixture
def office(office_url: str) -> Iterator[Session]:
    """A session on it, on a working morning; what the test writes is rolled back."""
    with clock.frozen(NOW):
        yield from rolled_back(office_url)


@pytest.fixture
def clerk(office: Session) -> Staff:
    """Of the street 210106001."""
    return make_staff(office, "李经办", "street", "210106001")


@pytest.fixture
def head(office: Session) -> Staff:
    """Of the district 210106, who reviews."""
    return make_staff(office, "赵主任", "district", "210106")


@pytest.fixture
def second_head(office: Session) -> Staff:
    """Another one of the same district."""
    return make_staff(office, "钱主任", "district", "210106")


def reloaded(db: Session, one: Staff) -> Staff:
    """The same member with the roles of now."""
    found = roles.staff(db, one.id)
    assert found is not None
    return found

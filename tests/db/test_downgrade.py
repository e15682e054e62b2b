"""A downgrade takes away what is newer, and no row of what was there."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import text

from bot.db import migrate
from bot.db.session import engine
from tests.databases import new_on

PEOPLE = 40
#: Tables whose rows point to each other, of the early schema to which is gone back.
EARLY, TABLES = "0003", ("seekers", "channel_identities", "consents", "job_preferences")


def _write(url: str) -> None:
    with engine(url).begin() as db:
        for number in range(1, PEOPLE + 1):
            for statement in (
                "insert into seekers (id, created_at) values (:n, '2026-11-01')",
                "insert into channel_identities (seeker_id, channel, address)"
                " values (:n, 'sms', :a)",
                "insert into consents (seeker_id, purpose, channel, wording, given_at)"
                " values (:n, 'keep_preference', 'web', 'x', '2026-11-01')",
                "insert into job_preferences (seeker_id, occupations, updated_at, expires_on)"
                " values (:n, '焊工', '2026-11-01', '2027-11-01')",
            ):
                db.execute(text(statement), {"n": number, "a": f"+861380000{number:04d}"})
    engine(url).dispose()


def _counts(url: str) -> list[int]:
    with engine(url).begin() as db:
        counts = [int(db.scalar(text(f"select count(*) from {table}")) or 0) for table in TABLES]
    engine(url).dispose()
    return counts


@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
def test_a_downgrade_empties_no_table(
    kind: str, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    if kind == "sqlite":
        url = f"sqlite:///{tmp_path / 'down.db'}"
    else:
        url = new_on(request.getfixturevalue("postgres"), "downgraded")
    migrate.upgrade(url, EARLY)
    _write(url)
    assert migrate.upgrade(url) == migrate.newest()
    assert _counts(url) == [PEOPLE] * len(TABLES)
    migrate.downgrade(url, EARLY)
    assert _counts(url) == [PEOPLE] * len(TABLES)

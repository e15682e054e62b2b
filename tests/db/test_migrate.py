import json
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from rasa.core.tracker_store import SQLTrackerStore
from sqlalchemy import insert, select, text

from bot.db import migrate
from bot.db.session import engine, session
from bot.db.tables import Base, Consent, Subscription
from bot.matching.job_preference import JobPreference
from bot.messaging import event_log
from bot.subscriptions.service import preference_of
from tests.databases import new_on


def test_the_migrations_build_exactly_the_tables_of_the_models(database: str) -> None:
    with engine(database).connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        differences = compare_metadata(context, Base.metadata)
    assert differences == []


def test_an_empty_database_has_no_revision_and_gets_the_newest(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'deep' / 'new.db'}"
    assert migrate.current(url) is None
    assert migrate.upgrade(url) == migrate.newest() == migrate.current(url)
    assert migrate.upgrade(url) == migrate.newest()


@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
def test_conversations_that_rasas_own_store_has_kept_go_on(
    kind: str, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    if kind == "sqlite":
        url = f"sqlite:///{tmp_path / 'old.db'}"
    else:
        url = new_on(request.getfixturevalue("postgres"), "old")
    migrate.upgrade(url, "0009")
    theirs = SQLTrackerStore.SQLEvent
    said = json.dumps({"event": "user", "text": "你好"})
    with engine(url).begin() as db:
        SQLTrackerStore.Base.metadata.create_all(db)
        db.execute(insert(theirs).values(sender_id="anna", type_name="user", data=said))
    assert migrate.upgrade(url) == migrate.newest()
    with engine(url).begin() as db:
        event_log.add(db, "anna", [{"event": "user", "text": "再见"}])
        rows = event_log.read(db, "anna").rows
    assert [row.data["text"] for row in rows] == ["你好", "再见"]


def test_who_was_subscribed_before_wishes_had_further_places_stays_so(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'old.db'}"
    migrate.upgrade(url, "0011")
    with engine(url).begin() as db:
        db.execute(text("insert into seekers (id, created_at) values (1, '2026-11-01')"))
        db.execute(
            text(
                "insert into subscriptions (seeker_id, channel, frequency, any_occupation, excluded,"
                " created_at, expires_on) values (1, 'web', 'daily', 1, '', '2026-11-01',"
                " '2027-05-01')"
            )
        )
    migrate.upgrade(url)
    with session(url) as db:
        one = db.scalars(select(Subscription)).one()
        assert (one.also_regions, one.welfare) == ("", "")
        assert preference_of(one) == JobPreference(any_occupation=True)


@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
def test_postings_from_before_columns_of_their_own_are_read_anew(
    kind: str, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    if kind == "sqlite":
        url = f"sqlite:///{tmp_path / 'old.db'}"
    else:
        url = new_on(request.getfixturevalue("postgres"), "old")
    migrate.upgrade(url, "0013")
    with engine(url).begin() as db:
        db.execute(text("insert into employers (id, name) values (1, '甲')"))
        db.execute(
            text(
                "insert into postings (id, source, source_key, content_hash, title, employer_id,"
                " description, tags, place_text, salary_text, imported_at, status, warnings)"
                " values (1, 'a', 'id:1', 'x', '保安', 1, '', '', '', '', '2026-11-01', 'open', '')"
            )
        )
        db.execute(
            text(
                "insert into posting_origins (source, source_key, posting_id, content_hash,"
                " first_seen_at) values ('a', 'id:1', 1, 'x', '2026-11-01')"
            )
        )
    assert migrate.upgrade(url) == migrate.newest()
    with engine(url).begin() as db:
        row = db.execute(text("select sex_text, age_text, contact from postings")).one()
        assert tuple(row) == ("", "", "")
        new = "select address, apply_text, link, valid_until from postings"
        assert tuple(db.execute(text(new)).one()) == ("", "", "", None)
        assert db.scalar(text("select content_hash from posting_origins")) == ""
        # The triggers that keep the keys of matching are there still.
        keys = "select count(*) from match_keys where posting_id = 1"
        assert db.scalar(text(keys)) == 1
        db.execute(text("update postings set status = 'expired' where id = 1"))
        assert db.scalar(text(keys)) == 0


@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
def test_counsellors_may_see_the_wishes_of_those_alone_who_were_told_so(
    kind: str, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    if kind == "sqlite":
        url = f"sqlite:///{tmp_path / 'old.db'}"
    else:
        url = new_on(request.getfixturevalue("postgres"), "old")
    migrate.upgrade(url, "0017")
    given = (
        "insert into consents (seeker_id, purpose, channel, wording, given_at)"
        " values (:seeker, 'keep_preference', 'web', :wording, '2026-11-01')"
    )
    with engine(url).begin() as db:
        for seeker, wording in ((1, "就业服务的工作人员也能看到"), (2, "不给别人看")):
            db.execute(text(f"insert into seekers values ({seeker}, '2026-11-01')"))
            db.execute(text(given), {"seeker": seeker, "wording": wording})
    migrate.upgrade(url)
    with session(url) as kept:
        may = select(Consent.seeker_id, Consent.version).where(Consent.purpose == "counsel")
        assert kept.execute(may).all() == [(1, "1")]

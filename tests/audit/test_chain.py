"""The log of looks on both databases: appended by several at once, never changed, verified."""

from __future__ import annotations

import threading
from datetime import timedelta

import pytest
from sqlalchemy import select, text
from sqlalchemy.orm import Session
from typer.testing import CliRunner

from bot import clock
from bot.audit.chain import (
    Action,
    append,
    entries,
    operator,
    state_digest,
    subject_digest,
    verify,
)
from bot.audit.errors import AuditHeadMissing, PurposeMissing
from bot.commands.audit import app
from bot.db.session import DatabaseError, engine, session
from bot.db.tables import AuditEntry

LOOK = Action("counsellor:3", "view", "seeker", "每月联系", object_id="12", scope="210106")


def _without_triggers(db: Session, *statements: str) -> None:
    """Do what somebody with all rights could: change rows with the triggers taken away."""
    for name in ("audit_unchanged", "audit_undeleted"):
        on = " on audit" if db.get_bind().dialect.name == "postgresql" else ""
        db.execute(text(f"drop trigger {name}{on}"))
    for statement in statements:
        db.execute(text(statement))


def _three(db: Session) -> None:
    for number in ("1", "2", "3"):
        append(db, Action("operator:root", "export", "seeker", "本人来要", object_id=number))


def test_a_look_leaves_its_row_with_the_hash_of_the_one_before(db: Session) -> None:
    before = verify(db)
    first = append(db, LOOK)
    second = append(db, Action("operator:root", "erase", "seeker", "本人来要", after={"rows": 3}))
    assert (first.previous_hash, second.previous_hash) == (before.head, first.hash)
    assert second.after_hash == state_digest({"rows": 3})
    assert second.before_hash is None
    done = verify(db)
    assert (done.rows, done.head, done.intact) == (before.rows + 2, second.hash, True)
    assert verify(db, first.hash).intact
    assert [one.object_id for one in entries(db, "seeker", "12")] == ["12"]


def test_a_look_without_a_purpose_is_refused(db: Session) -> None:
    with pytest.raises(PurposeMissing):
        append(db, Action("counsellor:3", "view", "seeker", "  "))


@pytest.mark.parametrize("change", ["update audit set purpose = 'x'", "delete from audit"])
def test_the_database_refuses_to_change_or_delete_a_row(db: Session, change: str) -> None:
    append(db, LOOK)
    with pytest.raises(DatabaseError, match="a row of audit is not"):
        db.execute(text(change))


def test_a_row_past_its_three_years_can_be_deleted_and_the_rest_stays_intact(db: Session) -> None:
    with clock.frozen(clock.now() - timedelta(days=3 * 366)):
        append(db, LOOK)
    append(db, LOOK)
    assert verify(db).intact
    last = db.scalar(select(AuditEntry.position).order_by(AuditEntry.position.desc()).limit(1))
    db.execute(text(f"delete from audit where position < {last}"))
    done = verify(db)
    assert (done.rows, done.intact) == (1, True)


@pytest.mark.parametrize(
    ("tamper", "reason"),
    [
        ("update audit set actor = 'operator:eve' where object_id = '2'", "the row was changed"),
        ("delete from audit where object_id = '2'", "the row is missing"),
        ("delete from audit where object_id = '3'", "rows at the end are missing"),
        ("delete from audit_head", "the head of the chain is missing"),
    ],
)
def test_what_was_changed_behind_the_triggers_is_noticed(
    db: Session, tamper: str, reason: str
) -> None:
    _three(db)
    _without_triggers(db, tamper)
    db.expire_all()
    fault = verify(db).fault
    assert fault is not None
    assert fault.reason == reason


def test_a_new_chain_in_place_of_the_old_is_noticed_by_a_head_noted_before(db: Session) -> None:
    _three(db)
    noted = verify(db).head
    _without_triggers(
        db, f"update audit_head set hash = '{'0' * 64}', position = 0", "delete from audit"
    )
    db.expire_all()
    _three(db)
    assert verify(db).intact
    assert not verify(db, noted).intact


def test_without_its_head_nothing_is_appended(db: Session) -> None:
    _without_triggers(db, "delete from audit_head")
    with pytest.raises(AuditHeadMissing):
        append(db, LOOK)


def test_who_append_at_once_make_one_chain(here: str) -> None:
    with session() as db:
        before = verify(db).rows

    def looks() -> None:
        for _ in range(10):
            with session() as db:
                append(db, LOOK)

    threads = [threading.Thread(target=looks) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    with session() as db:
        done = verify(db)
    assert (done.rows, done.intact) == (before + 40, True)
    engine(here).dispose()


def test_an_action_that_is_rolled_back_leaves_no_row(here: str) -> None:
    with session() as db:
        before = verify(db)

    def fails() -> None:
        with session() as db:
            append(db, LOOK)
            raise KeyError

    with pytest.raises(KeyError):
        fails()
    with session() as db:
        assert verify(db) == before


def test_the_command_verifies_and_lists(here: str) -> None:
    with session() as db:
        append(db, LOOK)
        head = verify(db).head
    run = CliRunner().invoke
    assert f"head {head}" in run(app, ["verify", "--head", head]).stdout
    assert run(app, ["verify", "--head", "0123"]).exit_code == 1
    listed = run(app, ["list", "--kind", "seeker", "--id", "12", "--limit", "1"]).stdout
    assert "counsellor:3  view  seeker  12  210106  每月联系" in listed


def test_addresses_are_named_by_digests_alone() -> None:
    assert subject_digest("+8613800000000") == subject_digest("+8613800000000")
    assert subject_digest("+8613800000000") != subject_digest("+8613800000001")
    assert len(subject_digest("+8613800000000")) == 32
    assert operator().startswith("operator:")

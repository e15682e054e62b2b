import gzip
import json
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
import redis
from sqlalchemy import text
from sqlalchemy.engine import make_url
from typer.testing import CliRunner

from bot.backup import steps
from bot.backup.aging import backups, drop_old
from bot.db.session import engine, session
from bot.privacy import records
from bot.privacy.named import person_by_key
from bot.privacy.proof import Proof, prove
from bot.runtime.redis_fifo_lock import PREFIX
from bot.setting_types import DatabaseUrl
from bot.settings import Settings, settings
from tests.databases import sqlite_copy
from tests.privacy.conftest import SAID, WholePerson, everything_of


def erased(one: WholePerson) -> None:
    with session(one.url) as db:
        whom = person_by_key(db, one.phone)
        assert whom is not None
        records.erase(db, whom)


def places(proof: Proof) -> set[str]:
    return {one.where for one in proof.found}


def test_who_is_kept_is_found_in_every_column_that_leads_to_him(whole: WholePerson) -> None:
    found = places(prove(whole.url, "138 4231 0975"))
    assert {
        "channel_identities.address", "events.sender_id", "conversation_starts.sender_id",
        "tickets.address", "deliveries.address", "deliveries.key", "inbox.key", "offers.address",
        "seen_messages.key", "web_messages.session", "link_codes.address", "link_attempts.address",
        "consents.seeker_id", "seekers.id", "posting_reports.seeker_id", "delivery_postings.seeker_id",
    } <= found  # fmt: skip


@pytest.mark.parametrize("typed", ["13842310975", "+8613842310975", "86-13842310975", "web-Zq3mW8xT2nB7vK5c"])  # fmt: skip
def test_nothing_of_an_erased_person_is_found_however_he_is_named(
    whole: WholePerson, typed: str
) -> None:
    erased(whole)
    proof = prove(whole.url, typed)
    assert (proof.found, proof.erased) == ([], True)
    assert prove(whole.url, str(whole.number)).erased


def test_a_key_that_is_left_in_any_text_is_found(whole: WholePerson) -> None:
    erased(whole)
    with session(whole.url) as db:
        db.execute(text("insert into gather_runs (source, started_at, ended_at, read, new, changed, unchanged, duplicates, held, expired, refused, error, taken, state) values ('x', '2026-11-24', '2026-11-24', 0, 0, 0, 0, 0, 0, 0, 0, 'of 13842310975', :no, '{}')"), {"no": False})  # fmt: skip
        db.execute(text("insert into text_vectors (model, text_hash, vector) values ('m', 'h', :raw)"), {"raw": b"..13842310975.."})  # fmt: skip
    found = places(prove(whole.url, whole.phone))
    assert {"gather_runs.error", "text_vectors.vector"} <= found


def _own(folder: Path) -> WholePerson:
    return everything_of(sqlite_copy("stocked", folder / "own.db"))


def test_what_is_deleted_does_not_stay_in_the_file(tmp_path: Path) -> None:
    one = _own(tmp_path)
    before = prove(one.url, one.phone)
    assert str(tmp_path / "own.db") in places(before)
    erased(one)
    after = prove(one.url, one.phone)
    if not after.erased:  # SQLite may leave a copy where it moved rows within pages
        assert any("--vacuum" in note for note in after.notes)
    assert prove(one.url, one.phone, vacuum=True).erased


def test_free_pages_are_looked_at_and_vacuum_is_asked_for(tmp_path: Path) -> None:
    one = _own(tmp_path)
    erased(one)
    prove(one.url, one.phone, vacuum=True)
    engine(one.url).dispose()
    # As a tool would that knows nothing of secure_delete.
    with closing(sqlite3.connect(tmp_path / "own.db")) as db:
        db.execute("pragma secure_delete=off")  # Debian builds SQLite with it on
        db.execute("create table other (told text)")
        rows = [(f"{number} 13842310975 " + "x" * 900,) for number in range(50)]
        db.executemany("insert into other values (?)", rows)
        db.commit()
        db.execute("drop table other")
        db.commit()
    proof = prove(one.url, one.phone)
    assert places(proof) == {str(tmp_path / "own.db")}
    assert any("Run it with --vacuum" in note for note in proof.notes)
    assert prove(one.url, one.phone, vacuum=True).erased


def test_logs_queues_and_packed_files_are_looked_at(whole: WholePerson, tmp_path: Path) -> None:
    erased(whole)
    queue = tmp_path / "spool" / "store"
    queue.mkdir(parents=True)
    (queue / "1").write_bytes(b"\0\0+8613842310975\0")
    with gzip.open(tmp_path / "old.log.gz", "wb") as log:
        log.write(b"-" * (2**20 - 5) + b"13842310975")  # across two pieces
    (tmp_path / "clean.log").write_text("nothing\n")
    (tmp_path / "empty.log").touch()
    proof = prove(whole.url, whole.phone, [tmp_path])
    assert places(proof) == {str(queue / "1"), str(tmp_path / "old.log.gz")}


def test_what_cannot_be_read_is_not_proven(whole: WholePerson, tmp_path: Path) -> None:
    erased(whole)
    (tmp_path / "broken.gz").write_bytes(b"\x1f\x8bbroken")
    proof = prove(whole.url, whole.phone, [tmp_path])
    assert not proof.erased
    assert "broken.gz" in proof.not_read[0]


def test_a_backup_from_before_still_holds_the_person(whole: WholePerson, tmp_path: Path) -> None:
    models = tmp_path / "models"
    models.mkdir()
    using = Settings(database_url=DatabaseUrl(whole.url), models=models)
    folder = tmp_path / "backups"
    steps.make(using, folder / "before.backup")
    erased(whole)
    prove(whole.url, whole.phone, vacuum=True)
    steps.make(using, folder / "after.backup")
    assert places(prove(whole.url, whole.phone, [folder])) == {str(folder / "before.backup")}


def test_backups_are_dropped_by_age_and_the_latest_stays(tmp_path: Path) -> None:
    url = sqlite_copy("empty", tmp_path / "own.db")
    using = Settings(database_url=DatabaseUrl(url), models=tmp_path / "none")
    folder = tmp_path / "backups"
    from datetime import timedelta

    from bot import clock

    for days in (0, 10, 25):
        with clock.frozen(SAID + timedelta(days=days)):
            steps.make(using, folder / f"{days}.backup")
    (folder / "notes.txt").write_text("not ours")
    later = SAID + timedelta(days=45)
    assert [one.file.name for one in drop_old(folder, 30, later, dry_run=True)] == ["0.backup", "10.backup"]  # fmt: skip
    drop_old(folder, 30, later)
    assert [one.file.name for one in backups(folder)] == ["25.backup"]
    assert drop_old(folder, 30, later + timedelta(days=300)) == []
    assert (folder / "notes.txt").exists()


def test_redis_is_looked_at(whole: WholePerson, redis_url: str) -> None:
    erased(whole)
    with closing(redis.Redis.from_url(redis_url)) as there:
        there.set(f"{PREFIX}held:{whole.phone}", "x")
        assert places(prove(whole.url, whole.phone, redis_url=redis_url)) == {
            "Redis, names of keys"
        }
        there.delete(f"{PREFIX}held:{whole.phone}")
    assert prove(whole.url, whole.phone, redis_url=redis_url).erased


def test_the_commands_export_erase_and_prove(
    whole: WholePerson, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from bot.__main__ import app

    (tmp_path / "logs").mkdir()
    monkeypatch.setenv("JIUYE_TRACES", str(tmp_path / "logs"))
    settings.cache_clear()
    run = CliRunner().invoke
    file = tmp_path / "anna.json"
    assert run(app, ["privacy", "export", whole.phone, str(file)]).exit_code == 0
    assert "events" in json.loads(file.read_text("utf-8"))["records"]
    assert file.stat().st_mode & 0o777 == 0o600
    assert run(app, ["privacy", "prove-erased", whole.phone]).exit_code == 1
    assert "seekers: 1" in run(app, ["privacy", "erase", whole.phone, "--yes"]).output
    done = run(app, ["privacy", "prove-erased", whole.phone, "--vacuum"])
    assert (done.exit_code, "nothing is left" in done.output) == (0, True)
    assert run(app, ["privacy", "erase", whole.phone, "--yes"]).exit_code == 1
    assert run(app, ["privacy", "prove-erased", "ab"]).exit_code == 2


def test_of_postgresql_it_is_said_what_was_not_looked_at(whole: WholePerson) -> None:
    if make_url(whole.url).get_backend_name() == "sqlite":
        return
    assert any("archives and replicas" in note for note in prove(whole.url, whole.phone).notes)

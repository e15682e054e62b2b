"""The restore drill: a backup taken in use comes back with every row, on both databases."""

from __future__ import annotations

import io
import os
import shutil
import sqlite3
import stat
import tarfile
import threading
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import func, select

from bot.backup import postgresql, steps
from bot.backup.archive import verified
from bot.backup.errors import BackupError
from bot.data_lock import DataTaken, claimed_data
from bot.db.base import Base
from bot.db.session import engine, session
from bot.db.tables import Posting, Seeker
from bot.setting_types import DatabaseUrl, Secret
from bot.settings import Settings
from tests.commands import run_command
from tests.conftest import new_database
from tests.databases import new_on, sqlite_copy
from tests.factories import MOMENT

SECRETS = {
    "wechat_secret": Secret("geheim-1"), "sms_password": Secret("geheim-2"),
    "secret": Secret("geheim-3"),
}  # fmt: skip


@pytest.fixture(params=["sqlite", "postgresql"])
def using(request: pytest.FixtureRequest, tmp_path: Path) -> Settings:
    """An installation with postings, policies and a model."""
    models = tmp_path / "models"
    models.mkdir()
    (models / "jiuye.tar.gz").write_bytes(b"a model")
    (models / ".gitkeep").touch()
    url = new_database(request, "demo")
    return Settings(database_url=DatabaseUrl(url), models=models, **SECRETS)


@pytest.fixture
def empty(using: Settings, request: pytest.FixtureRequest, tmp_path: Path) -> Settings:
    """Another installation with nothing in it, on a database of the same kind."""
    if using.database_url.is_sqlite:
        url = f"sqlite:///{tmp_path / 'new' / 'x.db'}"
    else:
        url = new_on(request.getfixturevalue("postgres"), "restored")
    return replace(using, database_url=DatabaseUrl(url), models=tmp_path / "new-models")


@pytest.fixture
def file(using: Settings, tmp_path: Path) -> Path:
    """A backup of it."""
    steps.make(using, tmp_path / "x.backup")
    return tmp_path / "x.backup"


def _rows(url: str) -> dict[str, int]:
    with engine(url).connect() as db:
        tables = Base.metadata.sorted_tables
        return {t.name: db.scalar(select(func.count()).select_from(t)) or 0 for t in tables}


def _mode(file: Path) -> int:
    return stat.S_IMODE(file.stat().st_mode)


def test_a_backup_taken_in_use_comes_back_with_every_row(
    using: Settings, empty: Settings, tmp_path: Path
) -> None:
    """The drill: somebody writes all the while, and the counts are those of one moment."""
    file, stop, written = tmp_path / "x.backup", threading.Event(), [0]

    def write() -> None:
        while not stop.is_set():
            with session(using.database_url.reveal()) as db:
                db.add(Seeker(created_at=MOMENT))
            written[0] += 1

    before = _rows(using.database_url.reveal())
    writer = threading.Thread(target=write)
    writer.start()
    try:
        made = steps.make(using, file)
        goes_on = written[0]
        while written[0] <= goes_on and writer.is_alive():  # nobody was locked out
            stop.wait(0.01)
    finally:
        stop.set()
        writer.join()
    assert steps.verify(file) == made
    done = steps.restore(empty, file, force=False)
    engine(empty.database_url.reveal()).dispose()
    back = _rows(empty.database_url.reveal())
    assert back == {name: count for name, count in made.rows.items() if name in back}
    assert {**back, "seekers": 0} == {**before, "seekers": 0}
    assert back["postings"] > 30
    assert (empty.models / "jiuye.tar.gz").read_bytes() == b"a model"
    assert done.notes == ("settings that were others: JIUYE_MODELS",)
    with session(empty.database_url.reveal()) as db:  # it works as it did, sequences and all
        db.add(Seeker(created_at=MOMENT))
    assert _rows(empty.database_url.reveal())["seekers"] == back["seekers"] + 1


def test_a_backup_is_private_and_holds_no_secret(using: Settings, file: Path) -> None:
    assert _mode(file) == 0o600
    with tarfile.open(file) as packed:
        assert packed.getnames() == ["manifest.json", "database", "models/jiuye.tar.gz"]
        text = packed.extractfile("manifest.json").read().decode()  # type: ignore[union-attr]
    assert "geheim" not in text
    assert "DATABASE_URL" not in text
    assert '"JIUYE_PORT": "5005"' in text
    assert not [
        one for one in file.parent.iterdir() if one.name.startswith((".backup", "x.backup."))
    ]
    with pytest.raises(BackupError, match="is there already"):
        steps.make(using, file)


def test_a_database_with_rows_is_replaced_only_by_force(
    using: Settings, file: Path, tmp_path: Path
) -> None:
    with session(using.database_url.reveal()) as db:
        db.add(Seeker(created_at=MOMENT))
        title = db.scalar(select(Posting.title).limit(1))
        db.execute(Posting.__table__.update().values(title="改了"))
    before = _rows(using.database_url.reveal())
    with pytest.raises(BackupError, match=r"is not empty: [0-9]+ rows in [0-9]+ tables"):
        steps.restore(using, file, force=False)
    assert _rows(using.database_url.reveal()) == before
    steps.restore(using, file, force=True)
    engine(using.database_url.reveal()).dispose()
    assert _rows(using.database_url.reveal())["seekers"] == before["seekers"] - 1
    with session(using.database_url.reveal()) as db:
        assert db.scalar(select(Posting.title).limit(1)) == title


def test_another_model_is_replaced_only_by_force(empty: Settings, file: Path) -> None:
    models = empty.models
    models.mkdir()
    (models / "jiuye.tar.gz").write_bytes(b"another")
    with pytest.raises(BackupError, match=r"jiuye\.tar\.gz is another model"):
        steps.restore(empty, file, force=False)
    assert (models / "jiuye.tar.gz").read_bytes() == b"another"
    steps.restore(empty, file, force=True)
    assert (models / "jiuye.tar.gz").read_bytes() == b"a model"


def test_nothing_is_restored_under_a_running_serve(using: Settings, file: Path) -> None:
    with claimed_data(using), pytest.raises(DataTaken):
        steps.restore(using, file, force=True)


def _cut(file: Path) -> None:
    file.write_bytes(file.read_bytes()[: file.stat().st_size // 2])


def _rewritten(file: Path, change: Callable[[str, bytes], bytes | None], more: str = "") -> None:
    with tarfile.open(file) as packed:
        parts = [(m.name, packed.extractfile(m).read()) for m in packed]  # type: ignore[union-attr]
    with tarfile.open(file, "w:gz") as packed:
        for name, content in [*parts, *([(more, b"x")] if more else [])]:
            changed = change(name, content)
            if changed is not None:
                about = tarfile.TarInfo(name)
                about.size = len(changed)
                packed.addfile(about, io.BytesIO(changed))


@pytest.mark.parametrize("using", ["sqlite"], indirect=True)
@pytest.mark.parametrize(
    ("damage", "sentence"),
    [
        (_cut, "is cut off, broken or no backup"),
        (lambda f: f.write_bytes(b"no backup"), "is cut off, broken or no backup"),
        (lambda f: f.unlink(), "there is no file"),
        (lambda f: _rewritten(f, lambda n, c: c if n != "database" else c[:-1] + b"x"),
         "database is not as it was written"),
        (lambda f: _rewritten(f, lambda n, c: c if n[0] == "m" else None), "database is missing"),
        (lambda f: _rewritten(f, lambda n, c: c, "models/../../evil"), "holds models/../../evil"),
        (lambda f: _rewritten(f, lambda n, c: c if n != "manifest.json" else b"{}"),
         "its manifest cannot be read"),
        (lambda f: _rewritten(f, lambda n, c: c if n != "manifest.json" else None),
         "is no backup of this program"),
        (lambda f: _rewritten(
            f, lambda n, c: c if n[:4] != "mani" else c.replace(b'"postings": ', b'"postings": 1')),
         "its rows are not those that were counted"),
        (lambda f: _rewritten(
            f, lambda n, c: c if n[:4] != "mani" else c.replace(b'"revision": "0', b'"revision": "9')),
         "is later than this release's"),
    ],
)  # fmt: skip
def test_a_damaged_backup_is_refused_and_nothing_is_changed(
    empty: Settings, file: Path, damage: Callable[[Path], None], sentence: str
) -> None:
    damage(file)
    with pytest.raises(BackupError, match=sentence):
        steps.restore(empty, file, force=True)
    assert not Path(empty.database_url.reveal().removeprefix("sqlite:///")).exists()
    assert not empty.models.exists()


def test_a_backup_goes_into_no_other_kind_of_database(
    using: Settings, file: Path, request: pytest.FixtureRequest, tmp_path: Path
) -> None:
    kind = verified(file).kind
    other = f"sqlite:///{tmp_path / 'other.db'}"
    if kind == "sqlite":
        other = new_on(request.getfixturevalue("postgres"), "other")
    with pytest.raises(BackupError, match=f"the backup is of {kind}, DATABASE_URL names"):
        steps.restore(replace(using, database_url=DatabaseUrl(other)), file, force=True)


@pytest.mark.parametrize("using", ["sqlite"], indirect=True)
def test_a_file_that_is_no_database_any_more_is_replaced_by_force(
    using: Settings, file: Path
) -> None:
    database = Path(using.database_url.reveal().removeprefix("sqlite:///"))
    engine(using.database_url.reveal()).dispose()
    database.write_bytes(b"rubbish, and enough of it for a header" * 100)
    with pytest.raises(BackupError, match="cannot be read"):
        steps.restore(using, file, force=False)
    steps.restore(using, file, force=True)
    assert _mode(database) == 0o600
    with sqlite3.connect(database) as db:
        assert db.execute("pragma integrity_check").fetchone() == ("ok",)


@pytest.mark.parametrize("using", ["postgresql"], indirect=True)
def test_without_postgresqls_programs_a_sentence_says_what_to_install(
    using: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(shutil, "which", lambda _: None)
    with pytest.raises(BackupError, match="pg_dump is not installed") as refused:
        steps.make(using, tmp_path / "x.backup")
    assert "postgresql-client" in refused.value.remedy
    assert not list(tmp_path.glob("*backup*"))


def test_a_password_stands_in_no_command(tmp_path: Path) -> None:
    program = tmp_path / "pg_dump"
    program.write_text('#!/bin/sh\necho "pg_dump: error: $PGPASSWORD, $*" >&2\nexit 1\n')
    program.chmod(0o755)
    url = "postgresql+psycopg2://u:geheim@h:5433/d?sslmode=require"
    with pytest.raises(BackupError, match="pg_dump failed") as refused:
        postgresql._run(url, str(program), "--format=custom")
    told = str(refused.value).partition(",")
    assert told[0].endswith("geheim")  # it came by the environment
    assert "geheim" not in told[2]
    assert "sslmode=require" in told[2]


def test_the_commands_say_what_they_did_and_what_is_wrong(tmp_path: Path) -> None:
    database, file = tmp_path / "x.db", str(tmp_path / "x.backup")
    sqlite_copy("empty", database)

    def run(*words: str) -> tuple[int, str]:
        environment = {"DATABASE_URL": f"sqlite:///{database}"}
        environment["JIUYE_MODELS"] = str(tmp_path / "models")
        done = run_command("db", *words, environment=environment)
        return done.returncode, done.stdout + done.stderr

    assert run("backup", file)[1].startswith(f"{file} written: sqlite of 20")
    assert run("backup", file) == (
        1, f"jiuye: {file} is there already\n  Name another file, or remove it.\n",
    )  # fmt: skip
    assert run("verify", file)[1].startswith(f"{file} is whole: sqlite of 20")
    assert run("restore", file)[1].startswith(f"{file} restored: sqlite of 20")
    with engine(f"sqlite:///{database}").begin() as db:
        db.exec_driver_sql("insert into seekers (created_at) values ('2026-11-01')")
    code, told = run("restore", file)
    assert (code, told.splitlines()[0]) == (
        1, "jiuye: the database is not empty: 1 rows in 1 tables",
    )  # fmt: skip
    assert "Say --force" in told


@pytest.mark.parametrize("umask", [0o000, 0o022])
def test_a_sqlite_database_is_readable_by_its_owner_alone(tmp_path: Path, umask: int) -> None:
    old = tmp_path / "old.db"
    sqlite_copy("empty", old)
    old.chmod(0o644)
    before = os.umask(umask)
    try:
        for file in (tmp_path / "new.db", old):
            with engine(f"sqlite:///{file}").begin() as db:
                db.exec_driver_sql("create table private (x)")
                beside = [one for one in tmp_path.iterdir() if one.name.startswith(file.name)]
                assert {_mode(one) for one in beside} == {0o600}
                assert len(beside) == 3
    finally:
        os.umask(before)

"""What all tests share: real databases, and the data folder that only developers have."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import NoReturn

import pytest
from sqlalchemy import text
from sqlalchemy.orm import Session

from bot.db import migrate
from bot.db.session import engine
from bot.settings import ROOT

os.environ.setdefault("RASA_TELEMETRY_ENABLED", "false")
os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")

STRICT = os.environ.get("STRICT") == "1"
POSTGRES_BINARIES = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"))


def missing(reason: str) -> NoReturn:
    """Skip the test for a part that this machine lacks; in CI (STRICT=1) fail instead."""
    if STRICT:
        pytest.fail(f"STRICT=1 and {reason}")
    pytest.skip(reason)


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder of shared real data beside the checkout, where there is one."""
    for folder in (Path(os.environ.get("JIUYE_SHARED", ROOT.parent / "shared")),):
        if (folder / "jobs").is_dir():
            return folder
    # Never part of a clone: its absence is no fault of the machine, even in CI.
    pytest.skip("the shared real data is not beside this checkout")


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture(scope="session")
def postgres() -> Iterator[str]:
    """A private PostgreSQL cluster for this run; its URL. Nothing of it is left behind."""
    if not POSTGRES_BINARIES:
        missing("PostgreSQL is not installed (Debian: postgresql)")
    binaries = POSTGRES_BINARIES[-1].parent
    as_root = os.geteuid() == 0
    user = "postgres" if as_root else None
    folder = Path(tempfile.mkdtemp(prefix="jiuye-pg-"))
    data = folder / "data"
    if as_root:
        shutil.chown(folder, "postgres", "postgres")
    port = _free_port()

    def run(*words: str) -> None:
        subprocess.run(
            words, check=True, user=user, cwd=folder, stdout=subprocess.DEVNULL, timeout=60
        )

    run(str(binaries / "initdb"), "-D", str(data), "-U", "postgres", "-A", "trust",
        "-E", "UTF8", "--locale=C.UTF-8")  # fmt: skip
    options = f"-c listen_addresses=127.0.0.1 -c port={port} -c unix_socket_directories='' -c fsync=off"
    pg_ctl = str(binaries / "pg_ctl")
    run(pg_ctl, "-D", str(data), "-w", "-l", str(folder / "log"), "-o", options, "start")
    try:
        yield f"postgresql+psycopg2://postgres@127.0.0.1:{port}/postgres"
    finally:
        run(pg_ctl, "-D", str(data), "-m", "immediate", "-w", "stop")
        shutil.rmtree(folder)


@pytest.fixture(scope="session")
def sqlite_url(tmp_path_factory: pytest.TempPathFactory) -> str:
    """A migrated, empty SQLite database for this run."""
    url = f"sqlite:///{tmp_path_factory.mktemp('sqlite') / 'test.db'}"
    migrate.upgrade(url)
    return url


@pytest.fixture(params=["sqlite", "postgresql"])
def database(request: pytest.FixtureRequest) -> str:
    """The URL of a migrated, empty database; each test runs once on SQLite, once on PostgreSQL."""
    if request.param == "sqlite":
        return str(request.getfixturevalue("sqlite_url"))
    url = str(request.getfixturevalue("postgres"))
    migrate.upgrade(url)
    return url


@pytest.fixture
def db(database: str) -> Iterator[Session]:
    """A session on an empty schema; all that the test writes is rolled back."""
    with engine(database).connect() as connection:
        outer = connection.begin()
        with Session(connection, join_transaction_mode="create_savepoint") as session:
            yield session
        outer.rollback()


@pytest.fixture
def fresh_database(database: str) -> Iterator[str]:
    """The URL of a database for code that commits by itself; emptied after the test."""
    yield database
    with engine(database).begin() as connection:
        if connection.dialect.name == "postgresql":
            tables = connection.execute(
                text("select string_agg(tablename, ',') from pg_tables where schemaname = 'public' and tablename <> 'alembic_version'")
            ).scalar()
            connection.execute(text(f"truncate {tables} cascade"))
        else:
            connection.execute(text("pragma defer_foreign_keys = on"))
            for (name,) in connection.execute(
                text("select name from sqlite_master where type = 'table' and name not in ('alembic_version') and name not like 'sqlite_%'")
            ).all():
                connection.execute(text(f"delete from {name}"))

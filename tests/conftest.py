"""What all tests share: real databases, and the data folder that only developers have."""

from __future__ import annotations

import contextlib
import gc
import os
import secrets
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import NoReturn

import pytest

# As the command line does, before anything imports numpy: the processes of a run share the cores,
# and two threads that wait for each other spin away what a third process could use.
os.environ.setdefault("OMP_NUM_THREADS", "1")

# And before anything imports Rasa.
from bot.rasa_stubs import install_stubs

install_stubs()

from sqlalchemy.orm import Session

from bot import clock
from bot.db.session import engine
from bot.db.tables import Base
from bot.policies.cache import invalidate
from bot.settings import ROOT, settings
from tests.databases import (
    SHARED_FOLDER,
    Kind,
    locked,
    postgres_copy,
    run_folder,
    sqlite_copy,
    sqlite_file,
)
from tests.days import TUESDAY
from tests.factories import restart_numbers
from tests.profiles import load_profile
from tests.schedule import pytest_collection_modifyitems, pytest_xdist_make_scheduler

# One secret for all processes of a run: what one seals another opens.
os.environ.setdefault("JIUYE_SECRET", "only for tests")
os.environ.setdefault("RASA_TELEMETRY_ENABLED", "false")
os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")

__all__ = ["pytest_collection_modifyitems", "pytest_xdist_make_scheduler"]
load_profile()
STRICT = os.environ.get("STRICT") == "1"
#: Bytes of free memory from which on the cluster lies there: a run's fills 4 GB.
MEMORY_FOR_CLUSTER = 8 * 2**30
POSTGRES_BINARIES = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"))


def pytest_configure() -> None:
    """Make the folder that all processes of the run share, in the first of them."""
    if "PYTEST_XDIST_WORKER" not in os.environ:
        os.environ[SHARED_FOLDER] = tempfile.mkdtemp(prefix="jiuye-tests-")
        # A test that names no database must not pass on what a developer's own happens to hold.
        os.environ["DATABASE_URL"] = f"sqlite:///{os.environ[SHARED_FOLDER]}/none.db"


def pytest_collection_finish() -> None:
    """Keep the collector of garbage from what stays: modules and twelve thousand tests.

    It would walk through all of that, a second each time.
    """
    gc.collect()
    gc.freeze()


def pytest_unconfigure() -> None:
    """Stop the run's PostgreSQL and remove the folder, when all other processes have ended."""
    if "PYTEST_XDIST_WORKER" not in os.environ:
        stop_cluster()
        shutil.rmtree(os.environ[SHARED_FOLDER], ignore_errors=True)


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


#: Ports given in this process.
_GIVEN: set[int] = set()


def _free_port() -> int:
    """Return a port that nobody listens at, of those of this test process.

    They lie below those that the kernel gives to whoever connects, so that none is taken meanwhile.
    None is given twice: whoever asked for it first may not have opened it yet.
    """
    process = int(os.environ.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw"))
    while True:
        port = 20_000 + 8 * secrets.randbelow(1500) + process % 8
        if port in _GIVEN:
            continue
        with socket.socket() as probe, contextlib.suppress(OSError):
            probe.bind(("127.0.0.1", port))
            _GIVEN.add(port)
            return port


def _folder_in_memory() -> str | None:
    """Return a folder in memory with room for a cluster of a hundred databases; None without one.

    A run makes and removes 200,000 files of databases: minutes on a disk.
    """
    folder = Path("/dev/shm")
    try:
        memory = dict(line.split(":") for line in Path("/proc/meminfo").read_text().splitlines())
        free_memory = int(memory["MemAvailable"].split()[0]) * 1024
        free = min(free_memory, shutil.disk_usage(folder).free)
    except (OSError, KeyError, ValueError):
        return None
    return str(folder) if free > MEMORY_FOR_CLUSTER else None


@pytest.fixture(scope="session")
def postgres() -> str:
    """The URL of a private PostgreSQL cluster, one for all processes of this run."""
    if not POSTGRES_BINARIES:
        missing("PostgreSQL is not installed (Debian: postgresql)")
    noted = run_folder() / _CLUSTER
    with locked(noted.with_suffix(".lock")):
        if not noted.exists():
            folder = Path(tempfile.mkdtemp(prefix="jiuye-pg-", dir=_folder_in_memory()))
            port = _free_port()
            # Noted before it starts: a start that fails leaves nothing behind either.
            noted.write_text(f"{folder}\n{port}", encoding="utf-8")
            _start_cluster(folder, port)
        port = int(noted.read_text(encoding="utf-8").splitlines()[1])
    return f"postgresql+psycopg2://postgres@127.0.0.1:{port}/postgres"


#: The file of the run's folder that has the folder and the port of the cluster.
_CLUSTER = "cluster.txt"
#: Each process holds connections to a few dozen databases.
_MAX_CONNECTIONS = 500


def _start_cluster(folder: Path, port: int) -> None:
    if os.geteuid() == 0:
        shutil.chown(folder, "postgres", "postgres")
    _administer(folder, "initdb", "--no-sync", "-U", "postgres", "-A", "trust", "-E", "UTF8",
                "--locale=C.UTF-8")  # fmt: skip
    options = (
        f"-c listen_addresses=127.0.0.1 -c port={port} -c unix_socket_directories='' -c fsync=off"
        f" -c max_connections={_MAX_CONNECTIONS}"
    )
    _administer(folder, "pg_ctl", "-w", "-l", str(folder / "log"), "-o", options, "start")


def stop_cluster() -> None:
    """Stop the run's PostgreSQL, where one was started; nothing of it is left behind."""
    noted = run_folder() / _CLUSTER
    if noted.exists():
        folder = Path(noted.read_text(encoding="utf-8").splitlines()[0])
        if (folder / "data" / "postmaster.pid").exists():
            _administer(folder, "pg_ctl", "-m", "immediate", "-w", "stop")
        shutil.rmtree(folder)
        noted.unlink()


def _administer(folder: Path, program: str, *words: str) -> None:
    """Run a program of PostgreSQL on the cluster of a folder. Raises when it fails."""
    command = [str(POSTGRES_BINARIES[-1].parent / program), "-D", str(folder / "data"), *words]
    user = "postgres" if os.geteuid() == 0 else None
    subprocess.run(command, check=True, user=user, cwd=folder, stdout=subprocess.DEVNULL,
                   timeout=60)  # fmt: skip


@pytest.fixture(scope="session")
def redis_url() -> Iterator[str]:
    """The URL of a private Redis for this run, which keeps nothing."""
    server = shutil.which("redis-server")
    if server is None:
        missing("Redis is not installed (Debian: redis-server)")
    port = _free_port()
    options = ("--port", str(port), "--bind", "127.0.0.1", "--save", "", "--appendonly", "no")
    # With the real clock: under libfaketime it does not start, and no time of day of its is asked for.
    environment = {name: value for name, value in os.environ.items() if name != "LD_PRELOAD"}
    process = subprocess.Popen([server, *options], stdout=subprocess.DEVNULL, env=environment)
    try:
        for _ in range(100):
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", port)) == 0:
                    break
            time.sleep(0.05)
        yield f"redis://127.0.0.1:{port}/0"
    finally:
        process.terminate()
        process.wait(10)


def new_database(request: pytest.FixtureRequest, kind: Kind) -> str:
    """Return the URL of a new database of a kind: a file, or one of the private cluster."""
    if request.param == "sqlite":
        folder = request.getfixturevalue("tmp_path_factory").mktemp(kind)
        return sqlite_copy(kind, folder / "test.db")
    return postgres_copy(request.getfixturevalue("postgres"), kind)


@pytest.fixture(scope="session", params=["sqlite", "postgresql"])
def database(request: pytest.FixtureRequest) -> str:
    """The URL of a migrated, empty database; each test runs once on SQLite, once on PostgreSQL."""
    return new_database(request, "empty")


@pytest.fixture(scope="session", params=["sqlite", "postgresql"])
def stocked(request: pytest.FixtureRequest) -> str:
    """The URL of a database that holds the vocabulary (regions and occupations)."""
    return new_database(request, "stocked")


@pytest.fixture(autouse=True)
def _numbered_anew() -> None:
    restart_numbers()


@pytest.fixture
def tuesday() -> Iterator[None]:
    """All takes place on a Tuesday on which China works."""
    with clock.frozen(TUESDAY):
        yield


def rolled_back(url: str) -> Iterator[Session]:
    with engine(url).connect() as connection:
        outer = connection.begin()
        with Session(connection, join_transaction_mode="create_savepoint") as opened:
            yield opened
        outer.rollback()


@pytest.fixture
def db(database: str) -> Iterator[Session]:
    """A session on an empty schema; all that the test writes is rolled back."""
    yield from rolled_back(database)


@pytest.fixture
def words(stocked: str) -> Iterator[Session]:
    """A session on a database that has the vocabulary; what the test writes is rolled back."""
    yield from rolled_back(stocked)


@pytest.fixture
def committed(stocked: str) -> Iterator[str]:
    """The URL of a stocked database for code that commits by itself; emptied after the test."""
    yield stocked
    with engine(stocked).begin() as db:
        if db.dialect.name == "sqlite":
            cursor = db.connection.cursor()
            for statement in _deletions():
                cursor.execute(statement)
        else:
            db.exec_driver_sql(";".join(_deletions()))  # one way to the server instead of 120
    invalidate()


@cache
def _deletions() -> list[str]:
    """Return the statements that empty a stocked database."""
    # The chain of the audit goes on: nobody deletes its rows.
    kept = {"regions", "occupations", "occupation_aliases", "audit", "audit_head"}
    tables = [table.name for table in reversed(Base.metadata.sorted_tables)]
    return [f'delete from "{name}"' for name in tables if name not in kept]


@pytest.fixture
def here(committed: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """The database that the settings name, for the length of a test: its URL."""
    monkeypatch.setenv("DATABASE_URL", committed)
    settings.cache_clear()
    yield committed
    settings.cache_clear()


@pytest.fixture(scope="session")
def demo_file() -> Path:
    """A SQLite database with vocabulary, policies and demo postings; copy it, do not write."""
    return sqlite_file("demo")


@pytest.fixture
def policies_here(
    demo_file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[None]:
    """The project's policies in the database that the settings name, for the length of a test."""
    shutil.copy(demo_file, tmp_path / "demo.db")
    monkeypatch.setenv("DATABASE_URL", f"sqlite:///{tmp_path / 'demo.db'}")
    settings.cache_clear()
    yield
    settings.cache_clear()


@pytest.fixture(scope="session")
def model() -> Path:
    """The trained model of this checkout; trained when missing or stale."""
    from bot.logging_setup import configure, prepare_environment
    from bot.nlu import training

    prepare_environment()
    configure("ERROR")
    return training.current_model(settings()) or training.train(settings())

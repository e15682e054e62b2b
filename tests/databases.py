"""Databases made once for a whole run, for all its processes: tests get copies.

A kind builds on the one before it: `empty` has the schema, `stocked` the vocabulary as well,
`based` the policies, `demo` the demo postings, `served` what `serve --demo` adds. For SQLite it is a file that is copied, for
PostgreSQL a template database of the run's cluster.
"""

from __future__ import annotations

import fcntl
import itertools
import os
import sqlite3
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import Literal, get_args

from sqlalchemy import insert, make_url, select, text

from bot.db.session import engine

Kind = Literal["empty", "stocked", "based", "demo", "served"]
#: The folder that the processes of a run share; the first process makes it, see `conftest.py`.
SHARED_FOLDER = "JIUYE_TEST_RUN"
_numbers = itertools.count(1)


def _upgrade(url: str) -> None:
    from bot.db import migrate

    migrate.upgrade(url)


def _stock(url: str) -> None:
    from bot.db.session import session
    from bot.vocabulary.sync import load_vocabulary
    from bot.vocabulary.vocabulary import vocabulary

    with session(url) as db:
        load_vocabulary(db, vocabulary())


def _load_policies(url: str) -> None:
    from bot.db.session import session
    from bot.policies.load import load
    from bot.settings import ROOT

    if not url.startswith("sqlite"):
        _copy_vectors(sqlite_file("based"), url)
    with session(url) as db:
        load(db, ROOT / "data" / "policies")


def _copy_vectors(file: Path, url: str) -> None:
    """Copy the sentence vectors that the run has made once: they are most of the work."""
    from bot.db.tables import TextVector

    with engine(f"sqlite:///{file}").connect() as made, engine(url).begin() as db:
        rows = made.execute(select(TextVector.__table__)).mappings().all()
        db.execute(insert(TextVector), [dict(row) for row in rows])


def _import_demo(url: str) -> None:
    from bot import clock
    from bot.bootstrap import prepare_data
    from bot.places.demo import load_demo
    from bot.settings import ROOT, Settings

    # Its days count from the Tuesday that the conversations are held on (tests/subscriptions/conftest.py).
    with clock.frozen(date(2026, 11, 24)):
        load_demo(url, ROOT / "data" / "demo" / "places", clock.today())
    # What stands already is found and left as it is.
    list(prepare_data(Settings.from_environment({"DATABASE_URL": url}), demo=True))


def _add_demo_people(url: str) -> None:
    from bot.bootstrap import prepare_demo
    from bot.settings import Settings

    list(prepare_demo(Settings.from_environment({"DATABASE_URL": url})))


_STEPS: dict[Kind, Callable[[str], None]] = {
    "empty": _upgrade, "stocked": _stock, "based": _load_policies, "demo": _import_demo,
    "served": _add_demo_people,
}  # fmt: skip


def _before(kind: Kind) -> Kind | None:
    kinds: tuple[Kind, ...] = get_args(Kind)
    place = kinds.index(kind)
    return kinds[place - 1] if place else None


@contextmanager
def locked(file: Path) -> Iterator[None]:
    """Hold a lock among all processes, by a file beside which nothing else matters."""
    with file.open("w") as handle:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield


def run_folder() -> Path:
    """Return the folder that all processes of this run share."""
    return Path(os.environ[SHARED_FOLDER])


def copied(database: Path, to: Path) -> str:
    """Copy a SQLite database, with what its log still holds; the copy's URL."""
    to.parent.mkdir(parents=True, exist_ok=True)
    with sqlite3.connect(database) as old, sqlite3.connect(to) as new:
        old.backup(new)
    new.close()
    old.close()
    return f"sqlite:///{to}"


def sqlite_file(kind: Kind) -> Path:
    """Return the run's SQLite database of a kind, made when it is first asked for; copy it."""
    file = run_folder() / f"{kind}.db"
    before = _before(kind)
    if before is not None and not file.exists():
        sqlite_file(before)
    with locked(file.with_suffix(".lock")):
        if not file.exists():
            with tempfile.TemporaryDirectory(dir=run_folder()) as folder:
                made = Path(folder) / file.name
                if before is not None:
                    copied(run_folder() / f"{before}.db", made)
                url = f"sqlite:///{made}"
                _STEPS[kind](url)
                engine(url).dispose()
                # Appears whole or not at all: another process may look without the lock.
                copied(made, made.with_suffix(".whole"))
                made.with_suffix(".whole").rename(file)
    return file


def sqlite_copy(kind: Kind, to: Path) -> str:
    """Copy the run's SQLite database of a kind to a new file; its URL."""
    return copied(sqlite_file(kind), to)


def new_on(server: str, name: str, template: str = "template1") -> str:
    """Return the URL of a new database of a PostgreSQL server: a copy of a template, bare by default.

    Its name is its own: pytest may set a fixture of the whole session up more than once, and all
    processes of the run have one server.
    """
    name = f"{name}_{os.environ.get('PYTEST_XDIST_WORKER', 'gw0')}_{next(_numbers)}"
    with engine(server).connect().execution_options(isolation_level="AUTOCOMMIT") as db:
        db.execute(text(f"create database {name} template {template}"))
    return f"{server.rsplit('/', 1)[0]}/{name}"


def postgres_copy(server: str, kind: Kind) -> str:
    """Return the URL of a new PostgreSQL database of a kind."""
    return new_on(server, kind, _template(server, kind))


def _template(server: str, kind: Kind) -> str:
    """Return the name of the template of a kind, made when any process first asks for it."""
    port = make_url(server).port
    noted = run_folder() / f"template-{port}-{kind}"
    before = _before(kind)
    with locked(noted.with_suffix(".lock")):
        if not noted.exists():
            url = postgres_copy(server, before) if before else new_on(server, kind)
            _STEPS[kind](url)
            engine(url).dispose()  # a template can be copied only while nobody is connected
            noted.write_text(str(make_url(url).database), encoding="utf-8")
    return noted.read_text(encoding="utf-8")

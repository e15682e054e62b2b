import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest
from sqlalchemy import text

from bot.db.session import connection, dry_run, engine, session
from bot.db.tables import Region
from tests.databases import sqlite_copy


@pytest.fixture
def url(tmp_path: Path) -> str:
    return sqlite_copy("empty", tmp_path / "own.db")


def test_a_session_that_fails_leaves_nothing_behind(url: str) -> None:
    def fails_half_way() -> None:
        with session(url) as db:
            db.add(Region(code="210000", name="辽宁省", level=1))
            db.flush()
            raise RuntimeError("half way")

    with pytest.raises(RuntimeError, match="half way"):
        fails_half_way()
    with session(url) as db:
        assert db.get(Region, "210000") is None


def test_a_dry_run_writes_nothing_by_session_or_connection(url: str) -> None:
    insert = text("insert into regions (code, name, level) values (:code, '辽宁省', 1)")
    with dry_run():
        with session(url) as db:
            db.execute(insert, {"code": "210000"})
            assert db.get(Region, "210000") is not None
        with connection(url) as opened:
            opened.execute(insert, {"code": "220000"})
            assert opened.execute(text("select count(*) from regions")).scalar() == 1
    with connection(url) as opened:
        assert opened.execute(text("select count(*) from regions")).scalar() == 0
        opened.execute(insert, {"code": "230000"})
    with session(url) as db:
        assert db.get(Region, "230000") is not None


def test_sqlite_writes_ahead_and_keeps_foreign_keys(url: str) -> None:
    with engine(url).connect() as connection:
        assert connection.execute(text("pragma journal_mode")).scalar() == "wal"
        assert connection.execute(text("pragma foreign_keys")).scalar() == 1
        assert connection.execute(text("pragma secure_delete")).scalar() == 1


def test_postgresql_compiles_no_query(postgres: str) -> None:
    with session(postgres) as db:
        assert db.scalar(text("show jit")) == "off"


def test_another_program_does_not_take_the_log_away_while_it_is_written(tmp_path: Path) -> None:
    file = tmp_path / "shared.db"
    url = f"sqlite:///{file}"
    with engine(url).begin() as first:
        first.execute(text("create table said (words text)"))
        first.execute(text("insert into said values ('one')"))
    with engine(url).connect() as held, engine(url).connect():  # one more opens the file
        held.execute(text("select * from said")).all()
        held.rollback()
        look = "import sqlite3, sys; db = sqlite3.connect(sys.argv[1]); db.execute('select * from said').fetchall(); db.close()"
        subprocess.run([sys.executable, "-c", look, str(file)], check=True)
        assert file.with_name("shared.db-wal").exists()
        held.execute(text("insert into said values ('two')"))
        held.commit()
    with sqlite3.connect(file) as other:
        assert other.execute("select count(*) from said").fetchone() == (2,)
    other.close()
    engine(url).dispose()

"""Errors an operator can mend: the real command ends with a sentence, a remedy and status 1."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import socket
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from sqlalchemy import text

from bot.data_lock import DataTaken, claimed_data
from bot.db.session import engine
from bot.ports import claimed
from bot.setting_types import DatabaseUrl, Secret
from bot.settings import ROOT, Settings
from tests.commands import run_command
from tests.conftest import _free_port
from tests.databases import copied, new_on

UPGRADE, SERVE = ("db", "upgrade"), ("serve",)


def _run(*words: str, limit: int | None = None, **set_: str) -> subprocess.CompletedProcess[str]:
    """Run `python -m bot …`; `limit` is the size in bytes that no file may grow beyond."""
    environment = {"JIUYE_SECRET": "only for tests", **set_}
    return run_command(*words, environment=environment, limit=limit)


def _refused(
    done: subprocess.CompletedProcess[str], sentence: str, remedy: str, traceback: bool = False
) -> None:
    assert done.returncode == 1, done.stderr
    assert sentence in done.stderr
    assert remedy in done.stderr
    assert ("Traceback" in done.stderr) is traceback, done.stderr


@pytest.mark.parametrize(
    ("url", "sentence", "remedy"),
    [
        ("jiuye.db", "DATABASE_URL cannot be used", "sqlite:////folder/file.db"),
        ("mysql+pymysql://u:geheim@h/d", "mysql+pymysql is not known", "postgresql+psycopg2://"),
        ("postgresql://u:geheim@h:port/d", "DATABASE_URL cannot be used", "user:password@host"),
        ("postgresql+psycopg2://u:geheim@127.0.0.1:1/d", "d at 127.0.0.1:1", "Check that it runs"),
        ("postgresql+psycopg2://u:geheim@no.invalid/d", "d at no.invalid:5432 is not known",
         "Correct the host"),
        ("sqlite:////proc/none/x.db", "/proc/none", "Correct the path"),
        ("sqlite:////proc/x.db", "/proc/x.db cannot be opened or made", "set DATABASE_URL"),
    ],
)  # fmt: skip
def test_a_database_that_cannot_be_used(url: str, sentence: str, remedy: str) -> None:
    done = _run(*UPGRADE, DATABASE_URL=url)
    _refused(done, sentence, remedy)
    assert "geheim" not in done.stderr


def test_a_file_that_is_no_database(tmp_path: Path) -> None:
    file = tmp_path / "x.db"
    file.write_text("no database at all, but long enough to be looked at\n" * 20)
    _refused(_run(*UPGRADE, DATABASE_URL=f"sqlite:///{file}"), "no SQLite database", "backup")


def test_a_postgresql_that_lets_nobody_in(postgres: str) -> None:
    url = new_on(postgres, "closed")
    _refused(_run(*UPGRADE, DATABASE_URL=f"{url}_not"), "there is no database", "createdb")
    with engine(url).connect() as db:
        db.execute(text("create role locked login password 'right'"))
        file = Path(str(db.scalar(text("show hba_file"))))
        db.commit()
        before = file.read_text()
        file.write_text(f"host all locked 127.0.0.1/32 scram-sha-256\n{before}")
        db.execute(text("select pg_reload_conf()"))
    wrong = url.replace("postgres@", "locked:geheim@")
    done = _run(*UPGRADE, DATABASE_URL=wrong)
    file.write_text(before)
    _refused(done, "refuses the user's password", "Correct user and password")
    assert "geheim" not in done.stderr
    nobody = url.replace("postgres@", "nobody_known@")
    _refused(_run(*UPGRADE, DATABASE_URL=nobody), "does not know the user", "createuser")


def test_a_traceback_is_shown_only_to_who_asks_for_it() -> None:
    url = "postgresql+psycopg2://u@127.0.0.1:1/d"
    done = _run(*UPGRADE, DATABASE_URL=url, JIUYE_LOG_LEVEL="DEBUG")
    _refused(done, "d at 127.0.0.1:1", "Check that it runs", traceback=True)


def test_every_wrong_setting_is_named_before_anything_starts(tmp_path: Path) -> None:
    wrong = {
        "JIUYE_PORT": "abc", "JIUYE_OFFICE_HOURS": "always", "JIUYE_WECHAT_MODE": "foo",
        "JIUYE_PUSH_QUIET": "21", "JIUYE_REGION": "999999", "JIUYE_WECHAT_AES_KEY": "geheim",
        "JIUYE_PRODUCTION": "yes", "JIUYE_SMS_SENDSMS": "kannel", "JIUYE_REDIS_URL": "redis",
        "JIUYE_DATA": str(tmp_path / "none"), "JIUYE_LOG_LEVEL": "LOUD",
    }  # fmt: skip
    database = tmp_path / "x.db"
    done = _run(*SERVE, DATABASE_URL=f"sqlite:///{database}", **wrong)
    for variable in wrong.keys() - {"JIUYE_REGION"}:  # there is no list of regions to look in
        _refused(done, f"{variable} ", "`python -m bot settings` lists all settings")
    assert "geheim" not in done.stderr
    assert not database.exists()


def test_a_region_that_is_none_and_a_secret_that_cannot_be_read() -> None:
    _refused(_run(*UPGRADE, JIUYE_REGION="999999"), "JIUYE_REGION is '999999'", "like 210000")
    done = _run(*UPGRADE, JIUYE_WECHAT_TOKEN_FILE="/proc/none")
    _refused(done, "JIUYE_WECHAT_TOKEN_FILE is '/proc/none'", "environment")


def test_a_redis_that_does_not_answer_keeps_all_from_starting(tmp_path: Path) -> None:
    database = f"sqlite:///{tmp_path / 'x.db'}"
    done = _run(
        *SERVE, DATABASE_URL=database, JIUYE_PORT=str(_free_port()),
        JIUYE_REDIS_URL="redis://:geheim@127.0.0.1:1/0",
    )  # fmt: skip
    _refused(done, "Redis at 127.0.0.1:1 (JIUYE_REDIS_URL) does not answer", "redis-server")
    assert "geheim" not in done.stderr


@pytest.mark.parametrize("shared", [False, True], ids=["its own", "shared"])
def test_a_port_that_somebody_listens_at(shared: bool) -> None:
    with socket.socket() as taken:
        if shared:
            taken.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = str(taken.getsockname()[1])
        _refused(_run(*SERVE, JIUYE_PORT=port), f"port {port} is taken", "Set JIUYE_PORT")
        done = _run(*SERVE, "--action-server", JIUYE_PORT=str(_free_port()), JIUYE_ACTION_PORT=port)
        _refused(done, f"port {port} is taken", "Set JIUYE_ACTION_PORT")


def test_a_second_serve_on_a_port_is_told_which_process_has_it() -> None:
    port = _free_port()
    with claimed(ROOT / "var", "127.0.0.1", port):
        done = _run(*SERVE, JIUYE_PORT=str(port))
    _refused(done, f"another `serve` (process {os.getpid()})", f"kill {os.getpid()}")
    assert not (ROOT / "var" / f"serve-{port}.pid").exists()


def _second_serve(url: str, **set_: str) -> subprocess.CompletedProcess[str]:
    """Start `serve` on a free port while this process holds a database."""
    with claimed_data(Settings(database_url=DatabaseUrl(url))):
        return _run(*SERVE, DATABASE_URL=url, JIUYE_PORT=str(_free_port()), **set_)


def test_a_second_serve_on_the_same_file_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "x.db"
    done = _second_serve(f"sqlite:///{file}")
    _refused(done, f"used by another `serve` (process {os.getpid()})", "set DATABASE_URL")
    assert list(tmp_path.iterdir()) == []


def test_a_second_serve_on_the_same_postgresql_is_refused(postgres: str) -> None:
    done = _second_serve(new_on(postgres, "claimed"))
    _refused(done, f"used by another `serve` (process {os.getpid()})", "set DATABASE_URL")


def test_several_on_one_postgresql_are_let_in_where_redis_orders_them(postgres: str) -> None:
    url = new_on(postgres, "several")
    with claimed_data(Settings(database_url=DatabaseUrl(url))):
        with claimed_data(
            Settings(database_url=DatabaseUrl(url), redis_url=Secret("redis://127.0.0.1:1/0"))
        ):
            pass
        with pytest.raises(DataTaken), claimed_data(Settings(database_url=DatabaseUrl(url))):
            pass
    with claimed_data(Settings(database_url=DatabaseUrl(url))):
        pass


def test_one_port_for_two_servers_is_refused_before_either_starts(tmp_path: Path) -> None:
    port = str(_free_port())
    done = _run(
        *SERVE, "--action-server", DATABASE_URL=f"sqlite:///{tmp_path / 'x.db'}",
        JIUYE_PORT=port, JIUYE_ACTION_PORT=port,
    )  # fmt: skip
    _refused(done, f"JIUYE_ACTION_PORT is '{port}', as is JIUYE_PORT", "settings")
    # A demo serves the console beside the bot's port.
    beside = str(int(port) + 1)
    done = _run(
        *SERVE, "--demo", DATABASE_URL=f"sqlite:///{tmp_path / 'x.db'}",
        JIUYE_PORT=port, JIUYE_STATUS_PORT=beside,
    )  # fmt: skip
    _refused(done, f"JIUYE_STATUS_PORT is '{beside}', as is JIUYE_CONSOLE_PORT", "settings")
    assert list(tmp_path.iterdir()) == []


def test_an_address_that_is_not_ours() -> None:
    _refused(_run(*SERVE, JIUYE_HOST="192.0.2.1"), "no address of this machine", "Set JIUYE_HOST")


def test_a_full_disk_while_the_database_is_written(tmp_path: Path) -> None:
    done = _run(*UPGRADE, limit=100_000, DATABASE_URL=f"sqlite:///{tmp_path / 'x.db'}")
    _refused(done, f"{tmp_path}/x.db", "df -h")


def test_a_full_disk_while_a_file_is_written(demo_file: Path, tmp_path: Path) -> None:
    database = copied(demo_file, tmp_path / "x.db")
    out = tmp_path / "out.jsonl"
    done = _run("postings", "export", str(out), limit=50_000, DATABASE_URL=database)
    _refused(done, "the disk is full", "df -h")


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """A copy of the data folder that a test may break."""
    return Path(shutil.copytree(ROOT / "data", tmp_path / "data"))


def _replace(file: Path, old: str, new: str) -> None:
    content = file.read_text(encoding="utf-8")
    assert old in content
    file.write_text(content.replace(old, new, 1), encoding="utf-8")


def _loan(data: Path) -> None:
    _replace(data / "policies" / "startup-loan.yml", "'210000'", "'210999'")


def _regions(data: Path) -> None:
    _replace(data / "vocab" / "regions.csv", "\n110100,", "\n1101,")


@pytest.mark.parametrize(
    ("break_", "sentence", "remedy"),
    [
        (_loan, "startup-loan.yml:5: regions: '210999' is no region", "policies check"),
        (_regions, "regions.csv:3: code '1101'", "data/vocab"),
    ],
)
def test_a_broken_data_file(
    break_: Callable[[Path], None], sentence: str, remedy: str, data: Path, tmp_path: Path
) -> None:
    break_(data)
    database = f"sqlite:///{tmp_path / 'x.db'}"
    done = _run("policies", "load", DATABASE_URL=database, JIUYE_DATA=str(data))
    _refused(done, sentence, "" if break_ is _loan else remedy)
    served = _run(*SERVE, DATABASE_URL=database, JIUYE_DATA=str(data), JIUYE_PORT=str(_free_port()))
    _refused(served, sentence, remedy)


@pytest.mark.model
def test_a_broken_model_and_broken_wording_end_the_start(
    model: Path, demo_file: Path, data: Path, tmp_path: Path
) -> None:
    models = tmp_path / "models"
    models.mkdir()
    cut = model.read_bytes()[:100_000]
    (models / "jiuye.tar.gz").write_bytes(cut)
    shutil.copy(model.with_name("arbiter.npz"), models)
    manifest = json.loads(model.with_name("jiuye.json").read_text(encoding="utf-8"))
    manifest["sha256"] = hashlib.sha256(cut).hexdigest()
    (models / "jiuye.json").write_text(json.dumps(manifest), encoding="utf-8")
    database = copied(demo_file, tmp_path / "x.db")
    port = str(_free_port())
    broken = _run(*SERVE, DATABASE_URL=database, JIUYE_MODELS=str(models), JIUYE_PORT=port)
    _refused(broken, "jiuye.tar.gz cannot be loaded", "train --force")
    assert "ready" not in broken.stderr
    (data / "replies.yml").write_text("error:\n  text: [\n", encoding="utf-8")
    broken = _run(*SERVE, DATABASE_URL=database, JIUYE_DATA=str(data), JIUYE_PORT=port)
    _refused(broken, "data/replies.yml:3: ", "Correct the file")
    assert "ready" not in broken.stderr


def test_an_unwritable_var(tmp_path: Path) -> None:
    done = _run_with_var("/proc/none")
    _refused(done, "/proc/none", "Correct the path")


def _run_with_var(var: str) -> subprocess.CompletedProcess[str]:
    """Claim a port below a folder that cannot be made, as `serve` does."""
    code = (
        "from pathlib import Path; from bot.failures import reported; from bot.ports import claimed\n"
        f"with reported(), claimed(Path({var!r}), '127.0.0.1', {_free_port()}): pass"
    )
    return subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True)

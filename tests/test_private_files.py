import os
import stat
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.backup import steps
from bot.data_lock import claimed_data
from bot.db import migrate
from bot.db.session import engine
from bot.keys import secret
from bot.ports import claimed
from bot.private_files import make_folder, make_own_folder, write_secret
from bot.setting_types import DatabaseUrl
from bot.settings import Settings
from tests.conftest import _free_port


@pytest.fixture(autouse=True, params=[0o000, 0o022, 0o077])
def umask(request: pytest.FixtureRequest) -> Iterator[None]:
    before = os.umask(request.param)
    yield
    os.umask(before)


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def test_database_backup_and_secret_are_their_owners_alone(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'data' / 'x.db'}"
    migrate.upgrade(url)
    with engine(url).connect() as db:
        db.exec_driver_sql("select 1 from seekers")
        secret(tmp_path / "var" / "secret")
        using = Settings(database_url=DatabaseUrl(url), models=tmp_path / "none")
        steps.make(using, tmp_path / "backups" / "deep" / "x.backup")
        made = [path for path in tmp_path.rglob("*") if path.name not in ("none",)]
        assert {path.name for path in made} >= {"x.db", "x.db-wal", "secret", "x.backup"}
        for path in made:
            assert mode(path) == (0o700 if path.is_dir() else 0o600), path


def test_a_restored_database_is_its_owners_alone(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'x.db'}"
    migrate.upgrade(url)
    using = Settings(database_url=DatabaseUrl(url), models=tmp_path / "none")
    steps.make(using, tmp_path / "x.backup")
    new = tmp_path / "new" / "x.db"
    steps.restore(Settings(database_url=DatabaseUrl(f"sqlite:///{new}"), models=tmp_path / "no"), tmp_path / "x.backup", False)  # fmt: skip
    assert (mode(new), mode(new.parent)) == (0o600, 0o700)


def test_folders_that_a_start_makes_are_private(tmp_path: Path) -> None:
    with claimed(tmp_path / "var", "127.0.0.1", _free_port()):
        assert mode(tmp_path / "var") == 0o700
    url = f"sqlite:///{tmp_path / 'data' / 'x.db'}"
    with claimed_data(Settings(database_url=DatabaseUrl(url))):
        assert mode(tmp_path / "data") == 0o700


def test_a_folder_of_others_stays_as_it_is_and_our_own_is_narrowed(tmp_path: Path) -> None:
    shared = tmp_path / "shared"
    shared.mkdir()
    shared.chmod(0o755)
    make_folder(shared / "a" / "b")
    assert [mode(one) for one in (shared, shared / "a", shared / "a" / "b")] == [
        0o755,
        0o700,
        0o700,
    ]
    make_own_folder(shared)
    assert mode(shared) == 0o700


def test_a_secret_that_is_too_open_is_narrowed_and_one_that_is_there_stays(tmp_path: Path) -> None:
    file = tmp_path / "secret"
    file.write_text("known")
    file.chmod(0o644)
    assert secret(file) == b"known"
    assert mode(file) == 0o600
    with pytest.raises(FileExistsError):
        write_secret(file, "another")
    assert (file.read_text(), list(tmp_path.iterdir())) == ("known", [file])

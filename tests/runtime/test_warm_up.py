"""The dry run that a server answers before it is counted as up."""

from __future__ import annotations

import sqlite3
import uuid
from pathlib import Path

import pytest

from bot.db.session import connection, dry_run, session
from bot.db.tables import Region
from bot.db.threads import in_database
from bot.runtime.agent import open_agent, send_text
from bot.runtime.warm_up import MESSAGES, warm_up
from bot.settings import settings
from tests.databases import copied

COUNT = "select count(*) from events"


def _rows(file: Path) -> dict[str, int]:
    with sqlite3.connect(file) as db:
        names = [
            name for (name,) in db.execute("select name from sqlite_master where type='table'")
        ]
        rows = {name: db.execute(f"select count(*) from {name}").fetchone()[0] for name in names}
    db.close()
    return rows


@pytest.mark.model
async def test_a_warm_up_answers_and_leaves_no_row(
    model: Path, demo_file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "x.db"
    monkeypatch.setenv("DATABASE_URL", copied(demo_file, file))
    settings.cache_clear()
    try:
        agent = await open_agent(model, persistent=True)
        before = _rows(file)
        await warm_up(agent)
        assert _rows(file) == before
        # The same messages of a person are kept: the test above could fail.
        person = uuid.uuid4().hex
        for text in MESSAGES:
            assert await send_text(agent, text, person, "rest")
        assert _rows(file)["events"] > before["events"]
    finally:
        settings.cache_clear()


async def test_what_is_written_in_a_dry_run_is_gone_also_from_threads(committed: str) -> None:
    def write() -> None:
        with session(committed) as db:
            region = db.get(Region, "210000")
            assert region is not None
            region.name = "elsewhere"
        with connection(committed) as db:
            db.execute(Region.__table__.update().values(name="nowhere"))
        assert region.name == "elsewhere"  # what was read can still be used

    with dry_run():
        write()
        await in_database(write)
    with session(committed) as db:
        region = db.get(Region, "210000")
        assert region is not None
        assert region.name == "辽宁省"

"""Migrations and imports killed at random moments; every start afterwards works.

`JIUYE_TESTS=thorough` kills 100 of each kind, `JIUYE_KILLS=250` another number, `JIUYE_SEED=N` at
other moments. Servers that answer are killed in `tests/outages`, push workers in
`tests/subscriptions/test_faults.py`.
"""

from __future__ import annotations

import json
import multiprocessing
import os
import random
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from sqlalchemy import text

from bot.db import migrate
from bot.db.session import engine
from bot.postings.ingest.importer import import_files
from bot.postings.ingest.interrupted import finish_import
from tests.databases import copied, new_on, postgres_copy, sqlite_file
from tests.profiles import long_enough, moments, size

KILLS = int(os.environ.get("JIUYE_KILLS", size(5, 100)))
#: Rows of people in the database that is migrated, and of the file that is imported.
PEOPLE, POSTINGS = 300, 300
#: Processes are forked from this one: they have all modules, and begin with their work.
_FORK = multiprocessing.get_context("fork")


def _killed_within(work: Callable[[], object], longest: float, chance: random.Random) -> bool:
    """Run something in a process of its own and kill it; False when it had ended before."""
    process = _FORK.Process(target=work, daemon=True)
    process.start()
    process.join(chance.uniform(0.0, longest))
    alive = process.is_alive()
    process.kill()
    process.join()
    return alive


def _old(url: str) -> None:
    """Make a database of an early schema with rows that point to each other."""
    migrate.upgrade(url, "0003")
    with engine(url).begin() as db:
        for number in range(1, PEOPLE + 1):
            db.execute(text("insert into seekers (id, created_at) values (:n, '2026-11-01')"), {"n": number})  # fmt: skip
            db.execute(
                text("insert into channel_identities (seeker_id, channel, address) values (:n, 'sms', :a)"),
                {"n": number, "a": f"+861380000{number:04d}"},
            )  # fmt: skip
            db.execute(
                text("insert into consents (seeker_id, purpose, channel, wording, given_at) values (:n, 'keep_preference', 'web', 'x', '2026-11-01')"),
                {"n": number},
            )  # fmt: skip
    engine(url).dispose()


def _counts(url: str) -> list[int]:
    with engine(url).begin() as db:
        names = ("seekers", "channel_identities", "consents")
        found = [int(db.scalar(text(f"select count(*) from {name}")) or 0) for name in names]
    engine(url).dispose()
    return found


def _took(work: Callable[[], object]) -> float:
    began = time.monotonic()
    work()
    return time.monotonic() - began


def _upgrade(url: str) -> None:
    engine.cache_clear()
    migrate.upgrade(url)
    engine(url).dispose()


@long_enough(KILLS)
@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
def test_a_migration_that_is_killed_leaves_what_was_there_and_is_done_by_the_next_start(
    kind: str, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    chance, cut = moments(), 0
    if kind == "sqlite":
        template = tmp_path / "old.db"
        _old(f"sqlite:///{template}")
    else:
        server = request.getfixturevalue("postgres")
        template_url = new_on(server, "killed")
        _old(template_url)
    longest = 0.0
    for number in range(KILLS):
        if kind == "sqlite":
            url = copied(template, tmp_path / f"{number}.db")
        else:
            url = new_on(server, "killed", template_url.rsplit("/", 1)[1])
        longest = longest or _took(lambda url=url: _upgrade(url)) if number == 0 else longest  # type: ignore[misc]
        if number == 0:
            continue
        cut += _killed_within(lambda url=url: _upgrade(url), longest, chance)  # type: ignore[misc]
        assert migrate.upgrade(url) == migrate.newest()
        assert _counts(url) == [PEOPLE] * 3
    print(f"{kind}: {cut} of {KILLS - 1} migrations were cut off, {longest:.2f} s each")
    assert cut > 0


def _import(url: str, file: Path) -> None:
    engine.cache_clear()
    import_files(url, [file])
    engine(url).dispose()


def _postings(url: str) -> tuple[int, ...]:
    """Return how many rows of each table an import has left."""
    tables = ("postings", "posting_origins", "employers", "posting_imports", "posting_batches")
    with engine(url).begin() as db:
        found = tuple(int(db.scalar(text(f"select count(*) from {name}")) or 0) for name in tables)
    engine(url).dispose()
    return found


@long_enough(KILLS)
@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
def test_an_import_that_is_killed_is_there_after_the_next_start_as_a_whole_or_not_at_all(
    kind: str, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    chance, cut, there = moments(), 0, 0
    file = tmp_path / "rows.jsonl"
    row = {"职位": "电焊工", "地点": "沈阳·铁西区", "薪资": "6-8千"}
    lines = (json.dumps({**row, "公司": f"第{n}厂"}, ensure_ascii=False) for n in range(POSTINGS))
    file.write_text("\n".join(lines), encoding="utf-8")
    whole, nothing = (POSTINGS, POSTINGS, POSTINGS, 0, 0), (0, 0, 0, 0, 0)
    longest = 0.0
    for number in range(KILLS + 1):
        if kind == "sqlite":
            url = copied(sqlite_file("stocked"), tmp_path / f"{number}.db")
        else:
            url = postgres_copy(request.getfixturevalue("postgres"), "stocked")
        if not number:
            longest = _took(lambda url=url: _import(url, file))  # type: ignore[misc]
            assert _postings(url) == whole
            continue
        killed = _killed_within(lambda url=url: _import(url, file), longest, chance)  # type: ignore[misc]
        engine.cache_clear()
        finish_import(url)
        left = _postings(url)
        assert left in (whole, nothing)
        cut, there = cut + killed, there + (left == whole)
        if left == nothing:
            import_files(url, [file])
            assert _postings(url) == whole
        engine(url).dispose()
    print(f"{kind}: {cut} of {KILLS} imports were cut off, {there} then written to their end")
    assert cut > 0

"""Subscriptions for the benchmark of the reverse match, drawn from the real distribution."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timezone
from itertools import islice
from pathlib import Path
from typing import Any

from benchmarks.match_data import CHUNK, build, each_preference, write
from bot.db import migrate
from bot.matching.job_preference import JobPreference

#: New postings that are put to all subscriptions.
SEED = 20261125
_NOW = datetime(2026, 11, 1, tzinfo=timezone.utc).isoformat()
_SUBSCRIPTION = (
    "id", "seeker_id", "channel", "frequency", "region_code", "any_occupation", "salary_min",
    "work_time", "education", "excluded", "also_regions", "welfare", "created_at", "expires_on",
)  # fmt: skip


def build_subscriptions(file: Path, subscriptions: int, postings: int) -> str:
    """Make a SQLite database with so many subscriptions and new postings; return its URL."""
    url = f"sqlite:///{file}"
    whole = file.with_suffix(".built")
    if not whole.exists():
        for one in file.parent.glob(f"{file.name}*"):
            one.unlink()
        build(url, postings)
        numbered = enumerate(each_preference(subscriptions, SEED), 1)
        while some := list(islice(numbered, CHUNK)):
            write(url, "seekers", ("id", "created_at"), [(n, _NOW) for n, _ in some])
            write(url, "subscriptions", _SUBSCRIPTION, [_row(n, wish) for n, wish in some])
            columns = ("subscription_id", "occupation_name", "position")
            trades = [row for n, wish in some for row in _trades(n, wish)]
            write(url, "subscription_occupations", columns, trades)
        whole.touch()
    elif migrate.current(url) != migrate.newest():
        migrate.upgrade(url)
    return url


def _row(number: int, wish: JobPreference) -> tuple[Any, ...]:
    return (
        number, number, "web", "daily", wish.region_code, not wish.occupations, wish.salary_min,
        wish.work_time, wish.education, ",".join(wish.excluded), ",".join(wish.also_regions),
        ",".join(wish.welfare), _NOW, "2027-05-01",
    )  # fmt: skip


def _trades(number: int, wish: JobPreference) -> Iterator[tuple[int, str, int]]:
    for position, name in enumerate(dict.fromkeys(wish.occupations)):
        yield number, name, position

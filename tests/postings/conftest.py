"""Postings made in one line, and a database that holds the vocabulary."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy.orm import Session

from bot.db.tables import Posting
from tests.databases import sqlite_file
from tests.factories import make_posting, saved

Post = Callable[..., Posting]


@pytest.fixture(scope="session")
def stocked_file() -> Path:
    """A SQLite database that holds the vocabulary; copy it, do not write."""
    return sqlite_file("stocked")


@pytest.fixture
def post(words: Session) -> Post:
    """Add a posting; what is not given is a guard's job in 沈阳市铁西区 for 3000–4000 a month."""

    def add(trades: tuple[str, ...] = ("保安员",), region: str = "210106", **given: Any) -> Posting:
        return saved(words, make_posting(trades, region, **given))

    return add

"""An index is built once for all databases that hold the same, and anew when one changes."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest
from sqlalchemy import delete, update
from sqlalchemy.orm import Session

from bot.db.session import session
from bot.db.tables import Policy, TextVector
from bot.policies.cache import invalidate
from bot.policies.index_cache import IndexCache
from tests.databases import sqlite_copy


class Titles:
    """A small index: the titles of the policies."""

    def __init__(self, _: Session, policies: Sequence[Policy]) -> None:
        self.titles = [policy.title for policy in policies]


@pytest.fixture
def urls(tmp_path: Path) -> tuple[str, str]:
    """Two databases with the project's policies."""
    return sqlite_copy("based", tmp_path / "one.db"), sqlite_copy("based", tmp_path / "two.db")


def test_databases_that_hold_the_same_share_an_index(urls: tuple[str, str]) -> None:
    indexes, (one, other) = IndexCache(Titles), urls
    assert indexes.current(one) is indexes.current(other)


def test_a_changed_policy_is_seen_in_its_own_database_alone(urls: tuple[str, str]) -> None:
    indexes, (one, other) = IndexCache(Titles), urls
    before = indexes.current(one)
    assert indexes.current(other) is before
    with session(other) as db:
        changed = update(Policy).where(Policy.id == "startup-loan")
        db.execute(changed.values(title="新贷款", content_hash="changed"))
    invalidate()
    assert "新贷款" in indexes.current(other).titles
    assert indexes.current(one) is before


def test_a_base_without_vectors_has_an_index_of_its_own(urls: tuple[str, str]) -> None:
    indexes, (one, other) = IndexCache(Titles), urls
    with session(other) as db:
        db.execute(delete(TextVector))
    assert indexes.current(one) is not indexes.current(other)

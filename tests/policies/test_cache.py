"""A policy kept in memory: read once, read anew when the base has another."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from sqlalchemy import event, update
from sqlalchemy.orm import Session

from bot.db.session import engine, session
from bot.db.tables import Policy, PolicyName
from bot.policies import cache


def put(db: Session, title: str, stamp: str) -> None:
    there = db.get(Policy, "test-policy")
    if there is None:
        name = PolicyName(name="测试", position=0)
        db.add(Policy(id="test-policy", title=title, content_hash=stamp, names=[name]))
    else:
        there.title, there.content_hash = title, stamp
    db.flush()


@contextmanager
def counted(db: Session) -> Iterator[list[str]]:
    """Collect the statements that a database is asked meanwhile."""
    asked: list[str] = []
    listen = lambda *given: asked.append(given[2])  # noqa: E731
    event.listen(db.get_bind(), "before_cursor_execute", listen)
    yield asked
    event.remove(db.get_bind(), "before_cursor_execute", listen)


def test_a_session_that_changed_policies_asks_for_the_stamps_alone(words: Session) -> None:
    put(words, "一", "kept-1")
    cache.policy(words, "test-policy")
    with counted(words) as asked:
        again = cache.policy(words, "test-policy")
    assert again is not None
    assert again.title == "一"
    assert [one.name for one in again.names] == ["测试"]
    assert len(asked) == 1


def test_the_next_question_asks_the_base_nothing_until_its_trust_ends(
    committed: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    with session(committed) as db:
        put(db, "一", "kept-6")
    with session(committed) as db:
        cache.policy(db, "test-policy")
        with counted(db) as asked:
            assert cache.policy(db, "test-policy") is not None
        assert asked == []
    with engine(committed).begin() as other:  # as another process would
        other.execute(update(Policy).values(title="二", content_hash="kept-7"))
    monkeypatch.setattr(cache, "FRESH_SECONDS", 0.0)
    with session(committed) as db:
        read = cache.policy(db, "test-policy")
    assert read is not None
    assert read.title == "二"


def test_what_this_process_committed_is_answered_at_once(committed: str) -> None:
    for title, stamp in (("旧", "kept-8"), ("新", "kept-9")):
        with session(committed) as db:
            put(db, title, stamp)
        with session(committed) as db:
            read = cache.policy(db, "test-policy")
        assert read is not None
        assert read.title == title


def test_what_was_rolled_back_is_nobodys_answer(committed: str) -> None:
    with session(committed) as db:
        put(db, "一", "kept-10")
        assert cache.policy(db, "test-policy") is not None
        db.rollback()
    with session(committed) as db:
        assert cache.policy(db, "test-policy") is None


def test_what_was_loaded_anew_is_answered_at_once(words: Session) -> None:
    put(words, "旧", "kept-2")
    cache.policy(words, "test-policy")
    put(words, "新", "kept-3")
    read = cache.policy(words, "test-policy")
    assert read is not None
    assert read.title == "新"


def test_it_outlives_the_session_that_asked(words: Session) -> None:
    put(words, "一", "kept-4")
    read = cache.policy(words, "test-policy")
    words.rollback()
    assert read is not None
    assert (read.title, list(read.versions)) == ("一", [])


def test_a_policy_that_is_gone_is_not_remembered(words: Session) -> None:
    put(words, "一", "kept-5")
    cache.policy(words, "test-policy")
    words.delete(words.get_one(Policy, "test-policy"))
    words.flush()
    assert cache.policy(words, "test-policy") is None

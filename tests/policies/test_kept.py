"""A policy kept in memory: read once, read anew when the base has another."""

from __future__ import annotations

from sqlalchemy import event
from sqlalchemy.orm import Session

from bot.db.tables import Policy, PolicyName
from bot.policies import kept


def put(db: Session, title: str, stamp: str) -> None:
    there = db.get(Policy, "test-policy")
    if there is None:
        name = PolicyName(name="测试", position=0)
        db.add(Policy(id="test-policy", title=title, content_hash=stamp, names=[name]))
    else:
        there.title, there.content_hash = title, stamp
    db.flush()


def test_the_second_question_reads_nothing_but_the_stamp(words: Session) -> None:
    put(words, "一", "kept-1")
    kept.policy(words, "test-policy")
    asked: list[str] = []
    listen = lambda *given: asked.append(given[2])  # noqa: E731
    event.listen(words.get_bind(), "before_cursor_execute", listen)
    again = kept.policy(words, "test-policy")
    event.remove(words.get_bind(), "before_cursor_execute", listen)
    assert again is not None
    assert again.title == "一"
    assert [one.name for one in again.names] == ["测试"]
    assert len(asked) == 1


def test_what_was_loaded_anew_is_answered_at_once(words: Session) -> None:
    put(words, "旧", "kept-2")
    kept.policy(words, "test-policy")
    put(words, "新", "kept-3")
    read = kept.policy(words, "test-policy")
    assert read is not None
    assert read.title == "新"


def test_it_outlives_the_session_that_asked(words: Session) -> None:
    put(words, "一", "kept-4")
    read = kept.policy(words, "test-policy")
    words.rollback()
    assert read is not None
    assert (read.title, list(read.versions)) == ("一", [])


def test_a_policy_that_is_gone_is_not_remembered(words: Session) -> None:
    put(words, "一", "kept-5")
    kept.policy(words, "test-policy")
    words.delete(words.get_one(Policy, "test-policy"))
    words.flush()
    assert kept.policy(words, "test-policy") is None

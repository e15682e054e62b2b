"""A policy loaded after training answers at once, whatever the model takes its question for."""

from __future__ import annotations

import uuid

import pytest

from bot.db.session import session
from bot.handlers.policy import answer_policy
from bot.policies.load import load
from bot.routing.router import answer
from bot.settings import settings
from bot.turns.turn import Topic, Turn
from tests.policies.test_search import NEW


@pytest.fixture
def after_training(committed: str, tmp_path, monkeypatch: pytest.MonkeyPatch):  # type: ignore[no-untyped-def]
    """A database that holds one policy which no utterance was written for."""
    (tmp_path / "topics.yml").write_text("new-thing: 上岗红包\n", "utf-8")
    (tmp_path / "new.yml").write_text(NEW, "utf-8")
    with session(committed) as db:
        load(db, tmp_path)
    monkeypatch.setenv("DATABASE_URL", committed)
    settings.cache_clear()
    yield
    settings.cache_clear()


def _turn(text: str, act: str, *topics: Topic, sure: bool = True, **slots: object) -> Turn:
    return Turn(
        text, act, 0.9, list(topics), [], dict(slots), topic_sure=sure, address=uuid.uuid4().hex
    )


@pytest.mark.parametrize("act", ["policy", "out_of_scope", "nlu_fallback", "inform"])
@pytest.mark.parametrize("sure", [True, False])
def test_its_name_is_enough(after_training: None, act: str, sure: bool) -> None:
    turn = _turn("上岗红包是啥", act, Topic("jobseeking-subsidy", 0.5), sure=sure)
    (message,) = answer(turn)
    assert (message.status, message.topics) == ("answered", ["new-thing"])
    assert "到岗就给的补助" in message.text
    assert turn.changes["topic"] == "new-thing"


def test_what_follows_is_about_it_as_well(after_training: None) -> None:
    turn = _turn("那要啥材料", "policy", Topic("context", 0.9), topic="new-thing", subject="policy")
    (message,) = answer(turn)
    assert message.topics == ["new-thing"]


def test_what_does_not_name_it_goes_its_way(after_training: None) -> None:
    (message,) = answer(_turn("今天天气咋样", "out_of_scope"))
    assert message.status == "out_of_scope"


@pytest.mark.parametrize("act", ["station", "report_posting", "training"])
def test_an_act_with_a_reply_of_its_own_needs_no_topic_of_this_turn(
    after_training: None, act: str
) -> None:
    turn = _turn("\ufdfa" * 3, act, topic="new-thing", subject="policy")
    message = answer_policy(turn)
    assert message.act == act

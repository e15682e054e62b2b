"""Messages without a sure act: what the arbiter reads of a first message decides, not its trades."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from bot.dialogue.readings import Reading
from bot.handlers.short_answers import answer_unclear
from bot.messages import Message
from bot.settings import settings
from bot.turns.turn import Topic, Turn
from bot.understanding.entity_extractor import message_reader
from tests.conftest import new_database


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def policies(request: pytest.FixtureRequest) -> str:
    """The URL of a database with the project's policies."""
    return new_database(request, "based")


@pytest.fixture
def base(policies: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """That database as the settings' own."""
    monkeypatch.setenv("DATABASE_URL", policies)
    settings.cache_clear()
    yield
    settings.cache_clear()


def _unclear(text: str, field: str, topic: str) -> Message:
    entities = [dict(entity) for entity in message_reader().read(text)]
    turn = Turn(text, "nlu_fallback", 0.3, [Topic(topic, 0.95)], entities, {})
    turn.reading = Reading(field, 0.9, "open", 0.9)
    return answer_unclear(turn)


def test_a_first_message_read_as_a_policy_is_answered_by_it_whatever_trade_it_names(
    base: None,
) -> None:
    message = _unclear("他在物业看车库，上个月给清退了，补偿咋说", "knowledge", "severance")
    assert message.act == "policy"
    assert "补偿" in message.text


def test_one_that_asks_what_there_is_begins_the_interview(base: None) -> None:
    message = _unclear("他在物业看车库，没收入了，有啥能申请的", "knowledge", "severance")
    assert message.act == "eligibility"


def test_one_read_as_work_is_a_search(base: None) -> None:
    message = _unclear("物业看车库", "jobs", "severance")
    assert message.act in ("find_job", "refine_job")

"""A message that its sender sends again is taken once and answered the same."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

import pytest
from rasa.core.agent import Agent
from sqlalchemy import select

from bot.channels.rest import _answer
from bot.db.session import engine, session
from bot.db.tables import ConversationEvent
from bot.messaging import event_log
from bot.runtime.agent import Collector, open_agent
from bot.runtime.idempotency import RepeatableMessage

pytestmark = pytest.mark.model


async def _agent(model: Path) -> Agent:
    """An agent as a process has that has just started: it remembers nobody."""
    return await open_agent(model, persistent=True)


def _message(text: str, name: str, sender: str = "again") -> RepeatableMessage:
    return RepeatableMessage(text, Collector("rest"), sender, input_channel="rest", message_id=name)


async def _say(agent: Agent, text: str, name: str, sender: str = "again") -> list[dict[str, Any]]:
    return await _answer(agent.handle_message, _message(text, name, sender))


def _stored(sender: str = "again") -> list[str]:
    with session() as db:
        return list(
            db.scalars(
                select(ConversationEvent.type_name)
                .where(ConversationEvent.sender_id == sender)
                .where(ConversationEvent.type_name.in_(("user", "bot")))
                .order_by(ConversationEvent.id)
            )
        )


async def test_the_answer_is_the_stored_one_whoever_is_asked_and_however_often(
    model: Path, here: str
) -> None:
    one, other = await _agent(model), await _agent(model)
    first = await _say(one, "你好", "m1")
    second = await _say(one, "你都能干啥", "m2")
    assert first != second
    before = _stored()
    assert before.count("user") == 2
    for agent in (one, other):
        assert await _say(agent, "你都能干啥", "m2") == second
        assert await _say(agent, "你好", "m1") == first
    assert _stored() == before
    third = await _say(other, "谢谢", "m3")
    assert await _say(one, "谢谢", "m3") == third
    assert _stored().count("user") == 3
    await _say(one, "你好", "m1", "somebody else")
    assert _stored().count("user") == 3
    assert _stored("somebody else").count("user") == 1


async def test_one_that_is_sent_again_while_it_is_answered_waits_for_that_answer(
    model: Path, here: str
) -> None:
    agent = await _agent(model)
    answers = await asyncio.gather(*(_say(agent, "你都能干啥", "m1") for _ in range(4)))
    assert answers[1:] == answers[:1] * 3
    assert _stored().count("user") == 1


async def test_of_lines_read_as_one_the_last_has_the_answer(model: Path, here: str) -> None:
    agent = await _agent(model)
    whole = _message("你好，你都能干啥", "k1 k2 k3")
    answer = await _answer(agent.handle_message, whole)
    again = _message("你都能干啥", "k2 k3")
    assert await _answer(agent.handle_message, again) == answer
    earlier = _message("你好", "k1")
    await agent.handle_message(earlier)
    assert earlier.answered_later
    assert earlier.output_channel.messages == []
    assert _stored().count("user") == 1


def test_only_what_was_said_lately_is_looked_through(here: str) -> None:
    def said(kind: str, **more: object) -> dict[str, object]:
        return {"event": kind, "timestamp": 1.0, **more}

    def asked(n: int) -> list[dict[str, object]]:
        return [said("user", text="问", message_id=f"m{n}"), said("slot", name="age", value=n),
                said("bot", text=f"答{n}", data={"custom": None, "buttons": []})]  # fmt: skip

    with engine(here).begin() as db:
        for n in range(100):
            event_log.add(db, "a", asked(n))
        found = event_log.answer_to(db, "a", "m99")
        assert found is not None
        assert (found.last, found.messages) == (True, [{"text": "答99"}])
        assert event_log.answer_to(db, "a", "m80") is not None
        assert event_log.answer_to(db, "a", "m1") is None
        assert event_log.answer_to(db, "b", "m99") is None
        assert event_log.answer_to(db, "a", "99") is None

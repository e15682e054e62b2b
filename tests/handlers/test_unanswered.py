"""What is kept of a message that the bot could not answer."""

from __future__ import annotations

from typing import Any

import pytest
from rasa_sdk import Tracker
from rasa_sdk.executor import CollectingDispatcher
from sqlalchemy import select

from actions.answer import ActionAnswer
from bot.db.session import session
from bot.db.tables import UnansweredQuestion
from bot.understanding.entity_extractor import message_reader


class Talk:
    """One person's messages through the action of the domain, as Rasa calls it."""

    def __init__(self) -> None:
        self.slots: dict[str, Any] = {}
        self.events: list[dict[str, Any]] = []

    def say(self, text: str, act: str, topic: str = "") -> list[dict[str, Any]]:
        """Say a text that the model takes for an act; the answers."""
        latest = {
            "text": text, "intent": {"name": act, "confidence": 0.95},
            "entities": [dict(one) for one in message_reader().read(text)],
            "topics": [{"name": topic, "confidence": 0.9}] if topic else [],
        }  # fmt: skip
        self.events.append({"event": "user", "text": text, "timestamp": 1.0})
        tracker = Tracker("web-anna", self.slots, latest, self.events, False, None, {}, None)
        tracker.latest_input_channel = "web"
        dispatcher = CollectingDispatcher()
        for event in ActionAnswer().run(dispatcher, tracker, {}):
            self.slots[event["name"]] = event["value"]
        return [message["custom"] for message in dispatcher.messages]


def _kept() -> list[tuple[str, str, str | None]]:
    with session() as db:
        rows = db.scalars(select(UnansweredQuestion).order_by(UnansweredQuestion.id))
        return [(row.kind, row.text, row.region_code) for row in rows]


@pytest.fixture
def talk(here: str) -> Talk:
    """A person's talk on a database of its own."""
    return Talk()


def test_what_is_out_of_scope_is_kept_once_without_its_person(talk: Talk) -> None:
    text = "我叫张三丰，电话13912345678，彩票中奖了咋领"
    assert talk.say(text, "out_of_scope")[0]["status"] == "out_of_scope"
    talk.say(text, "out_of_scope")  # said again: the same question
    ((kind, kept, region),) = _kept()
    assert (kind, region) == ("out_of_scope", None)
    assert "彩票中奖了" in kept
    assert "张三丰" not in kept
    assert "139" not in kept


def test_what_was_not_understood_is_kept(talk: Talk) -> None:
    (answer, *_) = talk.say("嗯那个就是那个", "nlu_fallback")
    assert (answer["status"], answer.get("asks")) == ("clarify", "topic")
    assert [kind for kind, *_ in _kept()] == ["unclear"]


@pytest.mark.parametrize(
    ("text", "act"),
    [("你好", "greet"), ("你们存了我啥", "my_data"), ("不想活了", "distress"), ("谢谢", "thanks")],
)
def test_what_was_answered_and_what_is_nobodys_business_is_not_kept(
    talk: Talk, text: str, act: str
) -> None:
    talk.say(text, act)
    assert _kept() == []


def test_the_region_spoken_of_is_kept_and_one_outside_is_not(talk: Talk) -> None:
    talk.slots = {"region_code": "210106"}
    talk.say("彩票中奖了咋领", "out_of_scope")
    talk.slots = {"region_code": "110101"}
    talk.say("护照在哪换", "out_of_scope")
    assert [region for *_, region in _kept()] == ["210106", None]

"""The actions' outermost edge, with rasa-sdk's own dispatcher and tracker."""

from __future__ import annotations

from typing import Any

import pytest
from rasa_sdk import Tracker
from rasa_sdk.executor import ActionExecutor, CollectingDispatcher

from actions.reply import ActionMyData
from actions.turn import Turn, TurnAction
from bot.messages import Message
from bot.settings import ROOT


def _tracker(text: str, intent: str, slots: dict[str, Any]) -> Tracker:
    message = {"text": text, "intent": {"name": intent, "confidence": 0.9}, "entities": []}
    return Tracker("a", slots, message, [], False, None, {}, "action_listen")


class Broken(TurnAction):
    """An action whose database is away."""

    def name(self) -> str:
        return "action_broken"

    def answer(self, turn: Turn) -> Message:
        raise OSError("the database is away")


def test_a_failing_action_says_so_plainly_and_logs_no_text(
    caplog: pytest.LogCaptureFixture,
) -> None:
    said = CollectingDispatcher()
    events = Broken().run(said, _tracker("我电话13800138000", "policy", {}), {})
    assert events == []
    (message,) = said.messages
    assert message["custom"]["status"] == "error"
    assert "12333" in message["custom"]["text"]
    assert "action_broken failed" in caplog.text
    assert "13800138000" not in caplog.text


def test_all_that_was_said_is_forgotten_on_request() -> None:
    said = CollectingDispatcher()
    slots = {"region": "沈阳市", "occupation": ["会计"], "age": None}
    events = ActionMyData().run(said, _tracker("把我的信息删了", "my_data", slots), {})
    assert {event["name"]: event["value"] for event in events} == {
        "region": None,
        "occupation": None,
    }


def test_asking_what_is_kept_keeps_it() -> None:
    said = CollectingDispatcher()
    slots = {"region": "沈阳市"}
    assert ActionMyData().run(said, _tracker("你们存了我啥", "my_data", slots), {}) == []


def test_the_domain_names_exactly_the_actions_there_are() -> None:
    executor = ActionExecutor()
    executor.register_package("actions")
    domain = (ROOT / "domain.yml").read_text(encoding="utf-8")
    named = {line[2:] for line in domain.splitlines() if line.startswith("- action_")}
    assert named == set(executor.actions) - {"action_broken"}

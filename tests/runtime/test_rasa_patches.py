"""What we replace in Rasa: it does the same, and we notice when Rasa changes it."""

from __future__ import annotations

import asyncio
import hashlib
import inspect
import threading
from pathlib import Path
from typing import Any

import pytest
from jsonschema import ValidationError
from rasa.core import agent, processor
from rasa.core.actions import action
from rasa.core.actions.action import RemoteAction
from rasa.core.channels.channel import UserMessage
from rasa.core.policies import rule_policy
from rasa.engine.runner import dask
from rasa.shared.core import events, trackers
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import Event, UserUttered
from rasa.shared.utils.common import all_subclasses

from bot.runtime import rasa_patches
from bot.runtime.action_endpoints import ActionServer, InProcessActionEndpoint
from bot.runtime.message_processor import Processor, finds_slots
from bot.runtime.rasa_patches import apply_patches
from bot.settings import settings

#: Digests of Rasa 3.6.21's files that we replace parts of or build upon. Where one differs, look at
#: what changed in it against bot/runtime/rasa_patches.py, message_processor.py, graph_runner.py,
#: prediction_cache.py, tracker.py.
KNOWN = {
    action: "b90c613528b39d6d",
    agent: "8e508ab2acd9fc6f",
    dask: "fc92eebf60a37336",
    events: "f1a1ae297bee6c48",
    processor: "f42dfbf26e2ffcb6",
    rule_policy: "952d1a13906511ac",
    trackers: "33eababde59f2ef8",
}


@pytest.mark.parametrize("module", KNOWN, ids=lambda module: module.__name__)
def test_rasa_is_the_one_that_was_looked_at(module: object) -> None:
    text = Path(inspect.getfile(module)).read_bytes()  # type: ignore[arg-type]
    assert hashlib.sha256(text).hexdigest()[:16] == KNOWN[module]  # type: ignore[index]


def test_an_action_servers_answer_is_checked() -> None:
    apply_patches()
    asked = RemoteAction("action_answer", ActionServer("http://127.0.0.1:1/webhook"))
    good = {"events": [{"event": "slot", "name": "age", "value": 5}], "responses": [{"text": "好"}]}
    assert asked._validate_action_result(good)
    for wrong in (
        {"events": [{"event": "nonsense"}], "responses": []},
        {"events": [{"name": "age"}]},
        {"events": [], "responses": "好"},
        ["好"],
    ):
        with pytest.raises(ValidationError):
            asked._validate_action_result(wrong)


def test_what_a_server_sent_is_not_quoted_in_the_error() -> None:
    apply_patches()
    asked = RemoteAction("action_answer", ActionServer("http://127.0.0.1:1/webhook"))
    with pytest.raises(ValidationError) as refused:
        asked._validate_action_result({"events": [{"event": "13800138000"}]})
    assert "13800138000" not in str(refused.value)


def test_every_type_of_event_is_found_as_rasa_finds_it() -> None:
    apply_patches()
    for kind in all_subclasses(Event):
        first = next(one for one in all_subclasses(Event) if one.type_name == kind.type_name)
        assert Event.resolve_by_type(kind.type_name) is first
    assert Event.resolve_by_type("topic") is None
    assert Event.resolve_by_type("unheard", UserUttered) is UserUttered
    with pytest.raises(ValueError, match="unheard"):
        Event.resolve_by_type("unheard")


@pytest.mark.model
async def test_a_text_heard_before_is_understood_the_same_and_each_gets_its_own(
    model: Path,
) -> None:
    from bot.runtime.agent import open_agent

    opened = await open_agent(model)
    assert opened.processor is not None
    said = UserMessage("大连找个会计的活", message_id="1", metadata={"n": 1})
    first = await opened.processor.parse_message(said)
    expected = first["entities"][0]["value"]
    first["entities"][0]["value"] = "changed by an action"
    again = await opened.processor.parse_message(
        UserMessage("大连找个会计的活", message_id="2", metadata={"n": 2})
    )
    assert again["entities"][0]["value"] == expected
    assert (again["message_id"], again["metadata"]) == ("2", {"n": 2})
    assert again["intent"] == first["intent"]


@pytest.mark.model
@pytest.mark.parametrize("text", ["大连招电焊工吗", "我干了二十年电焊，" * 20])
async def test_others_are_served_while_a_text_is_understood(
    model: Path, monkeypatch: pytest.MonkeyPatch, text: str
) -> None:
    from bot.runtime.agent import open_agent

    opened = await open_agent(model)
    assert opened.processor is not None
    expected = await opened.processor.parse_message(UserMessage(text))
    opened.processor._parses.clear()
    served, real = threading.Event(), processor.MessageProcessor._parse_message_with_graph

    def slow(*given: Any) -> Any:
        assert served.wait(10), "nobody was served meanwhile"
        return real(*given)

    monkeypatch.setattr(processor.MessageProcessor, "_parse_message_with_graph", slow)
    slowly = asyncio.create_task(opened.processor.parse_message(UserMessage(text)))
    await asyncio.sleep(0)
    served.set()
    assert (await slowly)["intent"] == expected["intent"]
    assert (await slowly)["entities"] == expected["entities"]


@pytest.mark.model
@pytest.mark.parametrize("most", [0, 2])
async def test_no_more_texts_are_remembered_than_the_operator_wants(
    model: Path, monkeypatch: pytest.MonkeyPatch, most: int
) -> None:
    from bot.runtime.agent import open_agent

    monkeypatch.setenv("JIUYE_REMEMBERED_TEXTS", str(most))
    settings.cache_clear()
    opened = await open_agent(model)
    monkeypatch.undo()
    settings.cache_clear()
    assert isinstance(opened.processor, Processor)
    for text in ("你好", "谢谢", "再见", "你好"):
        await opened.processor.parse_message(UserMessage(text))
    assert [text for text, _ in opened.processor._parses] == ["再见", "你好"][2 - most :]


@pytest.mark.model
async def test_the_graph_gives_what_dask_gives(model: Path) -> None:
    from rasa.shared.core.trackers import DialogueStateTracker

    from bot.runtime.agent import open_agent

    opened = await open_agent(model)
    assert opened.processor is not None
    runner, data = opened.processor.graph_runner, opened.processor.model_metadata
    tracker = DialogueStateTracker.from_events("anna", [])
    for target, inputs in (
        (data.nlu_target, {"__message__": [UserMessage("失业金怎么领")], "__tracker__": tracker}),
        (data.core_target, {"__tracker__": tracker}),
    ):
        ours = runner.run(inputs=inputs, targets=[target])[target]
        theirs = dask.DaskGraphRunner.run(runner, inputs=inputs, targets=[target])[target]
        assert _seen(ours) == _seen(theirs)


def _seen(output: object) -> object:
    """Return what can be compared of an output."""
    if isinstance(output, list):
        return [message.as_dict() for message in output]
    return output.probabilities  # type: ignore[attr-defined]


def test_rasas_own_actions_are_made_once_and_are_those_of_rasa() -> None:
    apply_patches()
    here = InProcessActionEndpoint()
    first, again = (action.default_actions(here) for _ in range(2))
    assert all(one is other for one, other in zip(first, again, strict=True))
    theirs = rasa_patches._make_default_actions(here)
    assert [type(one) for one in first] == [type(one) for one in theirs]
    assert first[0] is not action.default_actions(InProcessActionEndpoint())[0]
    # What held more than how it was made could mix up two conversations.
    known = {"_action_endpoint", "utter_action", "silent_fail"}
    assert all(set(vars(one)) <= known for one in first)


def test_slots_are_looked_for_where_the_domain_says_so() -> None:
    domain = "version: '3.1'\nslots: {age: {type: any, mappings: [{type: %s}]}}\nactions: [%s]"
    assert not finds_slots(Domain.from_yaml(domain % ("custom", "action_answer")))
    assert finds_slots(Domain.from_yaml(domain % ("custom", "action_validate_slot_mappings")))
    assert finds_slots(Domain.from_yaml(domain % ("custom, action: action_age", "action_answer")))
    assert finds_slots(Domain.from_yaml(domain % ("from_text", "action_answer")))


async def test_actions_here_share_nothing_with_the_tracker() -> None:
    here = InProcessActionEndpoint()
    slots = {"age": 40, "seen": [1, 2]}
    here._executor.register_function("action_changes", _changes)
    call = {
        "next_action": "action_changes", "sender_id": "anna",
        "tracker": {"sender_id": "anna", "slots": slots, "events": [], "latest_message": {}},
    }  # fmt: skip
    answer = await here.request(json=call)
    assert slots == {"age": 40, "seen": [1, 2]}
    assert answer is not None
    assert answer["events"][0]["value"] == [[1, 2]]  # as a server would send a tuple


def _changes(dispatcher: object, tracker: object, domain: object) -> list[dict[str, object]]:
    tracker.slots["seen"].append(3)  # type: ignore[attr-defined]
    return [{"event": "slot", "name": "seen", "value": [(1, 2)], "timestamp": None}]

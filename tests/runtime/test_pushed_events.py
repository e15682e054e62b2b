"""Pushes in Rasa's own tracker store, beside a conversation that goes on at the same time."""

import asyncio
from pathlib import Path

import pytest
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import ActionExecuted, BotUttered, SessionStarted, SlotSet, UserUttered

from bot.delivery.sender import Outgoing
from bot.messages import Message
from bot.runtime.pushed_events import TrackedConversations
from bot.runtime.tracker_store import DatabaseTrackerStore
from bot.settings import ROOT
from tests.databases import sqlite_copy

PUSH = Outgoing(
    1, "digest:1:abc", "web", "anna", "digest", Message(text="你订的新岗位来了2个。").to_dict(),
    {"shown": [7, 8], "subject": "job"},
)  # fmt: skip


@pytest.fixture
def store(tmp_path: Path) -> DatabaseTrackerStore:
    """Rasa's tracker store on a database of its own."""
    url = sqlite_copy("empty", tmp_path / "trackers.db")
    return DatabaseTrackerStore(Domain.load(str(ROOT / "domain.yml")), host=url)


async def test_a_push_stands_in_the_conversation_with_the_slots_it_sets(
    store: DatabaseTrackerStore,
) -> None:
    await TrackedConversations(store).note(PUSH)
    tracker = await store.retrieve("anna")
    assert tracker is not None
    assert tracker.get_slot("shown") == [7, 8]
    assert tracker.get_slot("subject") == "job"
    (said,) = [event for event in tracker.events if isinstance(event, BotUttered)]
    assert said.text == "你订的新岗位来了2个。"
    assert said.data["custom"]["type"] == "text"


async def test_noting_it_twice_notes_it_once(store: DatabaseTrackerStore) -> None:
    talk = TrackedConversations(store)
    for _ in range(2):
        await talk.note(PUSH)
    tracker = await store.retrieve("anna")
    assert tracker is not None
    assert sum(isinstance(event, BotUttered) for event in tracker.events) == 1


async def test_what_the_person_says_at_that_moment_is_not_lost(store: DatabaseTrackerStore) -> None:
    """Rasa has read the conversation and not yet saved it when the worker adds the push."""
    tracker = await store.get_or_create_tracker("anna")
    tracker.update_with_events(
        [SessionStarted(), ActionExecuted("action_listen"), UserUttered("你好")], store.domain
    )
    await store.save(tracker)
    answering = await store.retrieve("anna")
    assert answering is not None
    await TrackedConversations(store).note(PUSH)
    answering.update_with_events(
        [
            SlotSet("region", "沈阳市"),
            ActionExecuted("action_answer"),
            BotUttered("好"),
            UserUttered("再见"),
        ],
        store.domain,
    )
    await store.save(answering)
    after = await store.retrieve("anna")
    assert after is not None
    assert [e.text for e in after.events if isinstance(e, UserUttered)] == ["你好", "再见"]
    assert [e.text for e in after.events if isinstance(e, BotUttered)] == [
        "你订的新岗位来了2个。",
        "好",
    ]
    assert (after.get_slot("region"), after.get_slot("shown")) == ("沈阳市", [7, 8])


async def test_saving_a_conversation_twice_stores_it_once(store: DatabaseTrackerStore) -> None:
    tracker = await store.get_or_create_tracker("anna")
    tracker.update(UserUttered("你好"), store.domain)
    await store.save(tracker)
    await store.save(tracker)
    after = await store.retrieve("anna")
    assert after is not None
    assert sum(isinstance(event, UserUttered) for event in after.events) == 1


async def test_many_pushes_at_once_all_stand_there(store: DatabaseTrackerStore) -> None:
    talk = TrackedConversations(store)
    pushes = [
        Outgoing(n, f"k{n}", "web", "anna", "digest", Message(text=str(n)).to_dict(), {})
        for n in range(4)
    ]
    await asyncio.gather(*(talk.note(one) for one in pushes))
    tracker = await store.retrieve("anna")
    assert tracker is not None
    assert {e.text for e in tracker.events if isinstance(e, BotUttered)} == {"0", "1", "2", "3"}

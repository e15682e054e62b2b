"""Conversations in the database: nothing lost, nothing read twice, none that grows for ever."""

from __future__ import annotations

import time

from rasa.shared.core.events import (
    BotUttered,
    ConversationPaused,
    SessionStarted,
)
from rasa.shared.core.trackers import DialogueStateTracker, EventVerbosity
from sqlalchemy import delete

from bot.db.session import engine
from bot.db.tables import ConversationEvent
from bot.messages import Erased
from bot.messaging import event_log
from bot.runtime.tracker_store import (
    KEPT_TURNS,
    MAX_TURNS,
    TrackerCache,
)
from tests.db.asked import statements
from tests.runtime.stored_talks import DOMAIN, heard, opened, say, session_start, turn


async def test_what_one_worker_saved_another_reads_the_same(database: str, anna: str) -> None:
    store = opened(database)
    await say(store, anna, [*session_start(), *turn("你好", age=52)])
    mine, other = await store.retrieve(anna), await opened(database).retrieve(anna)
    assert mine.current_state(EventVerbosity.ALL) == other.current_state(EventVerbosity.ALL)
    assert other.get_slot("age") == 52


async def test_the_turn_that_had_everything_deleted_is_not_kept_itself(
    database: str, anna: str
) -> None:
    store = opened(database)
    await say(store, anna, [*session_start(), *turn("我在铁西", age=52)])
    last = Erased(act="my_data", text="好，全删了。").to_dict()
    deleting = turn("确定删")
    deleting[2] = BotUttered(last["text"], {"custom": last})
    with engine(database).begin() as db:
        event_log.forget(db, anna)  # as the action does
    await say(store, anna, deleting)
    with engine(database).connect() as db:
        assert event_log.read(db, anna, all_events=True).rows == []
    await say(store, anna, [*session_start(), *turn("你好")])
    again = await store.retrieve(anna)
    assert (heard(again), again.get_slot("age")) == (["你好"], None)


async def test_workers_that_take_turns_lose_no_word_and_no_slot(database: str, anna: str) -> None:
    one, two = opened(database), opened(database)
    await say(one, anna, session_start())
    for n in range(12):
        await say((one, two)[n % 3 % 2], anna, turn(str(n), **{("age", "salary_min")[n % 2]: n}))
    for store in (one, two):
        tracker = await store.retrieve(anna)
        assert heard(tracker) == [str(n) for n in range(12)]
        assert (tracker.get_slot("age"), tracker.get_slot("salary_min")) == (10, 11)


async def test_a_remembered_conversation_is_not_read_again(database: str, anna: str) -> None:
    store = opened(database)
    await say(store, anna, [*session_start(), *turn("你好")])
    with statements(engine(database)) as asked:
        await say(store, anna, turn("再见"))
    assert len(asked) == 2  # whether anything is new; what is added
    assert not any("events.data" in statement.split("FROM")[0] for statement, _ in asked)


async def test_a_failure_before_saving_leaves_nothing_behind(database: str, anna: str) -> None:
    store = opened(database)
    await say(store, anna, [*session_start(), *turn("你好", age=52)])
    failed = await store.retrieve(anna)
    failed.update_with_events(turn("半句", age=1), DOMAIN)
    after = await store.retrieve(anna)
    assert heard(after) == ["你好"]
    assert after.get_slot("age") == 52


async def test_a_conversation_that_was_deleted_is_forgotten_at_once(
    database: str, anna: str
) -> None:
    store = opened(database)
    await say(store, anna, [*session_start(), *turn("你好", age=52)])
    with engine(database).begin() as db:
        db.execute(delete(ConversationEvent).where(ConversationEvent.sender_id == anna))
    tracker = await store.retrieve(anna)
    assert not tracker.events
    assert tracker.get_slot("age") is None
    assert not await store.exists(anna)


async def test_a_long_conversation_is_held_from_twenty_turns_back_with_its_slots(
    database: str, anna: str
) -> None:
    store = opened(database)
    await say(store, anna, session_start())
    await say(store, anna, turn("0", age=52, seen=[1, 2]))
    for n in range(1, 95):
        await say(store, anna, turn(str(n), salary_min=n))
    for tracker in (await store.retrieve(anna), await opened(database).retrieve(anna)):
        turns = len(heard(tracker))
        assert KEPT_TURNS <= turns <= MAX_TURNS
        assert heard(tracker) == [str(n) for n in range(95)][-turns:]
        assert (tracker.get_slot("age"), tracker.get_slot("seen")) == (52, [1, 2])
        assert tracker.get_slot("salary_min") == 94
        # Rasa copies trackers by replaying their events.
        replayed = DialogueStateTracker.copy(tracker)
        assert replayed.current_slot_values() == tracker.current_slot_values()


async def test_a_paused_conversation_is_not_cut(database: str, anna: str) -> None:
    store = opened(database)
    await say(store, anna, [*session_start(), ConversationPaused()])
    for n in range(MAX_TURNS + 5):
        await say(store, anna, turn(str(n)))
    tracker = await opened(database).retrieve(anna)
    assert tracker.is_paused()


async def test_a_new_session_begins_with_the_slots_it_carries_on(database: str, anna: str) -> None:
    store = opened(database)
    await say(store, anna, [*session_start(), *turn("早", age=52, topic="a")])
    await say(store, anna, [*session_start(age=52), *turn("晚")])
    for tracker in (await store.retrieve(anna), await opened(database).retrieve(anna)):
        assert heard(tracker) == ["晚"]
        assert (tracker.get_slot("age"), tracker.get_slot("topic")) == (52, None)
        assert isinstance(tracker.events[0], SessionStarted)
    full = await store.retrieve_full_tracker(anna)
    assert full is not None
    assert heard(full) == ["早", "晚"]


async def test_rasas_own_trackers_are_saved_as_well(database: str, anna: str) -> None:
    store = opened(database)
    tracker = DialogueStateTracker(anna, DOMAIN.slots)
    tracker.update_with_events([*session_start(), *turn("你好", age=52)], DOMAIN)
    await store.save(tracker)
    assert heard(await opened(database).retrieve(anna)) == ["你好"]


async def test_hundreds_of_events_cost_one_statement(database: str, anna: str) -> None:
    store = opened(database)
    began = time.perf_counter()
    await say(store, anna, [*session_start(), *(e for n in range(60) for e in turn(str(n)))])
    assert time.perf_counter() - began < 2
    assert heard(await opened(database).retrieve(anna))[-1] == "59"


def test_what_is_remembered_is_bounded() -> None:
    from bot.runtime.tracker import Tracker

    held = TrackerCache(max_events=20)
    for n in range(10):
        tracker = Tracker(str(n), DOMAIN.slots)
        for event in turn("你好"):
            tracker.update(event)
        held.put(tracker)
    there = [n for n in range(10) if held.pop(str(n)) is not None]
    assert there == [5, 6, 7, 8, 9]  # four events each

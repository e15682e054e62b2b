"""Conversations at rest are compacted."""

from __future__ import annotations

from sqlalchemy import update

from bot.db.session import engine
from bot.db.tables import ConversationEvent
from bot.runtime.compaction import compact_idle
from bot.settings import ROOT
from tests.runtime.stored_talks import heard, opened, say, session_start, turn


async def test_a_conversation_at_rest_is_compacted_and_goes_on_where_it_was(
    database: str, anna: str
) -> None:
    store = opened(database)
    await say(store, anna, session_start())
    for n in range(8):
        await say(store, anna, turn(str(n), age=n))
    dropped = opened(database).compact(anna)
    assert dropped > 30
    for tracker in (await opened(database).retrieve(anna), await store.retrieve(anna)):
        assert heard(tracker)[-1] == "7"
        assert tracker.get_slot("age") == 7
    await say(store, anna, turn("8"))
    after = await opened(database).retrieve(anna)
    assert heard(after) == ["7", "8"]
    assert after.get_slot("age") == 7
    assert opened(database).compact(anna) > 0


async def test_only_conversations_that_nobody_goes_on_with_are_compacted(
    database: str, anna: str
) -> None:
    store, bela = opened(database), f"{anna}-now"
    for who in (anna, bela):
        await say(store, who, [*session_start(), *turn("早", age=52), *turn("午"), *turn("晚")])
    with engine(database).begin() as db:
        rested = ConversationEvent.timestamp - 90000
        mine = update(ConversationEvent).where(ConversationEvent.sender_id == anna)
        db.execute(mine.values(timestamp=rested))
    done = compact_idle(database, ROOT / "domain.yml")
    assert done.conversations >= 1
    assert done.events >= 8
    anna_now, bela_now = [await opened(database).retrieve(who) for who in (anna, bela)]
    assert heard(anna_now) == ["晚"]
    assert anna_now.get_slot("age") == 52
    assert heard(bela_now) == ["早", "午", "晚"]
    assert compact_idle(database, ROOT / "domain.yml").events == 0

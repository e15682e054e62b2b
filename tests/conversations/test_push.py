"""From the subscription to the reply to the push, on the trained model and Rasa's tracker store."""

from __future__ import annotations

import uuid
from pathlib import Path

import pytest

from bot import clock
from bot.db.session import session
from bot.db.tables import Delivery, FollowUp
from bot.delivery.quiet_hours import QuietHours, next_allowed
from bot.delivery.receipts import fetch
from bot.delivery.sender import LogSender
from bot.delivery.worker import Worker
from bot.notifications.digest import compose_all
from bot.notifications.follow_ups import ask_all
from bot.reverse_matching.sql_matcher import match_new
from bot.runtime.in_process import Conversations
from bot.runtime.pushed_events import TrackedConversations


@pytest.mark.model
async def test_a_reply_to_a_push_is_understood(model: Path, demo_database: str) -> None:
    talk = await Conversations.open(model, persistent=True)
    anna, hours = uuid.uuid4().hex, QuietHours()
    morning = next_allowed(clock.now(), hours)
    worker = Worker(
        demo_database,
        {"web": LogSender()},
        conversations=TrackedConversations(talk.agent.tracker_store, talk.agent.lock_store),
        hours=hours,
    )
    with clock.frozen(morning):
        asked = await talk.send("沈阳有新的活就告诉我 干啥都行", anna)
        if asked["status"] == "form" and "想干啥" in asked["rendered"][0]:
            asked = await talk.send("随便", anna)
        assert "行就回“好”" in asked["rendered"][0]
        assert "订好了" in (await talk.send("好", anna))["rendered"][0]
        with session(demo_database) as db:
            while match_new(db)[0]:
                pass
        assert compose_all(demo_database, morning, hours) >= 1  # others of the file subscribe too
        assert await worker.drain() >= 1
        with session(demo_database) as db:
            (pushed,) = fetch(db, "web", anna, morning)
        second = await talk.send("2", anna)
        shown = (await talk.agent.tracker_store.retrieve(anna)).get_slot("shown")
        assert [one["id"] for one in second["postings"]] == [shown[1]]
        with session(demo_database) as db:
            assert db.get_one(Delivery, pushed.id).state == "answered"
            of_hers = db.query(FollowUp).filter_by(seeker_id=pushed.seeker_id)
            assert {one.posting_id for one in of_hers} == {shown[1]}
            due = max(one.due_on for one in of_hers.filter_by(step=3))
    later = next_allowed(clock.now().replace(year=due.year, month=due.month, day=due.day), hours)
    with clock.frozen(later):
        assert ask_all(demo_database, later, hours) >= 1
        await worker.drain()
        told = await talk.send("没", anna)
        assert told["act"] == "follow_up"
        stopped = await talk.send("我已经上班了 不用再发招聘信息给我了", anna)
        assert (stopped["act"], stopped["status"]) == ("unsubscribe", "answered")
    with session(demo_database) as db:
        for one in db.query(FollowUp):
            db.delete(one)

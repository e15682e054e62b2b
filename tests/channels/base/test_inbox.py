"""What a desk has taken outlives its process."""

from __future__ import annotations

import asyncio

import pytest
from rasa.core.channels.channel import UserMessage
from sqlalchemy import select, update
from sqlalchemy.exc import OperationalError

from bot import clock
from bot.channels.base import inbox
from bot.channels.base.dispatcher import MAX_QUEUE_PER_SENDER
from bot.db.session import session
from bot.db.tables import InboxMessage
from bot.messaging.incoming import Incoming
from bot.runtime.idempotency import RepeatableMessage
from tests.channels.base.conftest import Person
from tests.waiting import until


def _kept() -> list[str]:
    with session() as db:
        return sorted(db.scalars(select(InboxMessage.text)))


def _its_process_dies() -> None:
    with session() as db:
        db.execute(update(InboxMessage).values(holder="dead", held_until=clock.now()))


async def test_a_message_stands_in_the_database_until_it_is_answered(person: Person) -> None:
    person.open().seconds = 0.5
    turn = await person.say("失业金怎么领")
    await turn.wait_until_persisted(5)
    assert _kept() == ["失业金怎么领"]
    await person.desk.close()
    assert person.delivered == ["你说：失业金怎么领"]
    assert _kept() == []


async def test_lines_read_as_one_are_gone_together(person: Person) -> None:
    person.open().seconds = 0.2
    for text in ("我想找活", "大连", "会计"):
        await (await person.say(text)).wait_until_persisted(5)
    await person.desk.close()
    assert person.heard == ["我想找活", "大连，会计"]
    assert _kept() == []


async def test_what_a_dead_process_left_is_answered_once_in_its_order(person: Person) -> None:
    first = Person()
    first.seconds = 60
    first.open()
    for text in ("失业金怎么领？", "创业贷款呢？"):
        await (await first.say(text)).wait_until_persisted(5)
    for task in first.desk._tasks:
        task.cancel()
    _its_process_dies()
    person.open().desk.open("sms")
    await until(lambda: len(person.delivered) == 2)
    retry = await person.say("失业金怎么领？", key="k1", waited_for=True)
    assert await retry.answer(5) == []
    await person.desk.close()
    assert person.delivered == ["你说：失业金怎么领？", "你说：创业贷款呢？"]
    assert _kept() == []


async def test_what_a_dead_process_had_begun_to_send_is_sent_to_its_end_and_not_asked_again(
    person: Person,
) -> None:
    first, kept_to_send = Person(), list[str]()

    async def dies_between(incoming: Incoming, _: object) -> None:
        first.delivered.append("头一条")
        await first.desk.note_unsent(incoming, ["第二条", "第三条"])
        kept_to_send.extend(["第二条", "第三条"])
        await asyncio.sleep(60)

    first.open().desk._deliver = dies_between
    for text in ("我想找活", "大连"):
        await (await first.say(text)).wait_until_persisted(5)
    await until(lambda: first.delivered and kept_to_send == ["第二条", "第三条"])
    for task in first.desk._tasks:
        task.cancel()
    _its_process_dies()
    person.open().desk.open("sms")
    await until(lambda: len(person.delivered) >= 3)
    await person.desk.close()
    assert person.delivered == ["第二条", "第三条", "你说：大连"]
    assert person.heard == ["大连"]
    assert _kept() == []


async def test_an_answer_that_was_taken_is_kept_until_it_is_passed_on(person: Person) -> None:
    turn = await person.open().say("您好", waited_for=True)
    assert await turn.answer(5)
    await person.desk.close()
    assert _kept() == ["您好"]
    turn.acknowledge()
    await person.desk.close()
    assert _kept() == []


async def test_what_is_not_answered_when_a_process_ends_is_left_for_the_next(
    person: Person,
) -> None:
    person.open().seconds = 60
    await (await person.say("您好")).wait_until_persisted(5)
    await person.desk.close(seconds=0.1)
    next_one = Person().open()
    next_one.desk.open("sms")
    await until(lambda: next_one.delivered)
    await next_one.desk.close()
    assert next_one.delivered == ["你说：您好"]
    for task in person.desk._tasks:
        task.cancel()


async def test_what_could_not_be_kept_is_sent_again_and_again_and_counted_once(
    person: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    def away(*_: object) -> None:
        raise OperationalError("insert", {}, Exception("database is locked"))

    person.open(most=3)
    with monkeypatch.context() as outage:
        outage.setattr(inbox, "_commit", away)
        for _ in range(8):  # as a gateway does for a minute
            turn = await person.say("失业金怎么领？", key="same")
            assert not await turn.wait_until_persisted(5)
            await until(lambda: not person.desk._waiting)
    assert await (await person.say("失业金怎么领？", key="same")).wait_until_persisted(5)
    for n in range(3):  # another two are within the limit of three
        await person.say(f"第{n}条消息来了。")
    await person.desk.close()
    assert person.heard == ["失业金怎么领？", "第0条消息来了。", "第1条消息来了。"]
    assert sum("歇一下" in text for text in person.delivered) == 1


async def test_whoever_has_too_many_waiting_is_asked_to_send_again_and_nothing_is_dropped(
    person: Person,
) -> None:
    person.open().seconds = 0.05
    texts = {f"k{n}": f"第{n}条消息来了。" for n in range(MAX_QUEUE_PER_SENDER + 5)}
    refused = list(texts)
    while refused:
        turns = {key: await person.say(texts[key], key=key) for key in refused}
        refused = [key for key, turn in turns.items() if not await turn.wait_until_persisted(5)]
    await person.desk.close()
    assert sorted(person.heard) == sorted(texts.values())
    assert _kept() == []


async def test_a_repeated_message_of_another_process_is_not_kept_twice(person: Person) -> None:
    person.open().seconds = 0.5
    turn = await person.say("您好", key="same")
    await turn.wait_until_persisted(5)
    again = Person().open()
    assert await (await again.say("您好", key="same", waited_for=True)).answer(5) == []
    assert _kept() == ["您好"]
    await person.desk.close()
    await again.desk.close()
    assert again.heard == []
    assert _kept() == []


async def test_what_a_dead_process_left_is_told_from_what_it_had_answered_by_its_ids(
    person: Person,
) -> None:
    first, ids = Person(), []
    first.seconds = 60
    first.open()
    for text in ("我想找活", "大连"):
        await (await first.say(text, key=f"event key {text}")).wait_until_persisted(5)
    for task in first.desk._tasks:
        task.cancel()
    _its_process_dies()

    async def bot(message: UserMessage) -> None:
        assert isinstance(message, RepeatableMessage)
        ids.append(message.message_id)
        message.answered_later = message.message_id.endswith("活")

    person.open().desk._bot = bot
    person.desk.open("sms")
    await until(lambda: ids)
    await person.desk.close()
    assert " ".join(ids).split() == ["event_key_我想找活", "event_key_大连"]


async def test_no_private_number_is_written_down(person: Person) -> None:
    person.open().seconds = 0.5
    turn = await person.say("想找沈阳保安，身份证21010219680512345X，电话13900139000")
    await turn.wait_until_persisted(5)
    assert _kept() == ["想找沈阳保安，■■■，■■■"]
    await person.desk.close()
    assert person.heard == ["想找沈阳保安，■■■，■■■"]

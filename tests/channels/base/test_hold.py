"""A message is answered by one process, however slow that is and whatever it heard of its writes."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Sequence
from typing import Any

import pytest
from rasa.core.channels.channel import UserMessage
from sqlalchemy import delete, select, text, update
from sqlalchemy.exc import OperationalError

from bot import clock
from bot.channels.base import inbox, outage
from bot.db.session import engine, session
from bot.db.tables import InboxMessage
from bot.fixed_replies import reply
from bot.messages import Erased
from bot.messaging.inbox_table import MAX_TRIES, HeldElsewhere, extend_hold
from bot.messaging.incoming import Incoming
from tests.channels.base.conftest import Person
from tests.waiting import until

#: Seconds between two looks here, and for which something must not come: several looks.
LOOK, WHILE = 0.1, 1.0


@pytest.fixture(autouse=True)
def looks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(inbox, "POLL_SECONDS", LOOK)


def _kept() -> list[str]:
    with session() as db:
        return sorted(db.scalars(select(InboxMessage.text)))


def _runs_out(**also: object) -> None:
    """Let all holds run out, as those of a process that stood still."""
    with session() as db:
        db.execute(update(InboxMessage).values(held_until=clock.now(), **also))


def _away(*_: object) -> None:
    raise OperationalError("commit", {}, Exception("the server does not answer"))


async def test_who_was_slower_than_its_hold_sends_nothing_when_another_has_answered(
    person: Person,
) -> None:
    slow, goes_on = Person().open(), asyncio.Event()

    async def stands_still(message: UserMessage) -> None:
        await goes_on.wait()
        await slow.bot(message)

    slow.desk._bot = stands_still
    await (await slow.say("失业金怎么领？")).wait_until_persisted(5)
    _runs_out()
    person.open().desk.open("sms")
    await until(lambda: person.delivered)
    goes_on.set()
    await slow.desk.close()
    await person.desk.close()
    assert (slow.delivered, person.delivered) == ([], ["你说：失业金怎么领？"])
    assert _kept() == []


async def test_between_two_texts_a_process_sees_that_it_has_lost_its_hold(person: Person) -> None:
    person.open().seconds = 60
    incoming = Incoming("sms", "+8613800138000", "k1", "失业金怎么领？")
    await (await person.desk.receive(incoming)).wait_until_persisted(5)
    await person.desk.confirm_hold(incoming)
    _runs_out(holder="another")
    await person.desk.confirm_hold(incoming)  # it has hardly begun
    person.desk._inbox._held[incoming.channel, incoming.key] -= inbox.CONFIRMED_S
    with pytest.raises(HeldElsewhere):
        await person.desk.confirm_hold(incoming)
    await _gone(person)


async def _held_by(owner: Person) -> Person:
    """Let a process hold a message that it is long in answering."""
    owner.open().seconds = 60
    await (await owner.say("失业金怎么领？")).wait_until_persisted(5)
    return owner


async def _gone(owner: Person) -> None:
    for task in owner.desk._tasks:
        task.cancel()


async def test_a_look_that_hangs_takes_nothing_over(person: Person, here: str) -> None:
    owner = await _held_by(Person())
    left = person.open().desk._inbox
    _runs_out()
    await left._take_over("sms", person.desk._resume)  # sees that it has run out
    with engine(here).connect() as other, other.begin():
        if other.dialect.name == "postgresql":
            other.execute(text("lock table inbox in exclusive mode"))
        other.execute(update(InboxMessage).values(tries=1))
        looking = asyncio.create_task(left._take_over("sms", person.desk._resume))
        await asyncio.sleep(WHILE)  # nor can the owner say meanwhile that it is alive
    await looking
    await person.desk.close()
    assert person.delivered == []
    await _gone(owner)


async def test_a_hold_that_its_owner_moves_on_late_is_not_taken_over(person: Person) -> None:
    owner = await _held_by(Person())
    left = person.open().desk._inbox
    for _ in range(2):
        _runs_out()
        await left._take_over("sms", person.desk._resume)  # sees that it has run out
        with session() as db:
            extend_hold(db, owner.desk._inbox._holder)
        await left._take_over("sms", person.desk._resume)
    await person.desk.close()
    assert person.delivered == []
    await _gone(owner)


async def test_a_process_that_stood_still_itself_takes_nothing_over_at_once(
    person: Person,
) -> None:
    owner = await _held_by(Person())
    left = person.open().desk._inbox
    _runs_out()
    await left._take_over("sms", person.desk._resume)
    await asyncio.sleep(3 * LOOK)
    await left._take_over("sms", person.desk._resume)
    await left._take_over("sms", person.desk._resume)
    await person.desk.close()
    assert person.delivered == []
    await _gone(owner)


async def test_what_is_committed_long_after_we_heard_that_it_was_not_is_answered(
    person: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    commit, given = inbox._commit, list[tuple[Any, ...]]()

    def hangs(*arguments: Any) -> None:
        given.append(arguments)
        _away()

    person.open().desk.open("sms")
    with monkeypatch.context() as frozen:
        frozen.setattr(inbox, "_commit", hangs)
        turn = await person.say("失业金怎么领？")
        assert not await turn.wait_until_persisted(5)
    await asyncio.sleep(WHILE)  # looks go by before the server goes on where it stood
    commit(*given[0])
    again = await person.say("失业金怎么领？", key="k1")
    assert await again.wait_until_persisted(5)
    await until(lambda: person.delivered)
    await person.desk.close()
    assert person.delivered == ["你说：失业金怎么领？"]
    assert _kept() == []


async def test_what_was_taken_over_although_we_heard_that_it_was_not_is_answered(
    person: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    claim, times = inbox._claim, list[int]()

    def is_cut_off(*arguments: Any) -> Sequence[Incoming]:
        claimed = claim(*arguments)
        times.append(1)
        if len(times) == 1:
            _away()
        return claimed

    first = await _held_by(Person())
    _runs_out()
    monkeypatch.setattr(inbox, "_claim", is_cut_off)
    person.open().desk.open("sms")
    await until(lambda: person.delivered)
    await person.desk.close()
    assert person.delivered == ["你说：失业金怎么领？"]
    await _gone(first)


async def test_what_is_answered_while_a_look_hangs_is_not_taken_for_unknown(
    person: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    look, kept, seen, answered = inbox._look, *(threading.Event() for _ in range(3))

    def is_slow(*arguments: Any) -> Any:
        kept.wait(60)
        left = look(*arguments)
        seen.set()
        answered.wait(60)
        return left

    monkeypatch.setattr(inbox, "in_inbox", asyncio.to_thread)
    monkeypatch.setattr(inbox, "_look", is_slow)
    person.open().seconds = WHILE
    looking = asyncio.create_task(person.desk._inbox._take_over("sms", person.desk._resume))
    await asyncio.sleep(LOOK)
    await (await person.say("失业金怎么领？")).wait_until_persisted(5)
    kept.set()
    await until(seen.is_set)
    await until(lambda: person.delivered and _kept() == [])
    answered.set()
    await looking
    await person.desk.close()
    assert person.heard == ["失业金怎么领？"]
    assert person.delivered == ["你说：失业金怎么领？"]


async def test_an_answer_whose_caller_goes_in_the_instant_it_is_there_is_delivered(
    person: Person,
) -> None:
    turn = await person.open().say("失业金怎么领？", waited_for=True)
    caller = asyncio.create_task(turn.answer(5))
    # Its request is cancelled between the answer and the caller's next step.
    turn._answer.add_done_callback(lambda _: caller.cancel())
    with pytest.raises(asyncio.CancelledError):
        await caller
    await person.desk.close()
    assert person.delivered == ["你说：失业金怎么领？"]
    assert _kept() == []


async def test_who_is_begun_with_too_often_is_told_so(person: Person) -> None:
    first = await _held_by(Person())
    _runs_out(tries=MAX_TRIES)
    person.open().desk.open("sms")
    await until(lambda: person.delivered)
    await person.desk.close()
    assert (person.heard, person.delivered) == ([], [reply("error", None).text])
    assert _kept() == []
    await _gone(first)


async def test_a_message_that_meets_outage_after_outage_is_answered_all_the_same(
    person: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    looks = list[int]()

    def away_at_first() -> None:
        looks.append(1)
        if len(looks) % 2:
            _away()

    async def meets_outages(message: UserMessage) -> None:
        if len(looks) < 2 * (outage.MAX_DATABASE_FAILURES + 2):
            _away()
        await person.bot(message)

    monkeypatch.setattr(outage, "_probe_write", away_at_first)
    monkeypatch.setattr(outage, "POLL_SECONDS", 0.01)
    person.open().desk._bot = meets_outages
    await person.say("失业金怎么领？")
    await person.desk.close()
    assert person.delivered == ["你说：失业金怎么领？"]


async def test_what_else_a_person_wrote_is_answered_when_all_of_theirs_was_deleted(
    person: Person,
) -> None:
    async def deletes(message: UserMessage) -> None:
        if message.text != "删掉我的信息":
            return await person.bot(message)
        with session() as db:
            db.execute(delete(InboxMessage))
        said = Erased(text="都删了").to_dict()
        return await message.output_channel.send_custom_json(message.sender_id, said)

    person.open().desk._bot = deletes
    await person.say("删掉我的信息")
    await person.say("失业金怎么领？")
    await person.desk.close()
    assert person.delivered == ["都删了", "你说：失业金怎么领？"]

"""A request that the platform repeats since it had no reply, and the reply that was on its way."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from types import SimpleNamespace

import pytest
from rasa.core.channels.channel import UserMessage
from sqlalchemy import select

from bot import clock
from bot.channels.wechat import channel
from bot.channels.wechat.account import WeChatAccount
from bot.channels.wechat.inbound import WeChatInbound
from bot.db.session import session
from bot.db.tables import InboxMessage
from bot.messages import Message
from bot.messaging.inbox_table import forget_passed_on
from bot.setting_types import Secret, Url
from bot.settings import settings
from tests.channels.wechat.fake_api import APP_ID, SECRET, FakeApi
from tests.conftest import _free_port
from tests.waiting import until

HELLO = WeChatInbound("wechat", "o1", "4711", "您好", account="gh_1")
LONG = WeChatInbound("wechat", "o1", "4712", "字" * 1500, account="gh_1")
SAID = "你说：您好"
#: After which the platform repeats a request.
AGAIN = timedelta(seconds=5)


@pytest.fixture(autouse=True)
def secret(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("JIUYE_SECRET", "only for tests")
    settings.cache_clear()


def _worker(fake: FakeApi) -> channel.WeChatWebhook:
    async def bot(message: UserMessage) -> None:
        said = Message(text=f"你说：{message.text}").to_dict()
        await message.output_channel.send_custom_json(message.sender_id, said)

    account = WeChatAccount(APP_ID, Secret(SECRET), Secret("token"), (), False, Url(fake.url))
    return channel.WeChatWebhook(account, bot)


@asynccontextmanager
async def _connection() -> AsyncIterator[tuple[SimpleNamespace, asyncio.StreamWriter]]:
    """Open a connection with a request in it; yield what the server has of it, and its client."""
    accepted: asyncio.Future[asyncio.StreamWriter] = asyncio.get_running_loop().create_future()

    async def accept(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readexactly(1)
        reader._transport.pause_reading()  # type: ignore[attr-defined]
        accepted.set_result(writer)

    server = await asyncio.start_server(accept, "127.0.0.1", port := _free_port())
    _, client = await asyncio.open_connection("127.0.0.1", port)
    client.write(b"x")
    ours = await accepted
    yield SimpleNamespace(transport=ours.transport), client
    client.close()
    ours.close()
    server.close()


def _keys() -> list[str]:
    with session() as db:
        return list(db.scalars(select(InboxMessage.key)))


async def test_a_repeated_request_has_the_reply_that_went_astray_at_any_worker(
    fake: FakeApi,
) -> None:
    first, second = _worker(fake), _worker(fake)
    assert SAID in await first._reply_to(HELLO)
    with clock.frozen(clock.now() + AGAIN):
        assert SAID in await first._reply_to(HELLO)
        assert SAID in await second._reply_to(HELLO)
    await first.close()
    await second.close()
    assert fake.texts("o1") == []


async def test_a_repetition_before_the_platform_gives_up_is_none_of_a_lost_reply(
    fake: FakeApi,
) -> None:
    first, second = _worker(fake), _worker(fake)
    assert SAID in await first._reply_to(HELLO)
    assert await second._reply_to(HELLO) == ""
    await first.close()
    await second.close()


async def test_the_rest_of_a_long_answer_follows_once(fake: FakeApi) -> None:
    worker = _worker(fake)
    assert "你说：字" in await worker._reply_to(LONG)
    with clock.frozen(clock.now() + AGAIN):
        assert "你说：字" in await worker._reply_to(LONG)
    await worker.close()
    assert 1 <= len(fake.texts("o1")) <= 4
    assert not any(text.startswith("你说") for text in fake.texts("o1"))


async def test_an_answer_whose_platform_has_hung_up_is_sent_and_given_to_no_request(
    fake: FakeApi,
) -> None:
    worker, another = _worker(fake), _worker(fake)
    async with _connection() as (request, client):
        client.close()
        await asyncio.sleep(0.2)
        assert await worker._reply_to(HELLO, request) == ""
    await until(lambda: fake.texts("o1"))
    with clock.frozen(clock.now() + AGAIN):
        assert await another._reply_to(HELLO) == ""
    await worker.close()
    await another.close()
    assert fake.texts("o1") == [SAID]
    assert _keys() == []


async def test_an_answer_that_is_there_too_late_for_its_request_is_sent(
    fake: FakeApi, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(channel, "REPLY_DEADLINE_S", 0.3)
    worker = _worker(fake)
    async with _connection() as (request, _):
        assert SAID in await worker._reply_to(HELLO, request)
    async with _connection() as (request, _):
        await asyncio.sleep(0.5)  # as in a process that reads it late
        later = WeChatInbound("wechat", "o1", "4713", "再见", account="gh_1")
        assert await worker._reply_to(later, request) == ""
    await worker.close()
    assert fake.texts("o1") == ["你说：再见"]


async def test_what_a_repeated_request_has_had_is_not_sent_as_well(fake: FakeApi) -> None:
    worker, another = _worker(fake), _worker(fake)
    again = list[str]()

    async def repeat() -> None:
        with clock.frozen(clock.now() + AGAIN):
            again.append(await another._reply_to(HELLO))

    async with _connection() as (request, client):
        # The platform hangs up and asks again between what is kept and the look at the connection.
        rendered = channel.render_and_save_choices

        async def hangs_up(*given: object) -> object:
            result = await rendered(*given)  # type: ignore[arg-type]
            client.close()
            await asyncio.sleep(0.2)
            await repeat()
            return result

        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(channel, "render_and_save_choices", hangs_up)
            first = worker._reply_to(HELLO, request)
            taken = asyncio.create_task(first)
            await until(lambda: again or taken.done())
            patch.undo()
            assert await taken == ""
    await worker.close()
    await another.close()
    assert SAID in again[0]
    assert fake.texts("o1") == []


async def test_another_person_is_not_given_it(fake: FakeApi) -> None:
    worker, another = _worker(fake), _worker(fake)
    assert SAID in await worker._reply_to(HELLO)
    with clock.frozen(clock.now() + AGAIN):
        theirs = WeChatInbound("wechat", "o2", "4711", "您好", account="gh_1")
        assert await another._reply_to(theirs) == ""
    await worker.close()
    await another.close()


async def test_a_reply_is_kept_for_a_minute(fake: FakeApi) -> None:
    worker = _worker(fake)
    await worker._reply_to(HELLO)
    await worker.close()
    assert _keys() == ["passed on:4711"]
    with clock.frozen(clock.now() + timedelta(seconds=61)), session() as db:
        forget_passed_on(db)
    assert _keys() == []

"""A request that breaks off with the answer in our hands: the person hears it all the same."""

from __future__ import annotations

import asyncio
from types import SimpleNamespace

import pytest
from rasa.core.channels.channel import UserMessage
from sqlalchemy import select

from bot.channels.wechat import channel
from bot.channels.wechat.account import WeChatAccount
from bot.channels.wechat.inbound import WeChatInbound
from bot.db.session import session
from bot.db.tables import InboxMessage
from bot.messages import Message
from bot.setting_types import Secret, Url
from bot.settings import settings
from tests.channels.wechat.fake_api import APP_ID, SECRET, FakeApi


@pytest.mark.parametrize("broken", [asyncio.CancelledError, RuntimeError])
async def test_the_answer_follows_by_message_and_is_kept_no_longer(
    fake: FakeApi, monkeypatch: pytest.MonkeyPatch, broken: type[BaseException]
) -> None:
    monkeypatch.setenv("JIUYE_SECRET", "only for tests")
    settings.cache_clear()

    async def bot(message: UserMessage) -> None:
        said = Message(text=f"你说：{message.text}").to_dict()
        await message.output_channel.send_custom_json(message.sender_id, said)

    async def breaks(*_: object, **__: object) -> SimpleNamespace:
        raise broken

    monkeypatch.setattr(channel, "render_and_save_choices", breaks)
    door = channel.WeChatWebhook(
        WeChatAccount(APP_ID, Secret(SECRET), Secret("token"), (), False, Url(fake.url)), bot
    )
    with pytest.raises(broken):
        await door._reply_to(WeChatInbound("wechat", "o1", "4711", "您好", account="gh_1"))
    await door.close()
    assert fake.texts("o1") == ["你说：您好"]
    with session() as db:
        assert db.scalars(select(InboxMessage.key)).all() == []

"""Deliveries of the outbox through the fake API: taken, put off, refused, cut in the middle."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

import pytest

from bot.channels.wechat.account import WeChatAccount
from bot.channels.wechat.sender import WeChatSender
from bot.db.session import session
from bot.delivery.outcome import Quota, Refused, Sent
from bot.delivery.sender import Outgoing
from bot.messages import Button, Message
from bot.messaging.reply_choices import resolve_choice, take_unsent
from bot.setting_types import MessageTemplate, Secret, Url
from tests.channels.wechat.fake_api import APP_ID, SECRET, FakeApi

DIGEST = Message(text="你订的新岗位来了。", buttons=[Button("第1个", "第1个详细说说")])
#: Three texts of WeChat's size.
LONG = Message(text="\n".join(["很长的一行" * 100] * 4))


@pytest.fixture
async def sender(fake: FakeApi) -> AsyncIterator[WeChatSender]:
    made = WeChatSender(
        WeChatAccount(APP_ID, Secret(SECRET), Secret("token"), (), False, Url(fake.url))
    )
    yield made
    await made._api.close()


def _outgoing(message: Message, **given: Any) -> Outgoing:
    return Outgoing(1, "key-1", "wechat", "o1", "digest", message.to_dict(), **given)


async def test_a_delivery_is_sent_and_its_numbers_are_understood(
    fake: FakeApi, sender: WeChatSender
) -> None:
    assert isinstance(await sender.send(_outgoing(DIGEST)), Sent)
    assert "你订的新岗位来了" in fake.texts("o1")[0]
    with session() as db:
        assert resolve_choice(db, "wechat", "o1", "1") == "第1个详细说说"


async def test_outside_the_48_hours_it_is_tried_later_and_offers_nothing(
    fake: FakeApi, sender: WeChatSender
) -> None:
    fake.shift = 49 * 3600
    assert isinstance(await sender.send(_outgoing(DIGEST)), Quota)
    with session() as db:
        assert resolve_choice(db, "wechat", "o1", "1") is None


@pytest.mark.parametrize(("agreed", "kind"), [(1, "notice"), (0, "template")])
async def test_outside_the_48_hours_a_notice_or_a_template_says_that_something_waits(
    fake: FakeApi, agreed: int, kind: str
) -> None:
    ways = (MessageTemplate("any", "thing1"), MessageTemplate("known", "thing2"))
    sender = WeChatSender(
        WeChatAccount(
            APP_ID, Secret(SECRET), Secret("token"), (), False, Url(fake.url), False, *ways
        )
    )
    fake.shift, fake.agreed["o1"] = 49 * 3600, agreed
    assert isinstance(await sender.send(_outgoing(DIGEST)), Sent)
    (sent,) = fake.sent
    assert sent.kind == kind
    (told,) = sent.raw["data"].values()
    assert told["value"] == "你订的新岗位来了。 回复数字：1. 第1个"[:20]
    with session() as db:
        assert resolve_choice(db, "wechat", "o1", "1") == "第1个详细说说"
        assert "你订的新岗位来了。" in take_unsent(db, "wechat", "o1")
    await sender._api.close()


async def test_what_neither_may_say_is_tried_later(fake: FakeApi) -> None:
    ways = (MessageTemplate("any", "thing1"), MessageTemplate("unknown", "thing2"))
    sender = WeChatSender(
        WeChatAccount(
            APP_ID, Secret(SECRET), Secret("token"), (), False, Url(fake.url), False, *ways
        )
    )
    fake.shift = 49 * 3600
    assert isinstance(await sender.send(_outgoing(DIGEST)), Quota)
    with session() as db:
        assert take_unsent(db, "wechat", "o1") == ""
    await sender._api.close()


async def test_what_follows_the_first_text_and_is_not_taken_waits_for_the_person(
    fake: FakeApi, sender: WeChatSender
) -> None:
    fake.left["o1"] = 1
    assert isinstance(await sender.send(_outgoing(LONG)), Sent)
    assert len(fake.texts("o1")) == 1
    with session() as db:
        waiting = take_unsent(db, "wechat", "o1")
    assert len(waiting) > 500


async def test_an_empty_delivery_is_refused(sender: WeChatSender) -> None:
    assert isinstance(await sender.send(_outgoing(Message(text=""))), Refused)

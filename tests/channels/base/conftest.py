"""A desk on a real database, with a stand-in for the bot that says what it was asked."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field

import pytest
from rasa.core.channels.channel import UserMessage

from bot.channels.base.dispatcher import MessageDispatcher
from bot.channels.base.incoming import PendingReply, Structured
from bot.channels.base.middleware import link_code, opt_out, resolve_choice
from bot.db.session import session
from bot.db.threads import in_database
from bot.messages import Message
from bot.messaging.incoming import Incoming
from bot.rate_limits.rate_limit import RateLimit


@dataclass
class Person:
    """Writes to a desk and keeps what was heard and delivered."""

    desk: MessageDispatcher = field(init=False)
    seconds: float = 0.01
    heard: list[str] = field(default_factory=list)
    delivered: list[str] = field(default_factory=list)
    count: int = 0

    def open(self, most: int = 1000, limit: RateLimit | None = None) -> Person:
        before = (link_code(b"only for tests"), opt_out, resolve_choice)
        self.desk = MessageDispatcher(
            self.bot, self.deliver, self.send_rest, before, limit or RateLimit("test", most, 10)
        )
        return self

    async def bot(self, message: UserMessage) -> None:
        await asyncio.sleep(self.seconds)
        self.heard.append(message.text)
        if message.text == "出错":
            raise RuntimeError("the bot fails")
        if message.text != "不吭声":
            said = Message(text=f"你说：{message.text}").to_dict()
            await message.output_channel.send_custom_json(message.sender_id, said)

    async def deliver(self, incoming: Incoming, messages: Sequence[Structured]) -> None:
        self.delivered += await in_database(
            self._save, incoming, [str(message["text"]) for message in messages]
        )

    def _save(self, incoming: Incoming, texts: Sequence[str]) -> Sequence[str]:
        with session() as db:
            return self.desk.save_answer(db, incoming, texts)

    async def send_rest(self, _: Incoming, texts: Sequence[str]) -> None:
        self.delivered += texts

    async def say(
        self, text: str, key: str | None = None, address: str = "+8613800138000",
        channel: str = "sms", waited_for: bool = False,
    ) -> PendingReply:  # fmt: skip
        self.count += 1
        incoming = Incoming(channel, address, key or f"k{self.count}", text)
        return await self.desk.receive(incoming, waited_for)


@pytest.fixture
def person(here: str) -> Person:
    return Person()

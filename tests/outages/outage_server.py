# ruff: noqa: E402  (what is left out is so before anything imports Rasa)
"""Serves SMS, WeChat and the web page with a bot that keeps its turns: `outage_server.py PORT`.

The bot repeats what was said and keeps both in the table of conversations, in one transaction, as
the real one does; who repeats a message gets the answer that is kept.
"""

from __future__ import annotations

import faulthandler
import logging
import signal
import sys

from bot.rasa_stubs import install_stubs

install_stubs()

from rasa.core.channels.channel import UserMessage, register
from sanic import Sanic

from bot.channels.rest import RestInput
from bot.channels.sms.channel import SmsInput
from bot.channels.web.channel import WebInput
from bot.channels.wechat.channel import WeChatInput
from bot.db.session import ANSWERING, set_timeouts
from bot.messages import Message
from bot.messaging import event_log
from bot.runtime.idempotency import replay_answer
from bot.runtime.server import _shared_port
from bot.runtime.tracker_store import DatabaseTrackerStore
from bot.settings import settings
from bot.understanding.entity_extractor import message_reader


class Echo:
    """Answers and keeps like an agent."""

    def __init__(self) -> None:
        self._store = DatabaseTrackerStore()

    async def handle_message(self, message: UserMessage) -> None:
        if await replay_answer(message, self._store):
            return
        said = Message(text=f"你说：{message.text}").to_dict()
        events = [
            {"event": "user", "text": message.text, "message_id": message.message_id},
            {"event": "bot", "text": None, "data": {"custom": said}},
        ]
        await self._store._run(event_log.add, message.sender_id, events)
        await message.output_channel.send_custom_json(message.sender_id, said)


if __name__ == "__main__":
    logging.basicConfig(level=logging.ERROR)
    faulthandler.register(signal.SIGUSR1)  # shows where it hangs
    message_reader().read("沈阳")  # as the whole bot has long done when the first message comes
    set_timeouts(ANSWERING)
    app = Sanic("outages", configure_logging=False)
    app.ctx.agent = Echo()
    kinds = (WebInput, WeChatInput, SmsInput, RestInput)
    register([kind.from_credentials(None) for kind in kinds], app, route="/webhooks/")
    port = _shared_port(settings())
    app.run(sock=port, access_log=False, backlog=1024, single_process=True)
    sys.exit(0)

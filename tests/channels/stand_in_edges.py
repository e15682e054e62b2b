# ruff: noqa: E402  (TensorFlow is left out before anything imports Rasa)
"""Serves the WeChat and SMS channels with a stand-in for the agent: `stand_in_edges.py PORT`.

Waits so many seconds for 慢N, says much for 长, asks back for 选择, hands over for 转人工, fails for
出错, else repeats.
"""

from __future__ import annotations

import asyncio
import logging
import re
import sys

from bot.rasa_stubs import install_stubs

install_stubs()

from rasa.core.channels.channel import UserMessage, register
from sanic import Sanic

from bot.channels.rest import RestInput
from bot.channels.sms.channel import SmsInput
from bot.channels.wechat.channel import WeChatInput
from bot.db.session import session
from bot.fixed_replies import reply
from bot.handoff.notices import hand_over, handoff_reply
from bot.handoff.tickets import Case
from bot.messages import Button, Citation, Clarify, Message, PolicyAnswer
from bot.understanding.entity_extractor import message_reader

ANSWER = PolicyAnswer(
    act="policy", title="创业担保贷款", text="个人最高能贷30万元。", next_step="先问资格。",
    citations=[Citation("某答复", "辽人社建〔2025〕21号")],
    buttons=[Button("要什么材料", "创业担保贷款要什么材料"), Button("怎么办", "创业担保贷款怎么办")],
)  # fmt: skip
CHOICE = Clarify(
    text="哪个铁西？", buttons=[Button("沈阳的", "沈阳铁西"), Button("鞍山的", "鞍山铁西")]
)


class StandIn:
    """Answers like an agent would."""

    async def handle_message(self, message: UserMessage) -> None:
        text, out = message.text, message.output_channel
        slow = re.match(r"慢(\d+)", text)
        if slow:
            await asyncio.sleep(int(slow.group(1)))
        if text == "出错":
            raise RuntimeError("the agent fails")
        said: list[Message] = [Message(text=f"你说：{text}")]
        if text == "长":
            said = [Message(text="字" * 1500)]
        elif text == "六条":
            said = [Message(text=f"第{n}条") for n in range(1, 7)]
        elif text.endswith("选择"):
            said = [CHOICE]
        elif text == "七千字":
            said = [Message(text="字" * 7000)]
        elif text == "怪字":
            said = [Message(text="a\ufffe\x0b\x85]]>🙂z")]
        elif text == "贷款":
            said = [ANSWER]
        elif text == "转人工":
            with session() as db:
                opened = hand_over(db, Case(message.input_channel, message.sender_id, "asked"))
            said = [handoff_reply(opened)]
        elif text == "不想活了":
            said = [reply("crisis", "distress")]
        for one in said:
            await out.send_custom_json(message.sender_id, one.to_dict())


if __name__ == "__main__":
    logging.basicConfig(level=logging.DEBUG)
    message_reader().read("沈阳")  # as the whole bot has long done when the first message comes
    app = Sanic("stand_in_edges", configure_logging=False)
    app.ctx.agent = StandIn()
    register(
        [channel.from_credentials(None) for channel in (WeChatInput, SmsInput, RestInput)],
        app,
        route="/webhooks/",
    )
    app.run("127.0.0.1", int(sys.argv[1]), access_log=False, backlog=4096, single_process=True)

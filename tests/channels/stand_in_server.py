# ruff: noqa: E402  (TensorFlow is left out before anything imports Rasa)
"""Serves the web and REST channels with a stand-in for the agent: `stand_in_server.py PORT`.

Says a card for 卡片, postings for 岗位 (five for 五个岗位, one whole for 第4个详细说说), a long answer for
长, choices for 选择, fails for 出错, deletes what is kept for 删掉我的信息, else repeats the text. STAND_IN_WAITING is how many may wait for it.
"""

from __future__ import annotations

import asyncio
import os
import sys
from dataclasses import replace
from datetime import date

from bot.rasa_stubs import install_stubs

install_stubs()

from rasa.core.channels.channel import UserMessage, register
from sanic import Sanic

from bot.channels.counsellor.channel import DeskInput
from bot.channels.rest import RestInput
from bot.channels.web.channel import WebInput
from bot.channels.web.demo import DemoInput
from bot.channels.web.guide import GuideInput
from bot.db.session import session
from bot.handoff.notices import hand_over, handoff_reply
from bot.handoff.tickets import Case, Line
from bot.matching import replies
from bot.matching.card_lines import origin_line
from bot.messages import (
    Button,
    Citation,
    Clarify,
    Erased,
    ListingCard,
    Listings,
    Message,
    PolicyAnswer,
    PostingItem,
    Postings,
)
from bot.runtime import admission
from bot.runtime.server import SHUTDOWN_SECONDS
from bot.seekers.my_data import erase

CARD = PolicyAnswer(
    act="policy", title="创业担保贷款", text="个人最高能贷30万元。<img src=x onerror=alert(1)>",
    next_step="先问资格。",
    citations=[Citation("某答复", "辽人社建〔2025〕21号", "一(六)", "省人社厅", "2025-05-16")],
    buttons=[Button("要什么材料", "贷款要什么材料")],
)  # fmt: skip
LIST = Postings(
    act="find_job", text="合适的有1个。", total=1,
    items=[
        PostingItem(
            id=1, title="保安员", employer="某物业", region="沈阳市铁西区", salary_text="3千-4千",
            salary_min=3000, salary_max=4000, reasons=["做保安员，对口"], warnings=["别交押金"],
        )
    ],
)  # fmt: skip
_GUARDS = [
    ("2026-11-20", "市公共招聘网", [], ""),
    ("2023-12-05", "jobs.csv", ["2023-12-05发布的，时间长了，先问问还招不招"], ""),
    (None, "市公共招聘网", ["没写是不是日结，去之前问清楚", "没写管住，先问清楚"], ""),
    ("2026-10-02", "区人社局", [], "站岗、巡逻。" * 90),
    ("2026-11-02", "区人社局", [], ""),
]
GUARDS = [
    PostingItem(
        id=n, title=f"物业小区夜班保安员（{n}班）", employer="沈阳某某物业管理服务有限责任公司铁西分公司",
        region="沈阳市铁西区", salary_text="3000-4000元", salary_min=3000, salary_max=4000,
        reasons=["做保安员，对口", "在铁西区，是你说的地方", "每月3000元起，够你要的3000元", "五险、管饭"],
        warnings=warnings, published_on=day, source=source,
        origin=origin_line(source, date.fromisoformat(day) if day else None), description=text,
    )
    for n, (day, source, warnings, text) in enumerate(_GUARDS, 1)
]  # fmt: skip
FIVE = Postings(
    act="find_job", text="沈阳市铁西区 · 保安员：合适的有5个，先看这5个。", total=5, more=True,
    items=[replace(one, description="") for one in GUARDS],
    buttons=[*replies.number_buttons(5), Button("再来几个", "再来几个")],
)  # fmt: skip
LONG = PolicyAnswer(
    act="policy", title="失业保险金", text="\n".join(["缴满一年，不是自己愿意丢的工作，办了失业登记。"] * 16),
    next_step="先办失业登记。", citations=CARD.citations * 6,
)  # fmt: skip
CHOICE = Clarify(
    text="哪个铁西？", buttons=[Button("沈阳的", "沈阳铁西"), Button("鞍山的", "鞍山铁西")]
)
STATIONS = Listings(
    act="station", text="两个站", beside_cards="沈阳市铁西区的就业服务站：", notes="以上是示范数据。", demo=True,
    cards=[ListingCard(f"{n}号站", ["现在开着，到11:30", f"电话024-{n}"], "开着") for n in (1, 2)],
    buttons=[Button("几点开门", "几点开门")],
)  # fmt: skip
CHAT = Message(act="thanks", text="不客气。还想问什么？")
SAID = {
    "卡片": CARD, "岗位": LIST, "选择": CHOICE, "五个岗位": FIVE, "长": LONG, "闲聊": CHAT, "站点": STATIONS,
    "第4个详细说说": replies.posting_details(GUARDS[3], "refine_job"),
}  # fmt: skip


class StandIn:
    """Answers like an agent would."""

    async def handle_message(self, message: UserMessage) -> None:
        if message.text == "出错":
            raise RuntimeError("the agent fails")
        if message.text == "慢":
            await asyncio.sleep(1.5)
        if message.text == "转人工":
            case = Case("web", message.sender_id, "asked", [Line("seeker", "前面说的话")])
            with session() as db:
                said = handoff_reply(hand_over(db, case))
            await message.output_channel.send_custom_json(message.sender_id, said.to_dict())
            return
        if message.text == "删掉我的信息":
            with session() as db:
                erase(db, "web", message.sender_id)
            gone = Erased(act="my_data", text="你说：删掉我的信息").to_dict()
            await message.output_channel.send_custom_json(message.sender_id, gone)
            return
        said = SAID.get(message.text, Message(text=f"你说：{message.text}"))
        await message.output_channel.send_custom_json(message.sender_id, said.to_dict())


if __name__ == "__main__":
    admission.MAX_QUEUE = int(os.environ.get("STAND_IN_WAITING", admission.MAX_QUEUE))
    app = Sanic("stand_in", configure_logging=False)
    app.config.GRACEFUL_SHUTDOWN_TIMEOUT = SHUTDOWN_SECONDS
    app.ctx.agent = StandIn()
    register(
        [
            *(one.from_credentials(None) for one in (WebInput, DeskInput, DemoInput, GuideInput)),
            RestInput(),
        ],
        app,
        route="/webhooks/",
    )
    app.run("127.0.0.1", int(sys.argv[1]), access_log=False, single_process=True)

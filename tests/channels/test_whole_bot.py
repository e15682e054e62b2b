"""The whole bot behind a real Kannel and behind the platform that wechatpy plays."""

from __future__ import annotations

import asyncio
import itertools
import json
import sys
import time
import uuid
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import pytest
from aiohttp import web
from sqlalchemy import select

from bot import clock
from bot.background.run_once import match_all
from bot.channels.senders import senders
from bot.channels.sms.sender import SmsSender
from bot.db.session import session
from bot.db.tables import Delivery, Ticket
from bot.delivery.quiet_hours import QuietHours, next_allowed
from bot.delivery.worker import Worker
from bot.handoff import service
from bot.handoff.accounts import Account, add
from bot.notifications.digest import compose_all
from bot.postings.ingest.importer import import_files
from bot.privacy.proof import prove
from bot.runtime.pushed_events import TrackedConversations
from bot.settings import ROOT, settings
from tests.channels.edge_server import Served, serving
from tests.channels.sms.carrier import Carrier
from tests.channels.sms.kannel_here import kannel, settings_for
from tests.channels.wechat.conftest import SETTINGS
from tests.channels.wechat.fake_api import FakeApi
from tests.channels.wechat.platform import Platform
from tests.channels.widget_client import Widget
from tests.conftest import _free_port
from tests.databases import copied

pytestmark = pytest.mark.model
HOURS = QuietHours()
_numbers = itertools.count(13800138001)


class Handset:
    """A person who writes by SMS, one message at a time."""

    def __init__(self, carrier: Carrier) -> None:
        self._carrier, self.number, self.heard = carrier, str(next(_numbers)), 0

    def say(self, text: str) -> str:
        """Send a text; the answer, which must be one message."""
        self._carrier.send(self.number, text)
        return self.next()

    def next(self) -> str:
        """Wait for the next message."""
        self.heard += 1
        texts = self._carrier.until(f"+86{self.number}", self.heard, seconds=90)
        assert len(texts) >= self.heard, "no message came"
        return texts[self.heard - 1]

    @property
    def received(self) -> int:
        return len(self._carrier.texts(f"+86{self.number}"))


@dataclass
class World:
    served: Served
    carrier: Carrier
    api_port: int
    wang: Account
    settings: dict[str, str]


@pytest.fixture(scope="module")
def world(
    model: Path, demo_file: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[World]:
    folder, port, api_port = tmp_path_factory.mktemp("whole"), _free_port(), _free_port()
    database = copied(demo_file, folder / "edges.db")
    with session(database) as db:
        wang = add(db, "王老师", "long enough for a test")
    with kannel(folder / "kannel", port) as (running, carrier):
        set_ = {
            **SETTINGS, **settings_for(running), "JIUYE_WECHAT_API": f"http://127.0.0.1:{api_port}",
            "JIUYE_PRODUCTION": "1", "JIUYE_SMS_SIGNATURE": "辽宁就业", "JIUYE_PORT": str(port),
            "JIUYE_OFFICE_HOURS": "1-7 0:00-24:00 +holidays",
        }  # fmt: skip
        command = [sys.executable, "-m", "bot.runtime.server", "rasa"]
        with serving(folder, command, port, **set_) as served:
            yield World(served, carrier, api_port, wang, {**set_, "DATABASE_URL": database})


@pytest.fixture
async def platform(world: World) -> AsyncIterator[Platform]:
    api = FakeApi()
    runner = web.AppRunner(api.application())
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", world.api_port).start()
    yield Platform(f"{world.served.url}/webhooks/wechat", api, "safe")
    await runner.cleanup()


@pytest.fixture
async def worker(world: World, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Worker]:
    """The push worker of `serve`, run by hand."""
    for name, value in world.settings.items():
        monkeypatch.setenv(name, value)
    settings.cache_clear()
    talk = TrackedConversations.open(world.served.database, ROOT / "domain.yml")
    made = senders()
    yield Worker(world.served.database, made, conversations=talk, hours=HOURS)
    sms = made["sms"]
    assert isinstance(sms, SmsSender)
    await sms.close()
    settings.cache_clear()


async def _pushed(worker: Worker, at: datetime) -> int:
    """Match, compose and send as on a working morning; how many digests there were."""
    match_all(worker.url)
    digests = compose_all(worker.url, at, HOURS)
    await worker.drain()
    return digests


def _post(world: World, folder: Path, name: str) -> None:
    """Import a new posting for a guard in Shenyang."""
    row = {
        "编号": name, "来源": "测试", "职位": "保安员", "公司": f"沈阳{name}物业", "地点": "沈阳",
        "区县": "铁西区", "薪资": "4000-4600元/月", "学历": "不限", "经验": "不限",
        "描述": f"{name}小区门岗，两班倒，包住。", "发布日期": f"{clock.now():%Y-%m-%d}",
    }  # fmt: skip
    file = folder / f"{name}.jsonl"
    file.write_text(json.dumps(row, ensure_ascii=False), encoding="utf-8")
    assert import_files(world.served.database, [file]).new == 1


async def _state(world: World, handset: Handset, wanted: str) -> str:
    """Wait for the delivery report of the last delivery to a handset; its state."""
    last = select(Delivery.state).where(Delivery.address == f"+86{handset.number}")
    for _ in range(100):
        with session(world.served.database) as db:
            state = db.scalar(last.order_by(Delivery.id.desc()).limit(1))
        if state == wanted:
            break
        await asyncio.sleep(0.1)
    return str(state)


async def test_a_search_a_subscription_a_push_and_its_end_by_sms(
    world: World, worker: Worker, tmp_path: Path
) -> None:
    handset = Handset(world.carrier)
    listed = handset.say("想在沈阳找个保安的活🙂，三千以上")
    assert listed.startswith("【辽宁就业】1")
    assert listed.endswith("回复数字看详情")
    assert "来源没有给联系电话" in handset.say("1")
    asked = handset.say("有新的就告诉我🙏")
    assert "沈阳市" in asked
    assert "1好" in asked
    assert "订好了" in handset.say("1")
    _post(world, tmp_path, "晨光")
    morning = next_allowed(clock.now(), HOURS)
    with clock.frozen(morning):
        assert await _pushed(worker, morning) == 1
    digest = handset.next()
    assert digest.startswith("【辽宁就业】")
    assert "保安" in digest
    assert digest.endswith("退订回T")
    assert await _state(world, handset, "delivered") == "delivered"
    assert "保安员" in handset.say("1")
    assert "不再给你推送" in handset.say("退订")
    _post(world, tmp_path, "暮色")
    with clock.frozen(morning):
        assert await _pushed(worker, morning) == 0
    for part in world.carrier.parts:
        assert len(part.data) <= 140
    assert handset.received == handset.heard


async def test_three_short_lines_are_answered_in_order_without_waiting_for_more(
    world: World,
) -> None:
    took, one_alone = [], []
    for _ in range(5):  # several people: the machine may be busy, and the first warms it
        widget = Widget()
        await widget.open(world.served.url)
        began = time.monotonic()
        await widget.say("你好")
        one_alone.append(time.monotonic() - began)
        began = time.monotonic()
        for line in ("我想找活", "大连", "会计"):
            await widget.client.emit("user_uttered", {"message": line})
        said = [(await widget.next("person_uttered"))["text"] for _ in range(3)]
        assert said == ["我想找活", "大连", "会计"]
        # Lines that come before the bot is free are one message: how many are is its luck.
        answers = [await widget.next("bot_uttered")]
        while not all(word in answers[-1]["text"] for word in ("大连", "会计")):
            answers.append(await widget.next("bot_uttered"))
        took.append(time.monotonic() - began)
        assert len(answers) <= 3
        assert [one["seq"] for one in answers] == sorted(one["seq"] for one in answers)
        assert {one["message"]["act"] for one in answers} <= {"find_job", "refine_job"}
        await asyncio.sleep(0.3)
        assert "bot_uttered" not in [name for name, _ in list(widget.events._queue)]  # type: ignore[attr-defined]
        await widget.client.disconnect()
    # Under a second where one answer takes little, and no more than three of them on a busy machine.
    assert min(took) < 0.7 + 3 * min(one_alone)


async def test_linked_by_sms_and_wechat(world: World, platform: Platform) -> None:
    handset = Handset(world.carrier)
    policy = handset.say("创业担保贷款最高能贷多少")
    assert "30万" in policy
    assert "辽人社建〔2025〕21号" in policy
    code = "".join(c for c in handset.say("关联") if c.isdigit())[:8]
    openid = f"o{uuid.uuid4().hex[:27]}"
    (linked,) = await platform.say(openid, f"关联{code}")
    assert "关联上了" in linked.text
    (answer,) = await platform.say(openid, "失业金怎么领")
    assert "失业" in answer.text
    assert "回复数字" in answer.text
    (more,) = await platform.say(openid, "1")
    assert more.text
    assert more.text != answer.text
    log = world.served.log.read_text()
    for private in (handset.number, openid, "失业金怎么领"):
        assert private not in log


def _ticket(world: World, address: str) -> Ticket | None:
    with session(world.served.database) as db:
        return db.scalar(select(Ticket).where(Ticket.address == address))


async def test_despair_by_wechat_brings_helplines_and_a_ticket(
    world: World, platform: Platform
) -> None:
    openid = f"o{uuid.uuid4().hex[:27]}"
    (answer,) = await platform.say(openid, "我不想活了")
    assert "12356" in answer.text
    assert "告诉工作人员了" in answer.text
    ticket = _ticket(world, openid)
    assert ticket is not None
    assert (ticket.channel, ticket.reason, ticket.state) == ("wechat", "distress", "open")


async def test_three_unclear_answers_by_sms_bring_a_counsellor_who_answers(
    world: World, worker: Worker
) -> None:
    handset = Handset(world.carrier)
    assert "没太听明白" in handset.say("能领多少")
    handset.say("办那个要啥材料")
    assert _ticket(world, f"+86{handset.number}") is None
    assert "告诉工作人员了" in handset.say("那个咋整")
    ticket = _ticket(world, f"+86{handset.number}")
    assert ticket is not None
    assert (ticket.channel, ticket.reason) == ("sms", "unclear")
    with session(world.served.database) as db:
        service.take_ticket(db, world.wang, ticket.id)
        service.answer_seeker(db, world.wang, ticket.id, "您好🙂您想办哪一样？", "key-12345")
    await worker.drain()
    came = [handset.next(), handset.next()]
    assert "工作人员王老师来了" in came[0] + came[1]
    assert any("您好🙂您想办哪一样？" in text for text in came)
    assert await _state(world, handset, "delivered") == "delivered"
    world.carrier.send(handset.number, "好的🙏")
    await asyncio.sleep(2)
    assert handset.received == handset.heard, "the bot spoke while a counsellor had it"


async def test_who_has_all_deleted_leaves_no_trace_by_any_channel(
    world: World, platform: Platform
) -> None:
    handset, openid = Handset(world.carrier), f"o{uuid.uuid4().hex}"
    code = handset.say("关联").split("关联码是 ")[1][:9]
    await platform.say(openid, f"关联{code}")
    handset.say("沈阳 保安 三千以上")
    handset.say("以后有这样的岗位告诉我一声")
    assert "订好了" in handset.say("好")
    await platform.say(openid, "失业金怎么领")
    widget = Widget()
    web_session = (await widget.open(world.served.url))["token"].split(".")[0]
    await widget.say("我在铁西，52岁")
    keys = (handset.number, openid)
    assert not any(prove(world.served.database, key).erased for key in keys)
    handset.say("删掉我的信息")
    assert "全删了" in handset.say("确定删")
    await widget.say("清掉我的信息")
    await widget.client.disconnect()
    await asyncio.sleep(1)
    for key in (*keys, web_session):
        proof = prove(world.served.database, key)
        tables = [one.where for one in proof.found if "/" not in one.where]
        assert tables == []
    # It begins anew, and knows nothing.
    assert "只记着你和我说的话" in handset.say("你们存了我啥")

"""The whole bot behind a real Kannel and behind the platform that wechatpy plays."""

from __future__ import annotations

import sys
import uuid
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from aiohttp import web

from bot.prepare import prepare_data
from bot.settings import Settings
from tests.channels.edge_server import Served, serving
from tests.channels.sms.carrier import Carrier
from tests.channels.sms.kannel_here import kannel, settings_for
from tests.channels.wechat.conftest import SETTINGS
from tests.channels.wechat.fake_api import FakeApi
from tests.channels.wechat.platform import Platform
from tests.conftest import _free_port

pytestmark = pytest.mark.model


@dataclass
class World:
    served: Served
    carrier: Carrier
    platform: Platform


@pytest.fixture
async def world(model: Path, tmp_path: Path) -> AsyncIterator[World]:
    port, api_port = _free_port(), _free_port()
    database = f"sqlite:///{tmp_path / 'edges.db'}"
    list(prepare_data(Settings.from_environment({"DATABASE_URL": database}), demo=True))
    api = FakeApi()
    runner = web.AppRunner(api.application())
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", api_port).start()
    command = [sys.executable, "-m", "bot.channels.server", "rasa"]
    with (
        kannel(tmp_path / "kannel", port) as (running, carrier),
        serving(
            tmp_path, command, port, JIUYE_WECHAT_API=f"http://127.0.0.1:{api_port}",
            JIUYE_PRODUCTION="1", JIUYE_SMS_SIGNATURE="辽宁就业", **SETTINGS, **settings_for(running),
        ) as served,
    ):  # fmt: skip
        yield World(served, carrier, Platform(f"{served.url}/webhooks/wechat", api, "safe"))
    await runner.cleanup()


async def test_conversations_by_sms_and_wechat(world: World) -> None:
    handset, said = "13800138000", 0

    def sms(text: str) -> str:
        nonlocal said
        world.carrier.send(handset, text)
        said += 1
        return world.carrier.until(f"+86{handset}", said, seconds=90)[said - 1]

    listed = sms("想在沈阳找个保安的活🙂，三千以上")
    assert listed.startswith("【辽宁就业】1")
    assert listed.endswith("回复数字看详情")
    assert "来源没有给联系电话" in sms("1")
    policy = sms("创业担保贷款最高能贷多少")
    assert "30万" in policy
    assert "辽人社建〔2025〕21号" in policy
    assert "不再给你推送" in sms("退订")
    for part in world.carrier.parts:
        assert len(part.data) <= 140
    shown = sms("关联")
    code = "".join(c for c in shown if c.isdigit())[:8]

    openid = f"o{uuid.uuid4().hex[:27]}"
    (linked,) = await world.platform.say(openid, f"关联{code}")
    assert "关联上了" in linked.text
    (answer,) = await world.platform.say(openid, "失业金怎么领")
    assert "失业" in answer.text
    assert "回复数字" in answer.text
    (more,) = await world.platform.say(openid, "1")
    assert more.text
    assert more.text != answer.text
    log = world.served.log.read_text()
    for private in (handset, openid, "保安的活", "失业金怎么领"):
        assert private not in log

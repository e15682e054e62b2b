import asyncio
from dataclasses import replace

import pytest
from aiohttp import ClientTimeout

from bot.channels.sms import kannel
from bot.channels.sms.gateway import Gateway
from bot.delivery.outcome import Retry
from bot.setting_types import Url
from bot.settings import Settings
from tests.conftest import _free_port


async def test_a_gateway_that_never_answers_is_a_retry_and_unwell(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(kannel, "TIMEOUT", ClientTimeout(total=0.2))
    port = _free_port()
    silent = await asyncio.start_server(lambda *_: asyncio.sleep(60), "127.0.0.1", port)
    url = Url(f"http://127.0.0.1:{port}/")
    gateway = Gateway.from_settings(replace(Settings(), sms_sendsms=url, sms_status=url))
    assert gateway is not None
    client = kannel.Kannel(gateway)
    assert isinstance(await client.send_text("13800138000", "您好", "k1"), Retry)
    assert "TimeoutError" in str(await kannel.health(gateway))
    await client.close()
    silent.close()

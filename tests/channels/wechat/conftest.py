"""Our channel in a process of its own, between a fake API and a platform played by wechatpy."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
from aiohttp import web

from tests.channels.edge_server import Served, serving
from tests.channels.wechat.fake_api import APP_ID, SECRET, FakeApi
from tests.channels.wechat.platform import KEY, OLD_KEY, TOKEN, Platform
from tests.conftest import _free_port

SETTINGS = {
    "JIUYE_WECHAT_APPID": APP_ID, "JIUYE_WECHAT_SECRET": SECRET, "JIUYE_WECHAT_TOKEN": TOKEN,
    "JIUYE_WECHAT_AES_KEY": KEY, "JIUYE_WECHAT_OLD_AES_KEY": OLD_KEY,
}  # fmt: skip


@pytest.fixture(scope="module")
def api_port() -> int:
    return _free_port()


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory, api_port: int) -> Iterator[Served]:
    folder: Path = tmp_path_factory.mktemp("wechat")
    api = f"http://127.0.0.1:{api_port}"
    with serving(folder, JIUYE_WECHAT_API=api, JIUYE_WECHAT_DESK="1", **SETTINGS) as server:
        yield server


@pytest.fixture(scope="module")
def tokens() -> dict[str, float]:
    """The tokens given out: our server keeps one from test to test."""
    return {}


@pytest.fixture
async def api(api_port: int, tokens: dict[str, float]) -> AsyncIterator[FakeApi]:
    fake = FakeApi(url=f"http://127.0.0.1:{api_port}", tokens=tokens)
    runner = web.AppRunner(fake.application())
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", api_port, backlog=4096).start()
    yield fake
    await runner.cleanup()


@pytest.fixture
def platform(served: Served, api: FakeApi) -> Platform:
    return Platform(f"{served.url}/webhooks/wechat", api)


@pytest.fixture
async def fake(here: str) -> AsyncIterator[FakeApi]:
    port = _free_port()
    api = FakeApi(url=f"http://127.0.0.1:{port}")
    runner = web.AppRunner(api.application())
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", port).start()
    api.wrote("o1")
    yield api
    await runner.cleanup()

"""1,000 people write to the WeChat account in one moment, in safe mode: is each answered in time?

Three servers: one that says `success` and does nothing, our channel with an agent that answers at
once, and the whole bot. `JIUYE_BENCH_WECHAT=100` lets fewer people write.
"""

from __future__ import annotations

import asyncio
import os
import sys
import tempfile
from pathlib import Path

from aiohttp import web

from benchmarks.report import Measure, publish
from bot.logging_setup import prepare_environment
from bot.settings import ROOT, Settings
from tests.channels.edge_server import serving
from tests.channels.wechat.conftest import SETTINGS
from tests.channels.wechat.crowd import Crowd, crowd
from tests.channels.wechat.fake_api import FakeApi
from tests.channels.wechat.platform import Platform
from tests.conftest import _free_port

PEOPLE = int(os.environ.get("JIUYE_BENCH_WECHAT", "1000"))
SILENT = ROOT / "tests" / "channels" / "silent_server.py"
TEXT = "失业金怎么领"


async def _write(url: str, api_port: int, patience: float) -> Crowd:
    api = FakeApi()
    runner = web.AppRunner(api.application())
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", api_port, backlog=4096).start()
    try:
        platform = Platform(f"{url}/webhooks/wechat", api, "safe")
        await crowd(platform, 20, TEXT, 60 if patience else 0)  # warm
        api.sent.clear()
        return await crowd(platform, PEOPLE, TEXT, patience)
    finally:
        await runner.cleanup()


def _measured(command: list[str] | None, folder: Path, patience: float = 600) -> Crowd:
    """Run a server (None: our channel with a stand-in for the agent) and let everybody write."""
    folder.mkdir()
    port, api_port = _free_port(), _free_port()
    set_ = {**SETTINGS, "JIUYE_WECHAT_API": f"http://127.0.0.1:{api_port}"}
    if command and command[0] == "rasa":
        from bot.bootstrap import prepare

        database = {"DATABASE_URL": f"sqlite:///{folder / 'edges.db'}"}
        list(prepare(Settings.from_environment(database), demo=True))
        command = [sys.executable, "-m", "bot.runtime.server", "rasa"]
    elif command:
        command = [sys.executable, *command, str(port)]
    with serving(folder, command, port, JIUYE_WECHAT_MODE="safe", **set_) as served:
        return asyncio.run(_write(served.url, api_port, patience))


def _measures(name: str, ours: Crowd, silent: Crowd) -> list[Measure]:
    nothing = "a server that says success and does nothing"

    def beside(what: str, value: float, other: float, unit: str) -> Measure:
        return Measure(f"{name}: {what}", value, other, unit, PEOPLE, nothing)

    def alone(what: str, value: float, unit: str) -> Measure:
        return Measure(f"{name}: {what}", value, None, unit, PEOPLE)

    share = 100 / PEOPLE
    return [
        beside("within 5 s", round(ours.in_time * share, 1), round(silent.in_time * share, 1), "%"),
        beside("median", round(ours.at(0.5), 3), round(silent.at(0.5), 3), "s"),
        beside("p99", round(ours.at(0.99), 3), round(silent.at(0.99), 3), "s"),
        beside("slowest", round(ours.at(1), 3), round(silent.at(1), 3), "s"),
        alone("answered by the reply itself", ours.passive, "people"),
        alone("answered by customer-service message", ours.later, "people"),
        alone("lost", ours.lost, "people"),
        alone("answered twice", ours.twice, "people"),
        alone("all answered after", round(ours.all_answered, 1), "s"),
    ]


def main() -> None:
    """Run the three and publish."""
    prepare_environment()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        silent = _measured([str(SILENT)], folder / "silent", patience=0)
        channel = _measured(None, folder / "channel")
        publish("wechat", _measures("channel alone", channel, silent))
        whole = _measured(["rasa"], folder / "whole")
    measures = _measures("channel alone", channel, silent) + _measures("whole bot", whole, silent)
    publish("wechat", measures)


if __name__ == "__main__":
    main()

"""1,000 SMS at Kannel's own speed, beside a server that takes each and does nothing.

A real Kannel with its fake carrier; our channel with an agent that answers at once, so that what is
measured is the channel: key, inbox, order, sendsms. `JIUYE_BENCH_SMS=100` sends fewer.
"""

from __future__ import annotations

import json
import os
import sys
import tempfile
import urllib.request
from pathlib import Path

from benchmarks.report import Measure, publish
from bot.db.session import session
from bot.db.tables import SeenMessage
from bot.logging_setup import prepare_environment
from bot.settings import ROOT
from tests.channels.edge_server import Served, serving
from tests.channels.sms.flood import Flood, flood
from tests.channels.sms.kannel_here import kannel, settings_for
from tests.conftest import _free_port

COUNT = int(os.environ.get("JIUYE_BENCH_SMS", "1000"))
HANDSETS = [str(13900000000 + number) for number in range(COUNT)]
SILENT = ROOT / "tests" / "channels" / "silent_server.py"


def _ours(folder: Path) -> Flood:
    port = _free_port()
    with (
        kannel(folder / "kannel", port) as (running, carrier),
        serving(folder, port=port, **settings_for(running)) as served,
    ):

        def taken() -> int:
            with session(served.database) as db:
                return db.query(SeenMessage).count()

        return flood(carrier, HANDSETS, taken)


def _silent(folder: Path) -> Flood:
    port = _free_port()
    with (
        kannel(folder / "kannel", port) as (_, carrier),
        serving(folder, [sys.executable, str(SILENT), str(port)], port) as served,
    ):
        before = _calls(served)
        return flood(carrier, HANDSETS, lambda: _calls(served) - before, answers=False)


def _calls(served: Served) -> int:
    with urllib.request.urlopen(f"{served.url}/count", timeout=10) as answer:
        return int(json.load(answer))


def main() -> None:
    """Run both and publish."""
    prepare_environment()
    with tempfile.TemporaryDirectory() as folder:
        silent = _silent(Path(folder) / "silent")
        ours = _ours(Path(folder) / "ours")
    does_nothing = "an MO handler that does nothing"
    rate, nothing = COUNT / ours.seconds_to_take, COUNT / silent.seconds_to_take
    publish("sms", [
        Measure("messages lost", ours.lost, silent.lost, "messages", COUNT, does_nothing),
        Measure("answered twice", ours.twice, None, "messages", COUNT),
        Measure("taken", round(rate, 1), round(nothing, 1), "messages/s", COUNT, does_nothing),
        Measure("answered", round(COUNT / ours.seconds, 1), round(nothing, 1), "messages/s", COUNT,
                does_nothing),
    ])  # fmt: skip


if __name__ == "__main__":
    main()

"""100,000 messages of every kind of rubbish through the REST channel of a running server.

Random Unicode, broken UTF-8, JSON of the wrong shape, numbers, emoji, control characters, commands,
repeated and glued pieces of real messages, up to 64 KB. Nothing may crash, answer with a 500, leave
memory behind or stop the event loop. `JIUYE_BENCH_RUBBISH=5000` sends fewer, `JIUYE_BENCH_SEED=2`
others.
"""

from __future__ import annotations

import asyncio
import json
import os
import random
import re
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path

import aiohttp

from benchmarks.report import Measure, publish
from bot.logging_setup import prepare_environment
from bot.settings import ROOT, settings

COUNT = int(os.environ.get("JIUYE_BENCH_RUBBISH", "100000"))
#: Requests under way at once, and messages that one sender sends before another one comes.
AT_ONCE, EACH = 8, 10
SEED = int(os.environ.get("JIUYE_BENCH_SEED", "20261123"))
#: Bytes of the longest texts: what the channel takes of one message, and WeChat brings.
LONGEST = 63 * 1024
#: How the server tells the longest stop of its event loop when it ends.
_STOP = re.compile(r"longest stop ([\d.]+) s, [\d.]+ s of work; ([\d.]+) s by our own work")
_SPECIAL = [
    "", " ", "\n\n", "/restart", '/policy{"a":1}', "／greet", "null", "0", "-1", "1e999", "\x00",
    "\u200b", "\ud83d\ude00" * 50, "﷽" * 20, "a" * 5000, "失业金" * 400, "{{7*7}}", "%s%n%x",
    "'; drop table postings;--", "<script>alert(1)</script>", "../../etc/passwd", "第999999999个",
    "99999999999999999999元", "一二三四五六七八九十百千万亿", "13800138000", "2月30号",
    "铁西铁西铁西铁西", "不要不要不要", "\u202e反过来", "Z̷̢̛a̸͎͝l̵g̶o̷",
]  # fmt: skip
#: Blocks of characters to draw from: ASCII, Chinese, emoji, anything below surrogates, accents.
_BLOCKS = (
    (0x20, 0x7F), (0x4E00, 0x9FFF), (0x1F300, 0x1FAFF), (0x0, 0xD7FF), (0x300, 0x36F),
)  # fmt: skip


def _pieces() -> list[str]:
    """Return pieces of real messages, to glue at random."""
    lines = [
        line.strip("- \n")
        for file in sorted((settings().data / "nlu").rglob("*.yml"))
        for line in file.read_text(encoding="utf-8").splitlines()
        if line.startswith("    - ")
    ]
    return [line[at : at + 4] for line in lines for at in range(0, len(line), 4)]


def _message(chance: random.Random, pieces: list[str]) -> str:
    kind = chance.randrange(7)
    if kind == 0:
        return chance.choice(_SPECIAL)
    if kind == 6:
        pumped = chance.choice(_SPECIAL) or chance.choice(pieces)
        pumped += "".join(chance.choice(pieces) for _ in range(chance.randrange(4)))
        long = (pumped * (LONGEST // len(pumped))).encode("utf-8", "surrogatepass")
        return long[: chance.choice((1_000, 8_000, LONGEST))].decode("utf-8", "ignore")
    if kind == 1:
        drawn = (chance.choice(_BLOCKS) for _ in range(chance.randrange(60)))
        return "".join(chr(chance.randrange(first, last)) for first, last in drawn)
    if kind == 2:
        return bytes(chance.randrange(256) for _ in range(chance.randrange(80))).decode(
            "utf-8", "replace"
        )
    if kind == 3:
        return str(chance.uniform(-1e12, 1e12))[: chance.randrange(1, 20)] + chance.choice(
            ("元", "岁", "年", "个月", "号", "")
        )
    glued = "".join(chance.choice(pieces) for _ in range(chance.randrange(1, 12)))
    return glued if kind == 4 else glued[: chance.randrange(8)] + chance.choice(_SPECIAL)


def _body(chance: random.Random, sender: str, pieces: list[str]) -> bytes:
    kind = chance.randrange(20)
    if kind == 0:
        return bytes(chance.randrange(256) for _ in range(chance.randrange(200)))
    if kind == 1:
        odd = chance.choice(
            [None, 3, [], {}, "x", {"sender": 1}, {"sender": sender, "message": [1]}]
        )
        return json.dumps(odd).encode()
    said = _message(chance, pieces)
    return json.dumps(
        {"sender": sender, "message": said}, ensure_ascii=chance.random() < 0.5
    ).encode("utf-8", "surrogatepass")


def _memory(pid: int) -> float:
    """Return the memory of a process and its children in MB."""
    listed = subprocess.run(["ps", "-eo", "pid,ppid,rss"], capture_output=True, text=True).stdout
    rows = [tuple(map(int, line.split())) for line in listed.splitlines()[1:]]
    family = {pid}
    for child, parent, _ in sorted(rows):
        if parent in family:
            family.add(child)
    return sum(rss for one, _, rss in rows if one in family) / 1024


async def _send(address: str, pid: int) -> tuple[Counter[int], list[float], float]:
    """Send all; return the statuses, the memory along the way, and the seconds taken."""
    statuses: Counter[int] = Counter()
    memory: list[float] = []
    numbers = iter(range(COUNT))
    pieces = _pieces()
    began = time.perf_counter()

    async def worker(name: int, session: aiohttp.ClientSession) -> None:
        for sent, number in enumerate(numbers):
            chance = random.Random(f"{SEED} {number}")
            body = _body(chance, f"rubbish-{name}-{sent // EACH}", pieces)
            headers = {"Content-Type": "application/json"}
            async with session.post(address, data=body, headers=headers) as answer:
                await answer.read()
                statuses[answer.status] += 1
            if number % max(1, COUNT // 20) == 0:
                memory.append(_memory(pid))
                print(number, dict(statuses), f"{memory[-1]:.0f} MB", file=sys.stderr, flush=True)

    timeout = aiohttp.ClientTimeout(total=60)
    async with aiohttp.ClientSession(timeout=timeout) as session:
        await asyncio.gather(*(worker(name, session) for name in range(AT_ONCE)))
    return statuses, memory, time.perf_counter() - began


def main() -> None:
    """Start a server on a database of its own, send, publish."""
    prepare_environment()
    with socket.socket() as free, tempfile.TemporaryDirectory() as folder:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
        free.close()
        environment = {
            **os.environ, "JIUYE_PORT": str(port), "JIUYE_ACTION_PORT": str(port + 1),
            "DATABASE_URL": f"sqlite:///{Path(folder) / 'rubbish.db'}", "JIUYE_SECRET": "bench",
            "JIUYE_LOG_LEVEL": "INFO",
        }  # fmt: skip
        log = Path(folder) / "log"
        with log.open("w+") as written:
            server = subprocess.Popen(
                [sys.executable, "-m", "bot", "serve", "--demo"],
                cwd=ROOT, env=environment, stderr=written, text=True, start_new_session=True,
            )  # fmt: skip
            try:
                while "ready" not in log.read_text():
                    time.sleep(0.5)
                    if server.poll() is not None:
                        raise RuntimeError(f"the server did not start:\n{log.read_text()[-2000:]}")
                address = f"http://127.0.0.1:{port}/webhooks/rest/webhook"
                statuses, memory, took = asyncio.run(_send(address, server.pid))
                alive = server.poll() is None
            finally:
                os.killpg(server.pid, signal.SIGTERM)
                server.wait()
            logged = log.read_text()
    traces, stops = logged.count("Traceback"), _STOP.findall(logged)
    stood, own = (max(float(stop[at]) for stop in stops) for at in (0, 1))
    warm = memory[len(memory) // 4]
    failed = sum(count for status, count in statuses.items() if status >= 500)
    publish("rubbish", [
        Measure("messages sent", COUNT, None, "messages", 1),
        Measure("messages a second", round(COUNT / took, 1), None, "1/s", 1),
        Measure("answers of 500 and above", failed, None, "messages", 1),
        Measure("refused as no message (400)", statuses[400], None, "messages", 1),
        Measure("longest stop of the event loop", stood, None, "s", 1),
        Measure("longest by our own work", own, None, "s of processor time", 1),
        Measure("traces in the log", traces, None, "traces", 1),
        Measure("still running", int(alive), None, "yes", 1),
        Measure("memory at the end", round(memory[-1], 1), round(warm, 1), "MB", 1,
                "memory after a quarter of the messages"),
    ])  # fmt: skip


if __name__ == "__main__":
    main()

"""Answers beside an import on SQLite: how long people wait while 60,000 postings come in.

`serve` on a database of its own, BENCH_PEOPLE (4) who write again half a second after each answer,
first alone, then beside `postings import` of BENCH_ROWS (60,000) rows in another process.
"""

from __future__ import annotations

import asyncio
import json
import os
import subprocess
import sys
import time
from collections.abc import Callable
from itertools import count
from pathlib import Path

from benchmarks.conversation_dialogues import texts
from benchmarks.conversation_load import Asked, Client, percentile
from benchmarks.conversation_server import emptied, free_port, our_command, served
from benchmarks.report import Measure, publish
from bot.settings import ROOT

ROWS, PEOPLE = int(os.environ.get("BENCH_ROWS", "60000")), int(os.environ.get("BENCH_PEOPLE", "4"))
#: Seconds between an answer and the next message, and of the talk without an import.
PAUSE, ALONE = 0.5, 30.0


def write_rows(file: Path, rows: int, name: str = "") -> Path:
    """Write postings: those of the demo again and again, by ever other employers."""
    demo = (ROOT / "data" / "demo" / "postings.jsonl").read_text("utf-8").splitlines()
    stated = [json.loads(line) for line in demo]
    with file.open("w", encoding="utf-8") as out:
        for number in range(rows):
            row = {**stated[number % len(stated)], "编号": f"{name}{number}"}
            row["公司"] = f"{row['公司']}{name}{number // 20}部"
            out.write(json.dumps(row, ensure_ascii=False) + "\n")
    return file


async def talk(url: str, until: Callable[[], bool], name: str) -> list[Asked]:
    """Let people write until something is over; return each message with its seconds."""
    asked: list[Asked] = []
    began = time.perf_counter()

    async def write(client: Client, number: int) -> None:
        for at in count():
            dialogue = texts()[(number + at) % len(texts())]
            for text in dialogue:
                if until():
                    return
                sent = time.perf_counter()
                fate, _ = await client.ask(f"{name}-{number}-{at}", text)
                asked.append(Asked(sent - began, time.perf_counter() - sent, fate))
                await asyncio.sleep(PAUSE)

    async with Client(url) as client:
        await asyncio.gather(*(write(client, number) for number in range(PEOPLE)))
    return asked


def measures(name: str, asked: list[Asked]) -> list[Measure]:
    """Return the figures of a talk."""
    took = [one.took * 1000 for one in asked]
    unanswered = sum(one.fate != "answered" for one in asked)
    shares = (("median", 0.5), ("99 %", 0.99), ("longest", 1.0))
    return [
        *(Measure(f"{name}: {what}", round(percentile(took, share), 1), None, "ms", len(took))
          for what, share in shares),
        Measure(f"{name}: unanswered", unanswered, None, "messages", len(took)),
    ]  # fmt: skip


def main() -> None:
    """Measure and publish."""
    folder, port = emptied("import"), free_port()
    file = write_rows(folder / "rows.jsonl", ROWS)
    command = our_command(folder, port)
    environment = {**os.environ, **command.environment}
    words = [sys.executable, "-m", "bot", "postings", "import", "--json", str(file)]
    with served("ours", [command], port, folder) as server:
        ends = time.monotonic() + ALONE
        alone = asyncio.run(talk(server.url, lambda: time.monotonic() > ends, "alone"))
        began = time.perf_counter()
        with (folder / "import.json").open("wb") as out:
            importing = subprocess.Popen(words, cwd=ROOT, env=environment, stdout=out)
            beside = asyncio.run(talk(server.url, lambda: importing.poll() is not None, "beside"))
        took = round(time.perf_counter() - began, 1)
    if importing.returncode:
        raise SystemExit((folder / "import.json").read_text())
    seconds = Measure(f"import of {ROWS} rows", took, None, "s", 1)
    publish("import-beside", [*measures("alone", alone), *measures("beside", beside), seconds])


if __name__ == "__main__":
    main()

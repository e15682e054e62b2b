"""Processor time of a message beside that of another version of this project, in turns.

BENCH_BESIDE: the folder of the other version's checkout, whose .venv has its packages. Both serve
the same dialogues over the REST channel, 1 and 8 people at once, BENCH_RUNS (3) times in turns;
processor time is of the servers alone. Without it the second server is of this version and
encrypts nothing: what encryption alone costs. BENCH_BASE: a SQLite file that `serve` has prepared,
of which servers of this version get a copy; BENCH_TIMES (3): how often the dialogues are played.
"""

from __future__ import annotations

import asyncio
import os
import shutil
import statistics
import sys
from collections import defaultdict
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path

from benchmarks.conversation_dialogues import texts
from benchmarks.conversation_load import closed
from benchmarks.conversation_server import Served, emptied, free_port, our_command, served
from benchmarks.report import Measure, publish

BESIDE, RUNS = os.environ.get("BENCH_BESIDE", ""), int(os.environ.get("BENCH_RUNS", "3"))
#: Times that the dialogues are played in one run.
TIMES = int(os.environ.get("BENCH_TIMES", "3"))
#: `sitecustomize` of a server that seals nothing: it changes the module when that is imported.
UNSEALED = """
import importlib.util, sys

class Unsealed:
    def find_spec(self, name, path=None, target=None):
        if name != "bot.db.sealing":
            return None
        sys.meta_path.remove(self)
        spec = importlib.util.find_spec(name)
        load = spec.loader.exec_module
        def exec_module(module):
            load(module)
            module.Keyring.seal = lambda self, text, place: text
            module.Keyring.seal_address = lambda self, address, key=None: address
        spec.loader.exec_module = exec_module
        return spec

sys.meta_path.insert(0, Unsealed())
"""


def start(stack: ExitStack, name: str, other: str, sealed: bool = True) -> Served:
    """Start a server of this version, or of the one in a folder."""
    folder, port = emptied(f"cost-{name}"), free_port()
    if (base := os.environ.get("BENCH_BASE")) and not other:
        shutil.copy(base, folder / "jiuye.db")
    command = our_command(folder, port)
    if other:
        words = (f"{other}/.venv/bin/python", *command.words[1:])
        command = replace(command, words=words, folder=Path(other))
    if not sealed:
        (folder / "sitecustomize.py").write_text(UNSEALED, encoding="utf-8")
        command = replace(command, environment={**command.environment, "PYTHONPATH": str(folder)})
    return stack.enter_context(served(name, [command], port, folder))


def cost(server: Served, people: int, name: str) -> float:
    """Return the milliseconds of processor time that a message takes."""
    before = server.usage().processor_s
    load = asyncio.run(closed(server.url, texts() * TIMES, people, name))
    lost = len(load.asked) - load.count("answered")
    if lost:
        print(f"{server.name}: {lost} unanswered", file=sys.stderr)
    return (server.usage().processor_s - before) * 1000 / len(load.asked)


def main() -> None:
    """Measure and publish."""
    taken: dict[tuple[str, int], list[float]] = defaultdict(list)
    with ExitStack() as stack:
        ours = start(stack, "ours", "")
        second = start(stack, "beside", BESIDE, sealed=bool(BESIDE))
        for server in (ours, second):
            cost(server, 8, "warm")
        for run in range(RUNS):
            for people in (1, 8):
                for server in (ours, second) if run % 2 else (second, ours):
                    taken[server.name, people].append(cost(server, people, f"run{run}-{people}"))
    publish("message-cost", [
        Measure(f"a message, {people} at once", round(statistics.median(taken["ours", people]), 3),
                round(statistics.median(taken["beside", people]), 3), "ms of processor time", RUNS,
                BESIDE or "without encryption")
        for people in (1, 8)
    ])  # fmt: skip


if __name__ == "__main__":
    main()

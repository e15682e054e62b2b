"""Three short lines of one person at once: how long until all are answered, and in which order?

On the web page, where lines are read as one, and by REST beside plain Rasa, which takes no others.
BENCH_PEOPLE (40), one after the other; the first five warm the servers.
"""

from __future__ import annotations

import asyncio
import os
import statistics
import time
from collections.abc import Awaitable, Callable, Iterator

from benchmarks.conversation_dialogues import dialogues
from benchmarks.conversation_load import Client
from benchmarks.conversation_server import emptied, free_port, our_command, served
from benchmarks.conversation_stock import stock_commands, trained_project
from benchmarks.report import Measure, publish
from bot.logging_setup import prepare_environment
from tests.channels.widget_client import Widget

PEOPLE, WARM = int(os.environ.get("BENCH_PEOPLE", "40")), 5
LINES = ("我想找活", "大连", "会计")
#: Milliseconds of one person, and how many answers he got.
Took = tuple[float, int]


async def on_the_page(url: str, number: int) -> Took:
    """Send the lines over one socket; raises when they are not shown in their order."""
    widget = Widget()
    try:
        await widget.open(url)
        began = time.perf_counter()
        for line in LINES:
            await widget.client.emit("user_uttered", {"message": line})
        shown: list[str] = []
        answers, last = 0, began
        while len(shown) < len(LINES) or not answers or time.perf_counter() - last < 0.5:
            try:
                name, data = await asyncio.wait_for(widget.events.get(), 0.5 if answers else 10)
            except asyncio.TimeoutError:
                break
            if name == "person_uttered":
                shown.append(data["text"])
            elif name == "bot_uttered":
                answers, last = answers + 1, time.perf_counter()
        if tuple(shown) != LINES:
            raise RuntimeError(f"shown as {shown}")
        return (last - began) * 1000, answers
    finally:
        await widget.client.disconnect()


async def by_rest(url: str, number: int) -> Took:
    """Send the lines without waiting for an answer."""
    async with Client(url) as client:
        began = time.perf_counter()
        asked = []
        for line in LINES:
            asked.append(asyncio.create_task(client.ask(f"lines-{number}", line)))
            await asyncio.sleep(0.001)
        answers = [said for _, said in await asyncio.gather(*asked)]
    return (time.perf_counter() - began) * 1000, sum(map(bool, answers))


async def everybody(url: str, one: Callable[[str, int], Awaitable[Took]]) -> list[Took]:
    """Let the people write one after the other."""
    return [await one(url, number) for number in range(WARM + PEOPLE)][WARM:]


def _measures(page: list[Took], mine: list[Took], theirs: list[Took]) -> Iterator[Measure]:
    by_page = f"plain Rasa by REST, {len(LINES)} answers"
    for name, pick in (("median", statistics.median), ("slowest", max)):
        took = [[ms for ms, _ in one] for one in (page, mine, theirs)]
        ours, beside, stock = (round(pick(one), 1) for one in took)
        yield Measure(f"all answered on the page, {name}", ours, stock, "ms", len(page), by_page)
        yield Measure(f"all answered by REST, {name}", beside, stock, "ms", len(mine), by_page)
    answers = statistics.mean(count for _, count in page)
    yield Measure("answers on the page", round(answers, 2), len(LINES), "a person", len(page))


def main() -> None:
    """Measure both servers, one after the other in one run, and publish."""
    prepare_environment()
    project = trained_project(dialogues())
    port, other = free_port(), free_port()
    mine, theirs = emptied("lines-ours"), emptied("lines-stock")
    with served("ours", [our_command(mine, port)], port, mine) as ours:
        page = asyncio.run(everybody(ours.url, on_the_page))
        rest = asyncio.run(everybody(ours.url, by_rest))
    commands = stock_commands(project, theirs, {}, other, free_port())
    with served("plain Rasa", commands, other, theirs) as plain:
        stock = asyncio.run(everybody(plain.url, by_rest))
    publish("lines", list(_measures(page, rest, stock)))


if __name__ == "__main__":
    main()

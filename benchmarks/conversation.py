"""A conversation as people have it: our server beside a plain Rasa project, over the REST channel.

Both run on this machine at once, the loads turn about: 1, 8 and 64 senders who each wait for the
answer. Then ours alone meets messages that do not wait (50, 80 and 120 % of what it managed), and
one person's 10th, 100th and 500th message is timed on both. At last ours meets the first loads with
nothing remembered of texts. The client takes part of the same cores. A short run: BENCH_PAIRS=1
BENCH_SECONDS=10 BENCH_GROWTH=10,100 BENCH_GROWTH_SECONDS=60.
"""

from __future__ import annotations

import asyncio
import os
import statistics
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path

from benchmarks import conversation_plot
from benchmarks.conversation_dialogues import dialogues, texts
from benchmarks.conversation_load import (
    Client,
    Load,
    arrivals,
    closed,
    growing,
    opened,
    percentile,
)
from benchmarks.conversation_server import Served, emptied, free_port, our_command, served
from benchmarks.conversation_stock import OTHERWISE, stock_commands, trained_project
from benchmarks.report import Measure, publish
from bot.logging_setup import prepare_environment
from bot.settings import ROOT

#: How many people write at once, each waiting for the answer.
SENDERS = tuple(map(int, os.environ.get("BENCH_SENDERS", "1,8,64").split(",")))
#: How often both servers meet each load, turn about.
PAIRS = int(os.environ.get("BENCH_PAIRS", "3"))
#: People who play all dialogues once before anything is measured.
WARM_UP = 8
#: Length of each load of messages that do not wait.
SECONDS = float(os.environ.get("BENCH_SECONDS", "30"))
#: Shares of our limit at which messages come.
OFFERED = (0.5, 0.8, 1.2)
#: Which of one person's messages are timed, and the most seconds that both servers may take.
GROWTH = tuple(map(int, os.environ.get("BENCH_GROWTH", "10,100,500").split(",")))
GROWTH_SECONDS = float(os.environ.get("BENCH_GROWTH_SECONDS", "600"))
#: Dialogues that one person repeats: few, so that the same texts stand around each timed message.
CYCLE = 2
#: Messages before and after a timed one of which the median is taken.
AROUND = 5
BASELINE = "plain Rasa 3.6.21, default zh pipeline, SQL tracker store, action server over HTTP"
PLOT = ROOT / "docs" / "images" / "conversation.png"


@dataclass
class Side:
    """One of the two servers and all that it met."""

    server: Served
    memory_mb: float
    """After the first answer."""
    closed: dict[int, list[Load]] = field(default_factory=dict)
    """By number of senders, one a pair."""
    processor_s: dict[int, float] = field(default_factory=dict)
    """Processor time of all its processes by number of senders, all pairs together."""
    opened: dict[float, Load] = field(default_factory=dict)
    """By share of the limit."""
    growth: list[float] = field(default_factory=list)
    """Milliseconds of one person's messages."""
    memory_after_mb: float = 0.0
    """After all loads but the last."""

    def rate(self, senders: int) -> float:
        """Return messages a second, the median of the pairs."""
        return statistics.median(load.rate for load in self.closed[senders])

    def took(self, senders: int, share: float) -> float:
        """Return a percentile of the milliseconds of all pairs together."""
        return percentile([ms for load in self.closed[senders] for ms in load.took()], share)

    def unanswered(self, senders: int) -> int:
        """Return how many messages of all pairs met anything but an answer."""
        return sum(len(load.asked) - load.count("answered") for load in self.closed[senders])

    def processor_ms(self, senders: int) -> float:
        """Return milliseconds of processor time a message: other work changes it little."""
        return (
            self.processor_s[senders] * 1000 / sum(len(one.asked) for one in self.closed[senders])
        )

    async def meet(self, senders: int, name: str) -> None:
        """Let so many senders at once play their dialogues."""
        before = self.server.usage().processor_s
        load = await closed(self.server.url, conversations(senders), senders, name)
        took = self.server.usage().processor_s - before
        self.closed.setdefault(senders, []).append(load)
        self.processor_s[senders] = self.processor_s.get(senders, 0.0) + took

    def at(self, message: int) -> float | None:
        """Return the median milliseconds around one person's nth message, if it came to that."""
        window = self.growth[message - AROUND - 1 : message + AROUND]
        return statistics.median(window) if len(window) > AROUND else None


def conversations(senders: int) -> list[tuple[str, ...]]:
    """Return what is said under a load: each dialogue once, and two for each sender."""
    known = texts()
    return [known[n % len(known)] for n in range(max(len(known), 2 * senders))]


async def _answers(url: str) -> dict[str, str]:
    """Let our server answer all dialogues; return its words by text."""
    said: dict[str, str] = {}
    async with Client(url) as client:
        for number, dialogue in enumerate(texts()):
            for text in dialogue:
                _, messages = await client.ask(f"first-{number}", text)
                words = "\n".join(one.get("text", "") for one in messages)
                said[text] = words or OTHERWISE
    return said


@contextmanager
def both(project: Path) -> Iterator[tuple[Side, Side, float]]:
    """Start ours on an empty database, again on a filled one, and the plain project beside it."""
    mine, theirs = emptied("conversation-ours"), emptied("conversation-stock")
    port, other = free_port(), free_port()
    with served("ours", [our_command(mine, port)], port, mine) as first:
        answers, first_start = asyncio.run(_answers(first.url)), first.start
    stock = stock_commands(project, theirs, answers, other, free_port())
    with ExitStack() as running:
        ours = running.enter_context(served("ours", [our_command(mine, port)], port, mine))
        ours_mb = ours.usage().memory_mb
        plain = running.enter_context(served("plain Rasa", stock, other, theirs))
        yield Side(ours, ours_mb), Side(plain, plain.usage().memory_mb), first_start


async def _measure(ours: Side, stock: Side) -> None:
    for side in (ours, stock):
        await closed(side.server.url, texts(), WARM_UP, "warm")
    for pair in range(PAIRS):
        for senders in SENDERS:
            # Who comes first changes, so that neither always meets the warmer machine.
            for side in (ours, stock) if pair % 2 == 0 else (stock, ours):
                await side.meet(senders, f"{pair}-{senders}")
    limit = ours.rate(max(SENDERS))
    for share in OFFERED:
        coming = arrivals(share * limit, SECONDS, texts())
        ours.opened[share] = await opened(ours.server.url, coming, f"open-{share}")
    for side in (ours, stock):
        side.memory_after_mb = side.server.usage().memory_mb
    said = [text for dialogue in texts()[:CYCLE] for text in dialogue]
    urls = [side.server.url for side in (ours, stock)]
    last = max(GROWTH) + AROUND
    ours.growth, stock.growth = await growing(urls, said, last, GROWTH_SECONDS)


def _closed_measures(ours: Side, stock: Side) -> Iterator[Measure]:
    for senders in SENDERS:
        runs = sum(len(load.asked) for load in ours.closed[senders])

        def pair(
            name: str, mine: float, theirs: float, unit: str, runs: int = runs, among: int = senders
        ) -> Measure:
            full = f"{name}, {among} senders" if among > 1 else f"{name}, 1 sender"
            return Measure(full, round(mine, 1), round(theirs, 1), unit, runs, BASELINE)

        yield pair("answers a second", ours.rate(senders), stock.rate(senders), "1/s")
        for name, share in (("median", 0.5), ("95 %", 0.95), ("99 %", 0.99)):
            yield pair(name, ours.took(senders, share), stock.took(senders, share), "ms")
        mine, theirs = ours.processor_ms(senders), stock.processor_ms(senders)
        yield pair("processor time a message", mine, theirs, "ms")
        yield pair("unanswered", ours.unanswered(senders), stock.unanswered(senders), "messages")


def _open_measures(ours: Side) -> Iterator[Measure]:
    for share, load in ours.opened.items():
        at, runs = f"{share:.0%} of the limit", len(load.asked)
        yield Measure(f"offered, {at}", round(runs / SECONDS, 1), None, "1/s", runs)
        yield Measure(f"answered, {at}", round(load.rate, 1), None, "1/s", runs)
        for name, part in (("median", 0.5), ("99 %", 0.99)):
            took = round(percentile(load.took(), part), 1)
            yield Measure(f"{name}, {at}", took, None, "ms", runs)
        for fate in ("shed", "timeout", "error"):
            yield Measure(f"{fate}, {at}", load.count(fate), None, "messages", runs)


def _growth_measures(ours: Side, stock: Side) -> Iterator[Measure]:
    for message in GROWTH:
        mine, theirs = ours.at(message), stock.at(message)
        if mine is None:
            print(f"one person's message {message}: not reached in {GROWTH_SECONDS:.0f} s")
            continue
        shown = None if theirs is None else round(theirs, 1)
        name = f"one person's message {message}"
        yield Measure(name, round(mine, 1), shown, "ms", 2 * AROUND + 1, BASELINE)
    first = GROWTH[0]
    for side in (ours, stock):
        reached = [message for message in GROWTH if side.at(message) is not None]
        growth = _ratio(side.at(reached[-1]), side.at(first)) if len(reached) > 1 else None
        if growth is not None:
            name = f"growth from message {first} to {reached[-1]}, {side.server.name}"
            yield Measure(name, growth, None, "times", 1)


def _ratio(last: float | None, first: float | None) -> float | None:
    return round(last / first, 2) if last and first else None


def _new_texts(stock: Side) -> Iterator[Measure]:
    """Measure ours again where every text is new to it, though the dialogues are the same."""
    folder, port = emptied("conversation-new"), free_port()
    commands = [our_command(folder, port, JIUYE_REMEMBERED_TEXTS="0")]
    with served("ours", commands, port, folder) as server:
        side = Side(server, 0.0)
        asyncio.run(closed(server.url, texts(), WARM_UP, "warm"))
        for pair in range(PAIRS):
            for senders in SENDERS:
                asyncio.run(side.meet(senders, f"new-{pair}-{senders}"))
    for measure in _closed_measures(side, stock):
        yield replace(measure, name=f"{measure.name}, every text new")


def _measures(ours: Side, stock: Side, first_start: float) -> list[Measure]:
    def once(name: str, mine: float, theirs: float | None, unit: str) -> Measure:
        shown = None if theirs is None else round(theirs, 1)
        return Measure(name, round(mine, 1), shown, unit, 1, BASELINE)

    return [
        once("start on an empty database to the first answer", first_start, None, "s"),
        once("start to the first answer", ours.server.start, stock.server.start, "s"),
        once("memory of all processes", ours.memory_mb, stock.memory_mb, "MB"),
        once("memory after the loads", ours.memory_after_mb, stock.memory_after_mb, "MB"),
        *_closed_measures(ours, stock),
        *_open_measures(ours),
        *_growth_measures(ours, stock),
    ]


def plotted(sides: Sequence[Side]) -> list[conversation_plot.Curve]:
    """Return what is drawn of each side."""
    return [
        conversation_plot.Curve(
            side.server.name,
            {senders: side.rate(senders) for senders in side.closed},
            {senders: side.took(senders, 0.5) for senders in side.closed},
            {senders: side.took(senders, 0.99) for senders in side.closed},
            side.growth,
        )
        for side in sides
    ]


def main() -> None:
    """Measure both, publish the ratios and draw them."""
    prepare_environment()
    print(f"load of the machine before: {os.getloadavg()[0]:.1f}")
    with both(trained_project(dialogues())) as (ours, stock, first_start):
        asyncio.run(_measure(ours, stock))
        new = [*_new_texts(stock)]
        publish("conversation", [*_measures(ours, stock, first_start), *new])
    conversation_plot.plot(plotted((ours, stock)), PLOT)
    print(f"load of the machine after: {os.getloadavg()[0]:.1f}")


if __name__ == "__main__":
    main()

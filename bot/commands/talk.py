"""`python -m bot talk`: play talks of new users, to be judged; and the figures of those judged."""

from __future__ import annotations

import asyncio
import uuid
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated

import typer

from bot.commands.steps import prepared_model
from bot.evaluation.sums import SumsError, SumStandings, SumTalk, load_sums, verdict
from bot.evaluation.talks import JUDGEMENTS, Talk, TalksError, load_judgements, load_talks
from bot.evaluation.units import MAX_RANK, RightUnit, Standings, load_units
from bot.settings import settings

#: The judged rounds, in the data folder.
ROUNDS = Path("evaluation") / "rounds"


def talk(
    file: Annotated[
        Path | None,
        typer.Argument(help="A YAML file of talks: a list of {id, person, goal, turns}."),
    ] = None,
    channel: Annotated[
        str, typer.Option(help="web, wechat or sms: how replies are rendered.")
    ] = "web",
    units: Annotated[
        Path | None,
        typer.Option(help="A YAML file of the units that answer the turns: say where they rank."),
    ] = None,
    sums: Annotated[
        bool, typer.Option("--sums", help="FILE states the sums that are right: count those said.")
    ] = False,
) -> None:
    """Play each talk of FILE with a new person and print it; without FILE the judged rounds.

    With --units or --sums the talks are played and not printed.
    """
    try:
        if sums and file:
            _count_sums(file)
            return
        if file is None:
            _figures()
            return
        talks = load_talks(file)
        right = load_units(units) if units else None
    except (SumsError, TalksError) as error:
        typer.echo(str(error), err=True)
        raise typer.Exit(1) from error
    from bot.logging_setup import configure

    configure(settings().log_level)
    model = prepared_model()
    played = _play(model, talks, channel) if right is None else _rank(model, talks, channel, right)
    asyncio.run(played)


def _count_sums(file: Path) -> None:
    """Play talks about sums, and print how many replies hold the right one."""
    from bot.logging_setup import configure

    talks = load_sums(file)
    configure(settings().log_level)
    asyncio.run(_play_sums(prepared_model(), talks))


async def _play_sums(model: Path, talks: list[SumTalk]) -> None:
    from bot.runtime.in_process import Conversations

    bot, standings = await Conversations.open(model), SumStandings()
    for talk in talks:
        person = uuid.uuid4().hex
        for turn in talk.turns:
            answer = await bot.send(turn.text, person, "web")
            lines = [line for text in answer["rendered"] for line in text.splitlines()]
            standings.add(turn, verdict(turn, lines))
    typer.echo(str(standings))


def _figures() -> None:
    for folder in sorted((settings().data / ROUNDS).glob(f"*/{JUDGEMENTS}")):
        for judged in load_judgements(folder.parent):
            typer.echo(str(judged))


async def _rank(
    model: Path, talks: list[Talk], channel: str, right: Mapping[str, Mapping[int, RightUnit]]
) -> None:
    from bot.commands.explain import ranked_units
    from bot.runtime.in_process import Conversations

    bot, standings = await Conversations.open(model), Standings()
    for talk in talks:
        person = uuid.uuid4().hex
        for number, text in enumerate(talk.turns, 1):
            right_unit = right.get(talk.id, {}).get(number)
            if right_unit:
                hits = await ranked_units(bot, person, text, MAX_RANK)
                standings.add(right_unit, [hit.unit.id for hit in hits])
            await bot.send(text, person, channel)
    typer.echo(str(standings))


async def _play(model: Path, talks: list[Talk], channel: str) -> None:
    from bot.runtime.in_process import Conversations

    bot = await Conversations.open(model)
    for talk in talks:
        typer.echo(f"# {talk.id}\n{talk.person}\n{talk.goal}\n")
        person = uuid.uuid4().hex
        for number, text in enumerate(talk.turns, 1):
            answer = await bot.send(text, person, channel)
            typer.echo(f"[{number}] > {text}\n" + "\n".join(answer["rendered"]) + "\n")

"""`python -m bot talk`: play talks of new users, to be judged; and the figures of those judged."""

from __future__ import annotations

import asyncio
import uuid
from pathlib import Path
from typing import Annotated

import typer

from bot.commands.steps import Steps
from bot.evaluation.talks import JUDGEMENTS, Talk, TalksError, load_judgements, load_talks
from bot.prepare import ready_model
from bot.progress import listening
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
) -> None:
    """Play each talk of FILE with a new person and print it; without FILE the judged rounds."""
    try:
        if file is None:
            _figures()
            return
        talks = load_talks(file)
    except TalksError as error:
        typer.echo(str(error), err=True)
        raise typer.Exit(1) from error
    asyncio.run(_play(talks, channel))


def _figures() -> None:
    for folder in sorted((settings().data / ROUNDS).glob(f"*/{JUDGEMENTS}")):
        for judged in load_judgements(folder.parent):
            typer.echo(str(judged))


async def _play(talks: list[Talk], channel: str) -> None:
    from bot.channels.conversation import Conversations
    from bot.logs import configure

    configure(settings().log_level)
    with listening(Steps().under_way):
        model = ready_model(settings())
    bot = await Conversations.open(model)
    for one in talks:
        typer.echo(f"# {one.id}\n{one.person}\n{one.goal}\n")
        person = uuid.uuid4().hex
        for number, text in enumerate(one.turns, 1):
            answered = await bot.say(text, person, channel)
            typer.echo(f"[{number}] > {text}\n" + "\n".join(answered["rendered"]) + "\n")

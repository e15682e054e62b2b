"""`python -m bot ask`: talk to the whole bot in this process. Its JSON is a contract."""

from __future__ import annotations

import asyncio
import json
import uuid
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Annotated, Any

import typer

from bot.commands.steps import prepared_model
from bot.settings import settings


def ask(
    texts: Annotated[
        list[str] | None, typer.Argument(help="What the person says, turn by turn.")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object a text.")] = False,
    sender: Annotated[
        str | None,
        typer.Option(help="Go on with this person's conversation, kept in the database."),
    ] = None,
    channel: Annotated[
        str, typer.Option(help="web, wechat or sms: how replies are rendered.")
    ] = "web",
    batch: Annotated[
        Path | None,
        typer.Option(
            help='A JSONL file of dialogues: {"id", "turns": [{"text"}…]} a line.',
            exists=True,
            dir_okay=False,
        ),
    ] = None,
) -> None:
    """Say the texts to the bot as one dialogue and print what it answers.

    Without TEXT and --batch it reads texts from standard input, one a line.
    """
    from bot.logging_setup import configure

    configure(settings().log_level)
    asyncio.run(_ask(prepared_model(), texts or [], as_json, sender, channel, batch))


async def _ask(
    model: Path, texts: list[str], as_json: bool, sender: str | None, channel: str,
    batch: Path | None,
) -> None:  # fmt: skip
    from bot.runtime.in_process import Conversations

    talk = await Conversations.open(model, persistent=sender is not None)
    if batch:
        async for answer in _dialogues(talk, batch, channel):
            typer.echo(json.dumps(answer, ensure_ascii=False))
        return
    person = sender or uuid.uuid4().hex
    for text in texts or _typed():
        turn = await talk.send(text, person, channel)
        typer.echo(json.dumps(turn, ensure_ascii=False) if as_json else "\n".join(turn["rendered"]))


def _typed() -> Any:
    import sys

    return (line.rstrip("\n") for line in sys.stdin)


async def _dialogues(talk: Any, batch: Path, channel: str) -> AsyncIterator[dict[str, Any]]:
    """Answer each dialogue of a file; a broken line is named and the rest goes on."""
    with batch.open(encoding="utf-8") as lines:
        for number, line in enumerate(lines, 1):
            if not line.strip():
                continue
            try:
                dialogue = json.loads(line)
                texts = [turn["text"] for turn in dialogue["turns"]]
            except (ValueError, KeyError, TypeError) as wrong:
                raise typer.BadParameter(f"{batch}, line {number}: {wrong!r}") from wrong
            person = uuid.uuid4().hex
            for index, text in enumerate(texts):
                turn = await talk.send(text, person, channel)
                yield {"id": dialogue.get("id"), "turn": index, **turn}

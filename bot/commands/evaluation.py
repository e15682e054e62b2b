"""`python -m bot evaluate`: run dialogues of expected behaviour through the whole bot."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from bot.prepare import ready_model
from bot.settings import settings


def evaluate(
    file: Annotated[Path, typer.Argument(exists=True, dir_okay=False, help="JSONL of dialogues.")],
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object.")] = False,
    worst: Annotated[int, typer.Option(help="How many failed turns to list.")] = 20,
) -> None:
    """Measure acts, topics, slots and required words against the expectations of a file."""
    from bot.evaluation import evaluate_file
    from bot.logs import configure

    configure(settings().log_level)
    result = asyncio.run(evaluate_file(ready_model(settings()), file))
    if as_json:
        typer.echo(json.dumps(result.to_dict(), ensure_ascii=False))
    else:
        Console().print(result.table(), *result.failures(worst), sep="\n")

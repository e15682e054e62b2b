"""`python -m bot evaluate`: run dialogues of expected behaviour through the whole bot."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.progress import Progress

from bot.commands.steps import prepared_model
from bot.settings import settings


def evaluate(
    file: Annotated[Path, typer.Argument(exists=True, dir_okay=False, help="JSONL of dialogues.")],
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object.")] = False,
    out: Annotated[Path | None, typer.Option(help="Write the result to this JSON file.")] = None,
    compare: Annotated[
        Path | None, typer.Option(exists=True, help="Result of an earlier run to compare with.")
    ] = None,
    worst: Annotated[int, typer.Option(help="How many failed turns to list.")] = 20,
) -> None:
    """Measure acts, topics, slots and required words against the expectations of a file.

    Shares come with their 95 % confidence interval. A file that is wrong is refused with its line.
    """
    from bot.evaluation import result as shown
    from bot.evaluation.cases import CaseError, read_cases
    from bot.evaluation.run import evaluate as run
    from bot.logging_setup import configure

    configure(settings().log_level)
    try:
        dialogues = read_cases(file)
    except CaseError as error:
        typer.echo(str(error), err=True)
        raise typer.Exit(2) from None
    model = prepared_model()
    with Progress(console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task(file.name, total=len(dialogues))
        result = asyncio.run(run(model, dialogues, lambda: bar.advance(task)))
    if out:
        out.write_text(json.dumps(result, ensure_ascii=False, indent=1), encoding="utf-8")
    if as_json:
        typer.echo(json.dumps(result, ensure_ascii=False))
        return
    console = Console(highlight=False)
    console.print(shown.measures_table(result), shown.slots_table(result))
    for line in shown.lines(result, worst):
        console.print(line, markup=False, soft_wrap=True)
    if compare:
        console.rule(f"since {compare.name}")
        for line in shown.comparison(result, json.loads(compare.read_text(encoding="utf-8"))):
            console.print(line, markup=False, soft_wrap=True)

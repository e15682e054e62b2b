"""`python -m bot train`: train the model when it is missing or stale."""

from __future__ import annotations

from typing import Annotated

import typer

from bot.commands.steps import Steps
from bot.progress import listening
from bot.settings import settings


def train(
    check: Annotated[
        bool, typer.Option(help="Only say whether the model fits; exit code 1 when not.")
    ] = False,
    force: Annotated[bool, typer.Option(help="Train even when the model is up to date.")] = False,
) -> None:
    """Train the model from data/nlu and data/rules, unless the one there is up to date."""
    from bot.logging_setup import configure
    from bot.nlu import training

    configure(settings().log_level)
    model = None if force else training.current_model(settings())
    if check:
        raise typer.Exit(0 if model else 1)
    if model:
        suffix = (
            "; its manifest notes what changed" if training.refresh_manifest(settings()) else ""
        )
        typer.echo(f"the model is up to date: {model}{suffix}")
        return
    with listening(Steps().under_way):
        typer.echo(f"trained: {training.train(settings())}")

"""`python -m bot db …`: the schema, the vocabulary tables, and conversations at rest."""

from __future__ import annotations

from datetime import timedelta
from typing import Annotated

import typer

from bot.settings import ROOT, settings

app = typer.Typer(help="The database: schema, vocabulary, conversations.", no_args_is_help=True)


@app.command()
def upgrade() -> None:
    """Bring the database to the newest schema and load the vocabulary (regions, occupations)."""
    from bot.db import migrate
    from bot.db.session import session
    from bot.db.vocabulary import load_vocabulary
    from bot.text.vocabulary import vocabulary

    revision = migrate.upgrade(settings().database_url)
    with session() as db:
        report = load_vocabulary(db, vocabulary())
    typer.echo(f"schema {revision}; vocabulary: {report}")


@app.command()
def compact(
    days: Annotated[
        float, typer.Option(min=0.1, help="How long a conversation has rested, in days.")
    ] = 1.0,
) -> None:
    """Leave of conversations at rest what is known and the last turn; delete the older events.

    The push worker does so by itself every few hours.
    """
    from bot.channels.rested import compact as rest

    done = rest(settings().database_url, ROOT / "domain.yml", timedelta(days=days))
    typer.echo(f"{done.conversations} conversations, {done.events} events deleted")

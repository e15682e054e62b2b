"""`python -m bot db …`: the schema and the vocabulary tables."""

from __future__ import annotations

import typer

from bot.settings import settings

app = typer.Typer(help="The database: schema and vocabulary.", no_args_is_help=True)


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

"""`python -m bot privacy …`: what is kept of people, its end, its export and its deletion."""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import Annotated

import typer

from bot.settings import settings

app = typer.Typer(
    help="Personal data: what is kept, until when, of whom; deletion and its proof.",
    no_args_is_help=True,
)
_Json = Annotated[bool, typer.Option("--json", help="JSON.")]


@app.command()
def purge(
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Count, and delete nothing.")] = False,
    as_json: _Json = False,
) -> None:
    """Delete or blank what is past its end by data/privacy/register.yml.

    The push worker does so by itself once a day.
    """
    from bot import clock
    from bot.privacy.purge import purge as bring_to_end

    done = bring_to_end(settings().database_url, clock.now(), dry_run)
    if as_json:
        typer.echo(json.dumps([asdict(one) for one in done], ensure_ascii=False))
        return
    for one in done:
        if one.deleted or one.blanked:
            typer.echo(f"{one.table}: {one.deleted} deleted, {one.blanked} blanked")
    rows = sum(one.deleted + one.blanked for one in done)
    typer.echo(f"{rows} rows {'are' if dry_run else 'were'} past their end")


@app.command()
def report(as_json: _Json = False) -> None:
    """Show for each table with personal data: rows, the oldest, past their end, who reads it."""
    from bot import clock
    from bot.db.session import session
    from bot.privacy.purge import report as look

    with session() as db:
        kept = look(db, clock.now())
    if as_json:
        typer.echo(json.dumps([asdict(one) for one in kept], ensure_ascii=False))
        return
    from rich.console import Console
    from rich.table import Table

    shown = Table("table", "rows", "oldest", "past their end", "who reads")
    for one in kept:
        readers = ", ".join(one.readers)
        shown.add_row(one.table, str(one.rows), one.oldest, str(one.past_end), readers)
    Console().print(shown)


@app.command()
def check() -> None:
    """Check the register against the tables, and the wordings of consent against their versions."""
    from bot.privacy.consents import faults
    from bot.privacy.register import register

    entries = register().entries
    wrong = faults()
    for fault in wrong:
        typer.echo(str(fault), err=True)
    if wrong:
        raise typer.Exit(1)
    typer.echo(f"{len(entries)} tables with personal data, all with their ends")

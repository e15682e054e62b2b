"""`python -m bot postings …`: import, export, expire and list postings."""

from __future__ import annotations

import json
from datetime import date, datetime
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from bot.commands.shortlist import shortlist
from bot.settings import settings

app = typer.Typer(help="Postings: import, export, expire, shortlist.", no_args_is_help=True)
app.command("shortlist")(shortlist)


@app.command("import")
def import_(
    files: Annotated[list[Path], typer.Argument(help="JSONL(.gz), CSV or XLSX.")],
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object.")] = False,
) -> None:
    """Import postings. A file that cannot be read is refused whole; a bad row is named."""
    from bot.jobs.errors import PostingFileError
    from bot.jobs.importer import import_files
    from bot.jobs.progress import shown, table
    from bot.prepare import prepare_vocabulary

    prepare_vocabulary(settings())
    try:
        with shown(quiet=as_json) as progress:
            report = import_files(settings().database_url, files, progress)
    except PostingFileError as wrong:
        typer.echo(str(wrong), err=True)
        raise typer.Exit(1) from wrong
    if as_json:
        typer.echo(json.dumps(report.to_dict(), ensure_ascii=False))
        return
    Console().print(table(report))


@app.command()
def export(
    file: Annotated[Path, typer.Argument(help="Where to: .jsonl, .csv or .xlsx.")],
) -> None:
    """Write all open postings to a file."""
    from bot.db.session import session
    from bot.jobs.export import export as write

    with session() as db:
        typer.echo(f"{write(db, file)} postings written to {file}")


@app.command()
def expire(
    before: Annotated[datetime, typer.Option(formats=["%Y-%m-%d"], help="Published before.")],
) -> None:
    """Close postings that were published before a day."""
    from bot.db.session import session
    from bot.jobs.expire import expire as close

    day: date = before.date()
    with session() as db:
        typer.echo(f"{close(db, day)} postings expired")

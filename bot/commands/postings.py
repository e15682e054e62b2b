"""`python -m bot postings …`: import, gather, export, expire, list, decide on held ones."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console

from bot.commands.shortlist import shortlist
from bot.settings import settings

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

app = typer.Typer(
    help="Postings: import, gather, export, expire, shortlist, decide on held ones.",
    no_args_is_help=True,
)
app.command("shortlist")(shortlist)
Who = Annotated[str, typer.Option("--by", help="Who decides: the name of an account.")]
Why = Annotated[str, typer.Option("--reason", help="Why; kept with the decision.")]
AsJson = Annotated[bool, typer.Option("--json", help="One JSON object a line.")]


@app.command("import")
def import_(
    files: Annotated[list[Path], typer.Argument(help="JSONL(.gz), CSV or XLSX.")],
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object.")] = False,
) -> None:
    """Import postings. A file that cannot be read is refused whole; a bad row is named."""
    from bot.bootstrap import prepare_vocabulary
    from bot.postings.errors import PostingFileError
    from bot.postings.ingest.importer import import_files
    from bot.postings.ingest.progress import progress_bar, report_table

    prepare_vocabulary(settings())
    try:
        with progress_bar(quiet=as_json) as progress:
            report = import_files(settings().database_url.reveal(), files, progress)
    except PostingFileError as wrong:
        typer.echo(str(wrong), err=True)
        raise typer.Exit(1) from wrong
    if as_json:
        typer.echo(json.dumps(report.to_dict(), ensure_ascii=False))
        return
    Console().print(report_table(report))


@app.command()
def export(
    file: Annotated[Path, typer.Argument(help="Where to: .jsonl, .csv or .xlsx.")],
) -> None:
    """Write all open postings to a file."""
    from bot.db.session import session
    from bot.postings.export import export as write

    with session() as db:
        typer.echo(f"{write(db, file)} postings written to {file}")


@app.command()
def expire(
    before: Annotated[datetime, typer.Option(formats=["%Y-%m-%d"], help="Published before.")],
) -> None:
    """Close postings that were published before a day."""
    from bot.db.session import session
    from bot.postings.ingest.expiry import expire as close

    day: date = before.date()
    with session() as db:
        typer.echo(f"{close(db, day)} postings expired")


@app.command()
def gather(
    source: Annotated[list[str] | None, typer.Option(help="Only this source; repeatable.")] = None,
    believe_shrink: Annotated[
        bool, typer.Option("--believe-shrink", help="Most of a source may really be gone.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Read the sources of the list: what is new comes in, what left them expires."""
    from bot.bootstrap import prepare_vocabulary
    from bot.postings.errors import GatherError
    from bot.postings.sources.config import read_sources
    from bot.postings.sources.run import run_sources as run_all

    try:
        sources = read_sources(settings().sources_file)
    except GatherError as wrong:
        typer.echo(str(wrong), err=True)
        raise typer.Exit(1) from wrong
    unknown = set(source or ()) - {configured.name for configured in sources}
    if unknown:
        typer.echo(f"no such source: {', '.join(sorted(unknown))}", err=True)
        raise typer.Exit(1)
    prepare_vocabulary(settings())
    failed = False
    chosen = [configured for configured in sources if not source or configured.name in source]
    for run in run_all(settings().database_url.reveal(), chosen, believe_shrink):
        failed = failed or run.error is not None
        done = run.to_dict()
        typer.echo(json.dumps(done, ensure_ascii=False) if as_json else _line(done))
    raise typer.Exit(1 if failed else 0)


def _line(done: dict[str, object]) -> str:
    """Say what a run did in one line, without what is nought."""
    numbers = [f"{name} {n}" for name, n in done.items() if type(n) is int and n]
    summary = ", ".join(numbers) or "nothing new"
    return f"{done['source']}: {summary}" + (f" — {done['error']}" if done["error"] else "")


@app.command()
def sources(as_json: AsJson = False) -> None:
    """Show each source of the list with its postings and its last run."""
    from bot.bootstrap import prepare_vocabulary
    from bot.db.session import session
    from bot.postings.errors import GatherError
    from bot.postings.sources.config import read_sources
    from bot.postings.sources.status import states

    try:
        listed = read_sources(settings().sources_file)
    except GatherError as wrong:
        typer.echo(str(wrong), err=True)
        raise typer.Exit(1) from wrong
    prepare_vocabulary(settings())
    with session() as db:
        rows = [state.to_dict() for state in states(db, listed)]
    if not rows and not as_json:
        typer.echo(f"no sources are set up in {settings().sources_file}")
    for row in rows:
        if as_json:
            typer.echo(json.dumps(row, ensure_ascii=False))
            continue
        error = f" — {row['error']}" if row["error"] else ""
        ran = row["last_run"] or "never"
        has = f"{row['postings']} postings, last run {ran}{error}"
        typer.echo(f"{row['source']} ({row['kind']}): {has}")


@app.command()
def held(
    as_json: AsJson = False,
    limit: Annotated[int, typer.Option(help="How many at most.")] = 100,
) -> None:
    """List the postings that wait for a counsellor, with what was found in them."""
    from dataclasses import asdict

    from bot.casework_desk.review_queue import review_queue as waiting
    from bot.db.session import session

    with session() as db:
        for posting in waiting(db, limit):
            if as_json:
                typer.echo(json.dumps(asdict(posting), ensure_ascii=False))
                continue
            typer.echo(f"{posting.id}  {posting.title} · {posting.employer} ({posting.source})")
            for name, words in posting.faults:
                typer.echo(f"    {name}: {words}")
            for reason in posting.reports:
                typer.echo(f"    reported: {reason}")


@app.command()
def release(
    posting: Annotated[int, typer.Argument(help="Its number.")], by: Who, reason: Why = ""
) -> None:
    """Show a held posting; what holds it now is let pass from now on."""
    from bot.casework_desk.review_queue import release as let_go

    _decide(let_go, posting, by, reason)


@app.command()
def refuse(
    posting: Annotated[int, typer.Argument(help="Its number.")], by: Who, reason: Why
) -> None:
    """Take a held posting out for good."""
    from bot.casework_desk.review_queue import refuse as take_out

    _decide(take_out, posting, by, reason)


def _decide(
    decide: Callable[[Session, int, str, str], None], posting: int, staff: str, reason: str
) -> None:
    from bot.db.session import session
    from bot.handoff.accounts import names
    from bot.postings.errors import NotHeldError, OwnEntryError

    try:
        with session() as db:
            if staff not in names(db):
                typer.echo(f"there is no counsellor named {staff}: `desk add` makes one", err=True)
                raise typer.Exit(1)
            decide(db, posting, staff, reason)
    except (NotHeldError, OwnEntryError) as wrong:
        typer.echo(str(wrong), err=True)
        raise typer.Exit(1) from wrong
    typer.echo(f"posting {posting}: decided by {staff}")

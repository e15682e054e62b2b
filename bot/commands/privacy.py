"""`python -m bot privacy …`: what is kept of people, its end, its export and its deletion."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from bot.settings import settings

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from bot.privacy.rows import DataSubject

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

    done = bring_to_end(settings().database_url.reveal(), clock.now(), dry_run)
    dropped = drop_backups(dry_run)
    if as_json:
        report = {"tables": [asdict(table) for table in done], "backups": dropped}
        typer.echo(json.dumps(report, ensure_ascii=False))
        return
    for table in done:
        if table.deleted or table.blanked:
            typer.echo(f"{table.table}: {table.deleted} deleted, {table.blanked} blanked")
    for name in dropped:
        typer.echo(f"backup {name}: older than {settings().backup_days} days")
    rows = sum(table.deleted + table.blanked for table in done)
    typer.echo(f"{rows} rows {'are' if dry_run else 'were'} past their end")


def drop_backups(dry_run: bool = False) -> list[str]:
    """Delete the backups that are too old; return their names."""
    from bot import clock
    from bot.backup.aging import drop_old

    using = settings()
    if using.backups is None:
        return []
    dropped = drop_old(using.backups, using.backup_days, clock.now(), dry_run)
    return [backup.file.name for backup in dropped]


@app.command()
def report(as_json: _Json = False) -> None:
    """Show for each table with personal data: rows, the oldest, past their end, who reads it."""
    from bot import clock
    from bot.db.session import session
    from bot.privacy.purge import report as look

    with session() as db:
        reports = look(db, clock.now())
    if as_json:
        typer.echo(
            json.dumps([asdict(table_report) for table_report in reports], ensure_ascii=False)
        )
        return
    from rich.console import Console
    from rich.table import Table

    table = Table("table", "rows", "oldest", "past their end", "who reads")
    for table_report in reports:
        readers = ", ".join(table_report.readers)
        table.add_row(
            table_report.table,
            str(table_report.rows),
            table_report.oldest,
            str(table_report.past_end),
            readers,
        )
    Console().print(table)


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


_Person = Annotated[
    str, typer.Argument(help="Phone number, openid, web session, or a seeker's number.")
]


_Why = Annotated[str, typer.Option("--why", help="Why, for the log of looks.")]


def _logged(db: Session, action: str, whom: DataSubject, typed: str, why: str) -> None:
    """Leave a row in the log of looks: a person without a number by their keyed digest."""
    from bot.audit.chain import Action, append, operator, subject_digest

    has_number = whom.seeker_id is not None
    number = str(whom.seeker_id) if has_number else subject_digest(typed.strip())
    append(db, Action(operator(), action, "seeker" if has_number else "address", why, number))


@app.command("prove-erased")
def prove_erased(
    person: _Person,
    vacuum: Annotated[
        bool, typer.Option("--vacuum", help="Rewrite the database first: free room holds nothing.")
    ] = False,
    also: Annotated[
        list[Path] | None, typer.Option("--also", help="A further file or folder; repeatable.")
    ] = None,
    as_json: _Json = False,
) -> None:
    """Look for a person in every column, in the database's file, logs, queues and backups.

    Ends with 1 when anything is found, or could not be looked at. JIUYE_TRACES names the folders.
    """
    from bot.privacy.errors import KeyTooShort
    from bot.privacy.proof import prove

    using = settings()
    places = [*using.traces, *([using.backups] if using.backups else [])]
    redis_url = using.redis_url.reveal() if using.redis_url else ""
    try:
        places += also or []
        proof = prove(using.database_url.reveal(), person, places, redis_url, vacuum)
    except KeyTooShort as short:
        raise typer.BadParameter(str(short)) from short
    if as_json:
        typer.echo(json.dumps({**asdict(proof), "erased": proof.erased}, ensure_ascii=False))
    else:
        for place in proof.found:
            typer.echo(f"found: {place.where} ({place.times})")
        for reason in proof.not_read:
            typer.echo(f"not looked at: {reason}")
        for note in proof.notes:
            typer.echo(f"note: {note}")
        looked = f"{proof.columns} columns, {proof.files} files"
        typer.echo(f"nothing is left: {looked}" if proof.erased else f"not proven: {looked}")
    if not proof.erased:
        raise typer.Exit(1)


@app.command()
def export(
    person: _Person,
    file: Annotated[Path, typer.Argument(help="The JSON file to write, for its owner alone.")],
    why: _Why = "本人要求查阅、复制",
) -> None:
    """Write all that is kept of a person to a file, to be handed to that person (第四十五条)."""
    from bot.db.session import session
    from bot.privacy.named import person_by_key
    from bot.private_files import make_file
    from bot.seekers.my_data import exported

    with session() as db:
        whom = person_by_key(db, person)
        if whom is None:
            typer.echo("nobody is kept under this", err=True)
            raise typer.Exit(1)
        text = exported(db, whom)
        _logged(db, "export", whom, person, why)
    make_file(file)
    file.write_text(text, encoding="utf-8")
    typer.echo(f"{file}: {len(text)} characters")


@app.command()
def erase(
    person: _Person,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,
    why: _Why = "本人要求删除",
) -> None:
    """Delete all that is kept of a person, in all tables (第四十七条)."""
    from bot.db.session import session
    from bot.privacy.named import person_by_key
    from bot.privacy.records import erase as delete_all

    with session() as db:
        whom = person_by_key(db, person)
        if whom is None:
            typer.echo("nobody is kept under this", err=True)
            raise typer.Exit(1)
        if not yes:
            typer.confirm("All that is kept of this person is deleted. Go on?", abort=True)
        done = delete_all(db, whom)
        _logged(db, "erase", whom, person, why)
    for table, rows in done.items():
        typer.echo(f"{table}: {rows}")

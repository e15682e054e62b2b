"""`python -m bot duties …`: deadlines, limits and lists of data/duties: check, compare, load."""

from __future__ import annotations

import csv
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from bot.settings import settings

if TYPE_CHECKING:
    from bot.casework.duties import Duties

app = typer.Typer(
    help="Deadlines, limits and lists of the service: check, diff, load.", no_args_is_help=True
)
Folders = Annotated[
    list[Path] | None,
    typer.Argument(help="Default: data/duties and those of JIUYE_DUTIES."),
]


@app.command()
def check(folders: Folders = None) -> None:
    """Check the files; every fault is named with file, line and field. Lists what is 未设."""
    duties = _read(folders)
    for item in duties.unset():
        typer.echo(f"未设: {item.key}（{item.label}）")
    typer.echo(
        f"{len(duties.figures)} figures, {len(duties.unset())} of them 未设,"
        f" {len(duties.items)} entries of lists"
    )


@app.command()
def diff(folders: Folders = None) -> None:
    """Show what loading the files would change."""
    from bot.casework.duty_store import diff as compare
    from bot.db.session import session

    duties = _read(folders)
    with session() as db:
        changes = compare(db, duties)
    for change in changes:
        typer.echo(str(change))
    typer.echo(f"{len(changes)} changes" if changes else "no changes")


@app.command()
def load(folders: Folders = None) -> None:
    """Load the files into the database: all or, when anything is wrong, nothing."""
    from bot.bootstrap import prepare_vocabulary
    from bot.casework.duty_store import load as load_duties
    from bot.db.session import session

    duties = _read(folders)
    prepare_vocabulary(settings())
    with session() as db:
        typer.echo(f"{load_duties(db, duties)} changes")


def _read(folders: list[Path] | None) -> Duties:
    from bot.casework.duties import duty_folders, read_duties
    from bot.casework.errors import DutyErrors

    places = folders or duty_folders(settings())
    with (settings().data / "vocab" / "regions.csv").open(encoding="utf-8", newline="") as rows:
        regions = {row["code"] for row in csv.DictReader(rows)}
    try:
        return read_duties(places, regions)
    except DutyErrors as wrong:
        typer.echo(str(wrong), err=True)
        raise typer.Exit(1) from wrong

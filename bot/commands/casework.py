"""`python -m bot casework …`: roles of staff, what is due by the clock, imports of sheets."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from bot.settings import settings

app = typer.Typer(
    help="Roles of staff, what is due, imports of the offices' sheets.", no_args_is_help=True
)


@app.command()
def grant(
    name: Annotated[str, typer.Argument(help="As `desk add` named the account.")],
    role: Annotated[
        str,
        typer.Argument(
            help="community, street, counsellor, reviewer, district, manager, editor, operator…"
        ),
    ],
    scope: Annotated[
        str, typer.Argument(help="Code of the area: 21, 2101, 210106, 9 or 12 digits.")
    ] = "",
) -> None:
    """Give a member of staff a role in an area: the first one of all, later ones on the page."""
    from bot.audit.chain import Action, append, operator
    from bot.bootstrap import prepare_vocabulary
    from bot.casework import roles
    from bot.casework.areas import load_localities
    from bot.casework.errors import CaseworkError
    from bot.db.session import session

    prepare_vocabulary(settings())
    try:
        with session() as db:
            load_localities(db)
            number = _number(db, name)
            roles.grant(db, None, number, role, scope)
            subject = ("counsellor", f"给角色：{role}", str(number), scope)
            append(db, Action(operator(), "grant", *subject))
    except CaseworkError as wrong:
        typer.echo(str(wrong), err=True)
        raise typer.Exit(1) from wrong
    typer.echo(f"{name} is {role} of {scope or 'no area'}")


@app.command()
def staff() -> None:
    """Show the accounts with their roles."""
    from bot.casework import roles
    from bot.db.session import session
    from bot.handoff.accounts import names

    with session() as db:
        for name in names(db):
            member = roles.staff(db, _number(db, name))
            grants = (
                ", ".join(f"{g.role} {g.scope}".strip() for g in member.grants) if member else ""
            )
            typer.echo(f"{name}: {grants or 'no role'}")


@app.command("reset-factor")
def reset_factor(
    name: Annotated[str, typer.Argument(help="The account.")],
) -> None:
    """Remove the second factor of an account: for the last operator who lost the telephone."""
    from bot.audit.chain import Action, append, operator
    from bot.casework_accounts import second_factor
    from bot.db.session import session

    with session() as db:
        number = _number(db, name)
        second_factor.remove(db, number)
        purpose = ("counsellor", "重设第二重验证", str(number))
        append(db, Action(operator(), "factor_reset", *purpose))
    typer.echo(f"{name} logs in by the password alone until a new second factor is set up")


@app.command()
def run() -> None:
    """Make what is due now: tasks of the month, reviews of plans, promises that are over."""
    from bot import clock
    from bot.casework.schedule import run_due
    from bot.db.session import session

    with session() as db:
        typer.echo(str(run_due(db, clock.now())))


@app.command("import")
def import_sheet(
    kind: Annotated[
        str,
        typer.Argument(help="registrations, exits, hardship, households or localities."),
    ],
    file: Annotated[Path, typer.Argument(help="The .xlsx or .csv.")],
    by: Annotated[str, typer.Option(help="The account in whose name and areas it is done.")],
    only_preview: Annotated[
        bool, typer.Option("--preview", help="Only show what would change.")
    ] = False,
) -> None:
    """Import a sheet of an office; refused rows are named with their reasons."""
    from bot.casework import roles
    from bot.casework.areas import load_localities
    from bot.casework.errors import CaseworkError
    from bot.casework_imports.apply import apply
    from bot.casework_imports.preview import preview, rows_of
    from bot.db.session import session

    try:
        with session() as db:
            load_localities(db)
            me = roles.staff(db, _number(db, by))
            assert me is not None
            batch = preview(db, me, kind, file, file.name)
            for row in rows_of(db, batch, "refused", limit=1000):
                typer.echo(f"第{row.number}行：{row.reason}")
            typer.echo(
                f"{batch.rows_new} new, {batch.rows_changed} changed, {batch.rows_same} unchanged,"
                f" {batch.rows_refused} refused"
            )
            if not only_preview:
                typer.echo(f"applied: {apply(db, me, batch.id).done} rows, batch {batch.id}")
    except CaseworkError as wrong:
        typer.echo(str(wrong), err=True)
        raise typer.Exit(1) from wrong


def _number(db: object, name: str) -> int:
    from sqlalchemy import select
    from sqlalchemy.orm import Session

    from bot.db.tables import Counsellor

    assert isinstance(db, Session)
    here = Counsellor.left_at.is_(None)
    number = db.scalar(select(Counsellor.id).where(Counsellor.name == name, here))
    if number is None:
        typer.echo(f"there is no counsellor named {name}", err=True)
        raise typer.Exit(1)
    return number

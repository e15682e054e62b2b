"""`python -m bot desk …`: the counsellors who may answer at /desk/."""

from __future__ import annotations

import secrets
from typing import Annotated

import typer

app = typer.Typer(help="Counsellors who answer hand-offs at /desk/.", no_args_is_help=True)


@app.command()
def add(
    name: Annotated[str, typer.Argument(help="As the seeker sees it: 王老师.")],
    ask: Annotated[
        bool, typer.Option("--ask", help="Ask for a password instead of making one.")
    ] = False,
) -> None:
    """Add a counsellor; prints the password made for him."""
    from bot.db.session import session
    from bot.handoff.accounts import add as add_account
    from bot.handoff.errors import NameTaken, UnfitPassword

    password = _password(ask)
    try:
        with session() as db:
            made = add_account(db, name, password)
    except NameTaken as taken:
        typer.echo(f"there is a counsellor named {taken}", err=True)
        raise typer.Exit(1) from taken
    except UnfitPassword as unfit:
        typer.echo(str(unfit), err=True)
        raise typer.Exit(1) from unfit
    typer.echo(f"added {made.name}" + ("" if ask else f", password: {password}"))


@app.command()
def password(
    name: Annotated[str, typer.Argument()],
    ask: Annotated[
        bool, typer.Option("--ask", help="Ask for a password instead of making one.")
    ] = False,
) -> None:
    """Set a new password; whoever is logged in under the name is out."""
    from bot.db.session import session
    from bot.handoff.accounts import change_password
    from bot.handoff.errors import UnfitPassword

    new = _password(ask)
    try:
        with session() as db:
            changed = change_password(db, name, new)
    except UnfitPassword as unfit:
        typer.echo(str(unfit), err=True)
        raise typer.Exit(1) from unfit
    if not changed:
        typer.echo(f"there is no counsellor named {name}", err=True)
        raise typer.Exit(1)
    typer.echo(f"changed {name}" + ("" if ask else f", password: {new}"))


@app.command()
def remove(name: Annotated[str, typer.Argument()]) -> None:
    """Close the account of a counsellor who leaves: logged out, tickets and tasks wait again."""
    from bot.casework_accounts.accounts import leave
    from bot.db.session import session

    with session() as db:
        removed = leave(db, name)
    if not removed:
        typer.echo(f"there is no counsellor named {name}", err=True)
        raise typer.Exit(1)
    typer.echo(f"removed {name}; the name stands on old tickets for a year")


@app.command("list")
def list_names() -> None:
    """Show the counsellors' names."""
    from bot.db.session import session
    from bot.handoff.accounts import names

    with session() as db:
        typer.echo("\n".join(names(db)) or "none")


def _password(ask: bool) -> str:
    if not ask:
        return secrets.token_urlsafe(12)
    typed: str = typer.prompt("Password", hide_input=True, confirmation_prompt=True)
    return typed

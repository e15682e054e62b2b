"""`python -m bot audit …`: the log of looks at people."""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import Annotated

import typer

app = typer.Typer(
    help="The log of looks: who looked at whom, when and why; the chain verified.",
    no_args_is_help=True,
)
_Json = Annotated[bool, typer.Option("--json", help="JSON.")]


@app.command("verify")
def verify_chain(
    head: Annotated[
        str, typer.Option(help="A head noted earlier, which must be part of the chain.")
    ] = "",
    as_json: _Json = False,
) -> None:
    """Check that no row was changed, taken out or put in. Ends with 1 when one was.

    Note the head that it prints outside of this machine: who can write the whole database could
    write a whole new chain, but not one that holds that head.
    """
    from bot.audit.chain import verify
    from bot.db.session import session

    with session() as db:
        done = verify(db, head.strip())
    if as_json:
        typer.echo(json.dumps({**asdict(done), "intact": done.intact}, ensure_ascii=False))
    elif done.fault:
        typer.echo(f"row {done.fault.position}: {done.fault.reason}", err=True)
    else:
        purged = f" (those before {done.first} are past their end)" if done.first > 1 else ""
        typer.echo(f"{done.rows} rows, all intact{purged}; head {done.head}")
    if not done.intact:
        raise typer.Exit(1)


@app.command("list")
def list_entries(
    kind: Annotated[str, typer.Option(help="Kind of object: seeker, ticket, …")] = "",
    number: Annotated[str, typer.Option("--id", help="Number of the object.")] = "",
    actor: Annotated[str, typer.Option(help="counsellor:3, operator:root, …")] = "",
    limit: Annotated[int, typer.Option(min=1, max=10_000)] = 50,
    as_json: _Json = False,
) -> None:
    """Show the newest rows, the newest first."""
    from bot.audit.chain import entries
    from bot.db.session import session

    with session() as db:
        rows = entries(db, kind, number, actor, limit)
    for row in rows:
        columns = {
            "position": row.position, "at": row.at.isoformat(timespec="seconds"),
            "actor": row.actor, "action": row.action, "kind": row.object_kind,
            "id": row.object_id, "scope": row.scope, "purpose": row.purpose,
        }  # fmt: skip
        typer.echo(
            json.dumps(columns, ensure_ascii=False)
            if as_json
            else "  ".join(str(value) for value in columns.values() if value != "")
        )

"""`python -m bot unanswered …`: what the bot could not answer, in groups to be worked through."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated, Any

import typer

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

app = typer.Typer(
    help="What the bot could not answer, without who asked: list, show, set, merge.",
    no_args_is_help=True,
)
AsJson = Annotated[bool, typer.Option("--json", help="One JSON object a line.")]
Group = Annotated[int, typer.Argument(help="The group's number.")]


@app.command("list")
def list_groups(
    state: Annotated[
        str, typer.Option(help="new, drafting, answered or not_ours; empty for all.")
    ] = "new",
    limit: Annotated[int, typer.Option(help="How many at most.")] = 50,
    as_json: AsJson = False,
) -> None:
    """List the groups, those asked most often first."""
    from bot.db.session import session
    from bot.unanswered import groups

    with session() as db:
        groups.group_new(db)
        for row in groups.group_rows(db, state, limit=limit):
            if as_json:
                typer.echo(json.dumps(asdict(row), ensure_ascii=False, default=str))
                continue
            answered = f" → {row.policy_id}" if row.policy_id else ""
            again = f", {row.since} since" if row.since else ""
            typer.echo(f"{row.id}  {row.questions}×{again}  {row.state}{answered}  {row.label}")


@app.command()
def show(group: Group, as_json: AsJson = False) -> None:
    """Show the newest questions of a group."""
    from bot.unanswered import groups

    for example in _done(lambda db: (groups.group_row(db, group), groups.examples(db, group))[1]):
        if as_json:
            typer.echo(json.dumps(asdict(example), ensure_ascii=False, default=str))
            continue
        place = f" [{example.region_code}]" if example.region_code else ""
        typer.echo(f"{example.day}  {example.kind}{place}  {example.text}")


@app.command("set")
def set_state(
    group: Group,
    state: Annotated[str, typer.Argument(help="new, drafting, answered or not_ours.")],
    policy: Annotated[str, typer.Option(help="The policy that answers it.")] = "",
    note: Annotated[str, typer.Option(help="Whose it is, when it is not ours.")] = "",
) -> None:
    """Set the state of a group; `answered` names a policy that is loaded."""
    from bot.audit.chain import Action, append, operator
    from bot.unanswered import groups

    if state not in groups.STATES:
        typer.echo(f"{state}: is none of {', '.join(groups.STATES)}", err=True)
        raise typer.Exit(1)

    def work(db: Session) -> None:
        groups.set_state(db, None, group, state, policy, note)
        purpose = f"没答上的问题：{groups.STATES[state]}"
        append(db, Action(operator(), "state", "question_group", purpose, str(group)))

    _done(work)
    typer.echo(f"group {group}: {state}")


@app.command()
def merge(
    group: Group, into: Annotated[int, typer.Argument(help="The group that takes them.")]
) -> None:
    """Put all questions of a group into another one."""
    from bot.audit.chain import Action, append, operator
    from bot.unanswered import groups

    def work(db: Session) -> None:
        groups.merge(db, group, into)
        append(db, Action(operator(), "merge", "question_group", f"并到{into}组", str(group)))

    _done(work)
    typer.echo(f"group {group} is part of {into}")


def _done(work: Callable[[Session], Any]) -> Any:
    from bot.db.session import session
    from bot.unanswered.errors import QuestionGroupError

    try:
        with session() as db:
            return work(db)
    except QuestionGroupError as wrong:
        typer.echo(str(wrong), err=True)
        raise typer.Exit(1) from wrong

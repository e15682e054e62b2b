"""`python -m bot policies …`: check, load and search the policy base."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated

import typer

from bot.settings import settings

app = typer.Typer(help="The policy base: check, load, search.", no_args_is_help=True)


@app.command()
def check(
    folder: Annotated[Path | None, typer.Argument(help="Default: data/policies.")] = None,
) -> None:
    """Check policy files; every fault is named with file, line and field."""
    from bot.policies.check import check_folder
    from bot.policies.errors import PolicyErrors

    try:
        report = check_folder(folder or settings().data / "policies")
    except PolicyErrors as wrong:
        typer.echo(str(wrong), err=True)
        raise typer.Exit(1) from wrong
    typer.echo(str(report))


@app.command()
def load(
    folder: Annotated[Path | None, typer.Argument(help="Default: data/policies.")] = None,
) -> None:
    """Load policy files into the database: all or, when anything is wrong, nothing."""
    from bot.db.session import session
    from bot.policies.errors import PolicyErrors
    from bot.policies.load import load as load_folder
    from bot.prepare import prepare_vocabulary

    prepare_vocabulary(settings())
    try:
        with session() as db:
            report = load_folder(db, folder or settings().data / "policies")
    except PolicyErrors as wrong:
        typer.echo(str(wrong), err=True)
        raise typer.Exit(1) from wrong
    typer.echo(str(report))


@app.command()
def search(
    text: Annotated[str, typer.Argument(help="A question.")],
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object.")] = False,
    explain: Annotated[bool, typer.Option(help="Say how each score came about.")] = False,
    limit: Annotated[int, typer.Option(help="How many.")] = 5,
) -> None:
    """Rank the policies of the base by a question: words, meaning, names, and the classifier."""
    from bot.commands.documents import topics_of
    from bot.db.session import session
    from bot.policies.search import policy_index

    topics = topics_of()(text)
    with session() as db:
        found = policy_index(db).search(text, limit, topics)
    if as_json:
        ranked = [
            {"topic": f.topic, "aspect": f.aspect, "score": f.score}
            | ({"why": f.why} if explain else {})
            for f in found
        ]
        typer.echo(json.dumps({"text": text, "results": ranked}, ensure_ascii=False))
        return
    for one in found:
        why = f"  {one.why}" if explain else ""
        typer.echo(f"{one.score:.3f}  {one.topic}  {one.title}  {one.aspect or ''}{why}")

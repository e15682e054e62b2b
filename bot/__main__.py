"""`python -m bot …` (installed also as `jiuye`): the command line."""

from __future__ import annotations

from typing import Annotated

import typer

from bot.commands import (
    ask,
    audit,
    augment,
    bench,
    casework,
    database,
    desk,
    documents,
    duties,
    evaluation,
    explain,
    model,
    places,
    policies,
    postings,
    privacy,
    push,
    serve,
    talk,
    unanswered,
    warning,
    wechat,
)
from bot.failures import reported
from bot.logging_setup import prepare_environment
from bot.rasa_stubs import install_stubs
from bot.version import version

app = typer.Typer(
    name="jiuye",
    help="Jiuye (就业), 智慧就业顾问: serve the assistant, talk to it, keep its data.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)


def _print_version(requested: bool) -> None:
    if requested:
        typer.echo(f"jiuye {version()}")
        raise typer.Exit


@app.callback()
def _options(
    _version: Annotated[
        bool,
        typer.Option(
            "--version", help="Print the version.", callback=_print_version, is_eager=True
        ),
    ] = False,
) -> None:
    """Hold the options that stand before a command."""


app.command("serve")(serve.serve)
app.command("ask")(ask.ask)
app.command("explain")(explain.explain)
app.command("talk")(talk.talk)
app.command("train")(model.train)
app.command("augment")(augment.augment)
app.command("evaluate")(evaluation.evaluate)
app.command("bench")(bench.bench)
app.command("settings")(serve.show_settings)
app.add_typer(audit.app, name="audit")
app.add_typer(casework.app, name="casework")
app.add_typer(database.app, name="db")
app.add_typer(desk.app, name="desk")
app.add_typer(documents.app, name="documents")
app.add_typer(places.app, name="places")
app.add_typer(duties.app, name="duties")
app.add_typer(policies.app, name="policies")
app.add_typer(postings.app, name="postings")
app.add_typer(privacy.app, name="privacy")
app.add_typer(push.app, name="push")
app.add_typer(unanswered.app, name="unanswered")
app.add_typer(warning.app, name="warning")
app.add_typer(wechat.app, name="wechat")


def main() -> None:
    """Run the command line."""
    prepare_environment()
    install_stubs()
    with reported():
        app()


if __name__ == "__main__":
    main()

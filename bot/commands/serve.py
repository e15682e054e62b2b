"""`python -m bot serve`: everything that the assistant needs, under one supervisor."""

from __future__ import annotations

import sys
import time
from dataclasses import fields
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from bot.settings import Settings, settings

#: Seconds that the servers have to come up; a model loads in about 5.
PATIENCE = 180.0


def serve(
    demo: Annotated[
        bool, typer.Option(help="Import the demo postings when there are none.")
    ] = False,
    in_process: Annotated[
        bool, typer.Option(help="Run custom actions in Rasa's process: no action server.")
    ] = False,
) -> None:
    """Start the assistant: database, model, action server, Rasa, push worker. Ctrl-C stops all.

    Prints the address of the web page when the first answer can be given.
    """
    from bot.logs import configure
    from bot.supervisor import ProcessEnded, Supervisor

    began = time.monotonic()
    using, console = settings(), Console(stderr=True)
    configure(using.log_level)
    _prepare(console, demo)
    actions_url = None if in_process else f"http://127.0.0.1:{using.action_port}/webhook"
    server = [sys.executable, "-m", "bot.channels.server"]
    page = f"http://{using.host}:{using.port}/chat/"
    with Supervisor() as supervisor:
        try:
            if actions_url:
                supervisor.start("action server", [*server, "actions"])
            supervisor.start("rasa", [*server, "rasa", *([actions_url] if actions_url else [])])
            if actions_url:
                health = f"http://127.0.0.1:{using.action_port}/health"
                supervisor.wait_until_up(health, PATIENCE)
            supervisor.wait_until_up(page, PATIENCE)
            supervisor.start("push worker", [sys.executable, "-m", "bot", "push", "worker"])
            seconds = time.monotonic() - began
            console.print(f"[bold green]ready[/] after {seconds:.0f} s: {page}  (Ctrl-C stops)")
            supervisor.watch()
        except (ProcessEnded, TimeoutError) as failed:
            console.print(f"[bold red]stopped:[/] {failed}")
            raise typer.Exit(1) from failed
    console.print("stopped")


def _prepare(console: Console, demo: bool) -> None:
    """Schema, vocabulary, policies, demo postings and model: each only when needed."""
    from bot.prepare import prepare

    for step in prepare(settings(), demo):
        console.print(f"[dim]·[/] {step}")


def show_settings() -> None:
    """Show all settings with their environment variables; secrets are hidden."""
    table = Table("variable", "value", "meaning")
    using = settings()
    for about in fields(Settings):
        value = str(getattr(using, about.name))
        shown = _masked(value) if about.metadata["secret"] else value
        table.add_row(about.metadata["variable"], shown, about.metadata["meaning"])
    Console().print(table)


def _masked(value: str) -> str:
    """Hide a secret: of a database's address only the password."""
    if "://" not in value:
        return "***" if value else ""
    from sqlalchemy.engine import make_url

    return make_url(value).render_as_string(hide_password=True)

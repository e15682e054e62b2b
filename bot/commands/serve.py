"""`python -m bot serve`: everything that the assistant needs, under one supervisor."""

from __future__ import annotations

import multiprocessing
import os
import signal
import sys
from dataclasses import dataclass
from types import FrameType
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console
from rich.table import Table

from bot.commands.steps import Steps
from bot.settings import ROOT, SettingErrors, Settings, setting_fields, settings

if TYPE_CHECKING:
    from bot.supervisor import Supervisor

#: Seconds that the servers have to come up; a model loads in about 5.
START_TIMEOUT_S = 180.0


def serve(
    demo: Annotated[
        bool, typer.Option(help="Import the demo postings when there are none.")
    ] = False,
    in_process: Annotated[
        bool,
        typer.Option(
            "--in-process/--action-server",
            help="Run custom actions in Rasa's processes, or in a server of their own.",
        ),
    ] = True,
    workers: Annotated[
        int,
        typer.Option(
            min=1, max=64, help="Processes that answer; several need PostgreSQL and Redis."
        ),
    ] = 1,
) -> None:
    """Start the assistant: database, model, Rasa, push worker. Ctrl-C stops all.

    Prints the address of the web page when the first answer can be given. A process that ends is
    started again.
    """
    from bot.data_lock import claimed_data
    from bot.logging_setup import configure
    from bot.ports import claimed
    from bot.supervisor import ProcessEnded, Supervisor

    using, steps = settings(), Steps()
    action_port = None if in_process else using.action_port
    _refuse_alone(using, workers)
    _refuse_same_port(using, action_port, demo)
    configure(using.log_level)
    with (
        claimed(ROOT / "var", using.host, using.port),
        claimed_data(using),
        Supervisor(_shared(workers), notify=steps.print) as supervisor,
    ):
        _refuse_taken(using, action_port)
        try:
            # The servers get ready while the database does: two seconds each, on two cores.
            servers = _hold(supervisor, action_port, TurnsPipe.open(using))
            _prepare_apart(demo)
            console = _console_port(using, demo)
            page = _begin(supervisor, servers, using, workers, console)
            if page:
                ready = f"ready after {steps.seconds:.0f} s: {page} (Ctrl-C stops)"
                steps.print(ready, "bold green")
                if console:
                    steps.print(f"console: http://{using.console_host}:{console}/")
            supervisor.watch()
        except (ProcessEnded, TimeoutError) as failed:
            steps.print(f"stopped: {failed}", "bold red")
            raise typer.Exit(1) from failed
    steps.print("stopped")


def _refuse_taken(using: Settings, action_port: int | None) -> None:
    from bot.ports import probe

    if using.status_port:
        probe(using.status_host, using.status_port, "JIUYE_STATUS_PORT")
    if using.console_port:
        probe(using.console_host, using.console_port, "JIUYE_CONSOLE_PORT")
    if action_port:
        probe("127.0.0.1", action_port, "JIUYE_ACTION_PORT")


def _refuse_same_port(using: Settings, action_port: int | None, demo: bool) -> None:
    """Raise SettingErrors when two servers would listen at one port: the later one would fail."""
    console = using.console_port or (_next_port(using) if demo else None)
    ports = (
        ("JIUYE_PORT", using.port), ("JIUYE_ACTION_PORT", action_port),
        ("JIUYE_CONSOLE_PORT", console), ("JIUYE_STATUS_PORT", using.status_port),
    )  # fmt: skip
    first: dict[int, str] = {}
    for variable, port in ports:
        if port and first.setdefault(port, variable) != variable:
            raise SettingErrors([f"{variable} is '{port}', as is {first[port]}: needed is another"])


def _refuse_alone(using: Settings, workers: int) -> None:
    """Say what several workers need: conversations and locks that all of them share."""
    if workers == 1:
        return
    if using.database_url.is_sqlite:
        raise typer.BadParameter(
            f"--workers {workers} needs PostgreSQL: set DATABASE_URL (SQLite has one writer)"
        )
    if not using.redis_url:
        raise typer.BadParameter(
            f"--workers {workers} needs Redis: set JIUYE_REDIS_URL, or two messages of one person "
            "are answered at once"
        )


def _shared(workers: int) -> dict[str, str]:
    """Return what every worker is to know: whether it is alone."""
    return {"JIUYE_WORKERS": str(workers)}


@dataclass(frozen=True)
class TurnsPipe:
    """The pipe through which the workers tell the status server of their turns.

    Its ends stay open here: what is in it outlives a reader that is started again.
    """

    to_write: dict[str, int]
    """As it is handed to a worker; empty when there is no status server."""
    to_read: dict[str, int]

    @classmethod
    def open(cls, using: Settings) -> TurnsPipe:
        """Open the pipe, when a status server is to read it."""
        from bot.supervisor import TURNS_PIPE

        if not using.status_port:
            return cls({}, {})
        reading, writing = os.pipe()
        os.set_blocking(writing, False)
        return cls({TURNS_PIPE: writing}, {TURNS_PIPE: reading})


@dataclass(frozen=True)
class Servers:
    """The servers that answer messages."""

    rasa: tuple[str, ...]
    """The command of Rasa's."""
    health: str | None
    """Where the action server says that it is up; None when Rasa's runs the actions."""
    turns: TurnsPipe


def _hold(supervisor: Supervisor, action_port: int | None, turns: TurnsPipe) -> Servers:
    """Start the servers as far as they get before database and model are up to date."""
    server = (sys.executable, "-m", "bot.runtime.server")
    servers = Servers((*server, "rasa"), None, turns)
    if action_port:
        actions = f"http://127.0.0.1:{action_port}"
        servers = Servers((*server, "rasa", f"{actions}/webhook"), f"{actions}/health", turns)
        supervisor.start("action server", (*server, "actions"), paused=True)
    supervisor.start("rasa", servers.rasa, paused=True, descriptors=turns.to_write)
    return servers


def _console_port(using: Settings, demo: bool) -> int | None:
    """Return the port of the counsellors' console: the one set, with --demo the bot's next one.

    None when it is not served: not set, or without --demo, or the next one is taken.
    """
    from bot.ports import PortTaken, probe

    if using.console_port or not demo:
        return using.console_port
    try:
        probe(using.console_host, _next_port(using), "JIUYE_CONSOLE_PORT")
    except PortTaken:
        return None
    return _next_port(using)


def _next_port(using: Settings) -> int:
    """Return the port next to the bot's, where a demo serves the console."""
    return using.port + 1


def _begin(
    supervisor: Supervisor, servers: Servers, using: Settings, workers: int, console: int | None
) -> str | None:
    """Let the servers begin, start the others; return the page's address when it answers.

    None when all is asked to stop before.
    """
    host = f"[{using.host}]" if ":" in using.host else using.host
    page = f"http://{host}:{using.port}/chat/"
    supervisor.release()
    for address in filter(None, (servers.health, page)):
        if not supervisor.wait_until_up(address, START_TIMEOUT_S):
            return None
    for number in range(2, workers + 1):
        supervisor.start(f"rasa {number}", servers.rasa, descriptors=servers.turns.to_write)
    supervisor.start("push worker", [sys.executable, "-m", "bot", "push", "worker"])
    if console:
        supervisor.start("console", (sys.executable, "-m", "bot.console.server", str(console)))
    if using.status_port:
        status = (sys.executable, "-m", "bot.monitoring.server")
        supervisor.start("status server", status, descriptors=servers.turns.to_read)
    return page


def _prepare_apart(demo: bool) -> None:
    """Prepare in a process of its own: what that needs, 100 MB, is given back when it ends."""
    from bot.supervisor import handle_stopping

    args = (demo, os.getpid())
    apart = multiprocessing.get_context("fork").Process(target=_prepare, args=args)
    previous_handlers = handle_stopping(_leave)
    apart.start()
    try:
        apart.join()
    finally:
        apart.terminate()  # when asked to stop meanwhile; one that has ended is past it
        for signal_number, handler in previous_handlers.items():
            signal.signal(signal_number, handler)
    if apart.exitcode:
        raise typer.Exit(1)


def _leave(number: int, _frame: FrameType | None) -> None:
    """End at once, with what `with` and `finally` have to do: nothing is served yet."""
    sys.exit(128 + number)


def _prepare(demo: bool, parent: int) -> None:
    """Schema, vocabulary, policies, demo postings and model: each only when needed."""
    from bot.bootstrap import check_parts, prepare, prepare_demo
    from bot.failures import reported
    from bot.progress import listening
    from bot.supervisor import end_with_parent

    end_with_parent(parent)
    steps = Steps()
    with reported(), listening(steps.under_way):
        check_parts(settings())
        for step in prepare(settings(), demo):
            steps.done(step)
        for step in prepare_demo(settings()) if demo else ():
            steps.done(step)


def show_settings() -> None:
    """Show all settings with their environment variables; secrets are hidden."""
    table = Table("variable", "value", "meaning")
    using = settings()
    for setting in setting_fields():
        value = using.text(setting.name)
        text = _masked(value) if setting.metadata["secret"] else value
        table.add_row(setting.metadata["variable"], text, setting.metadata["meaning"])
    Console().print(table)


def _masked(value: str) -> str:
    """Hide a secret: of a database's address only the password."""
    if "://" not in value:
        return "***" if value else ""
    from sqlalchemy.engine import make_url

    return make_url(value).render_as_string(hide_password=True)

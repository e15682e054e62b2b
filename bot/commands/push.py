"""`python -m bot push …`: run push, look at it, preview what a seeker would get."""

from __future__ import annotations

import asyncio
import json
import logging
import signal
from dataclasses import asdict
from typing import Annotated, Any

import typer

from bot.settings import ROOT, settings

#: Seconds between two looks for conversations at rest, and for what is past its end.
REST, PURGE = 6 * 3600, 24 * 3600

app = typer.Typer(help="Push: subscriptions, digests, follow-up, outbox.", no_args_is_help=True)


@app.command()
def run(
    once: Annotated[bool, typer.Option("--once", help="One round, then end.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object.")] = False,
) -> None:
    """Match, compose, ask and send. Without --once it goes on like `push worker`."""
    from bot.background.run_once import run_round

    if not once:
        worker()
        return
    done = asdict(asyncio.run(run_round(_worker())))
    _show(done, as_json)


@app.command()
def worker() -> None:
    """Run all jobs of push until stopped. Several may run at once, on PostgreSQL.

    It compacts conversations at rest as well, as `db compact` does, and once a day deletes what is
    past its end, as `privacy purge` does. From six in the morning on it does the day's run of early
    warning, once.
    """
    from bot import clock
    from bot.background import scheduler as schedule
    from bot.background.early_warning import run_daily
    from bot.commands.privacy import drop_backups
    from bot.logging_setup import configure
    from bot.privacy.purge import purge
    from bot.runtime.compaction import compact_idle
    from bot.workdays import missing_data

    configure(settings().log_level)
    unknown = missing_data(clock.today())
    if unknown:
        logging.getLogger(__name__).warning(unknown)
    made = _worker()
    jobs = (
        schedule.Job("rest", REST, lambda: compact_idle(made.url, ROOT / "domain.yml")),
        schedule.Job("purge", PURGE, lambda: purge(made.url, clock.now())),
        schedule.Job("backups", PURGE, drop_backups),
        schedule.Job("release", 60, _release),
        schedule.Job("warning", 300, lambda: run_daily(made.url, clock.now())),
    )

    async def until_stopped() -> None:
        stop = asyncio.Event()
        for number in (signal.SIGTERM, signal.SIGINT):
            asyncio.get_running_loop().add_signal_handler(number, stop.set)
        await schedule.run(made, stop, jobs)

    asyncio.run(until_stopped())


@app.command()
def status(
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object.")] = False,
) -> None:
    """Show how many subscriptions run, and what the outbox holds."""
    from bot import clock
    from bot.background.status import status as look
    from bot.db.session import session

    with session() as db:
        _show(asdict(look(db, clock.now())), as_json)


@app.command()
def preview(seeker: Annotated[int, typer.Argument(help="The seeker's number.")]) -> None:
    """Show the digest that waits for a seeker; nothing is written or sent."""
    from bot.background.run_once import match_all
    from bot.background.status import preview as look
    from bot.db.session import session
    from bot.rendering.plain import full_text
    from bot.subscriptions.errors import NotASubscriber

    match_all(settings().database_url.reveal())
    try:
        with session() as db:
            texts = [full_text(digest.to_dict()) for digest in look(db, seeker) if digest.items]
    except NotASubscriber as none:
        typer.echo(str(none), err=True)
        raise typer.Exit(1) from none
    typer.echo("\n\n".join(texts) or "nothing waits")


def _release() -> None:
    """Let tickets wait again when their counsellor has fallen silent."""
    from bot import clock
    from bot.db.session import session
    from bot.handoff.idle_tickets import release_idle

    with session() as db:
        release_idle(db, clock.now())


def _worker() -> Any:
    """Put the worker together: the database, the channels' senders, Rasa's conversations."""
    from bot.channels.senders import senders
    from bot.delivery.quiet_hours import quiet_hours
    from bot.delivery.worker import Worker
    from bot.runtime.pushed_events import TrackedConversations

    url = settings().database_url.reveal()
    talk = TrackedConversations.open(url, ROOT / "domain.yml")
    return Worker(url, senders(), conversations=talk, hours=quiet_hours())


def _show(values: dict[str, Any], as_json: bool) -> None:
    if as_json:
        typer.echo(json.dumps(values, ensure_ascii=False, default=str))
        return
    for name, value in values.items():
        typer.echo(f"{name.replace('_', ' ')}: {value}")

"""The console's server: a process of its own, `python -m bot.console.server PORT`.

Started by `serve` when JIUYE_CONSOLE_PORT is set, or with --demo. It also does what is
due by the clock: once a day the tasks of the month, each minute the promises that are over.
"""

from __future__ import annotations

import asyncio
import logging
import sys
from collections.abc import AsyncIterator
from contextlib import suppress
from pathlib import Path

from aiohttp import web

from bot import clock
from bot.casework.schedule import Daily
from bot.console.pages import (
    audit,
    exits,
    exports,
    focus,
    imports,
    listing_sheets,
    listings,
    login,
    numbers,
    people,
    person,
    postings,
    questions,
    second_factor,
    staff,
    supply,
    tickets,
    today,
    transfers,
    warning,
    warning_chain,
    warning_firms,
    warning_imports,
    warning_reports,
)
from bot.console.web import SECURE, SIGNER, TEMPLATES, explained, logged_in, secured, templates
from bot.db.session import DatabaseError, see_no_areas, session
from bot.failures import reported
from bot.handoff.session_tokens import Signer
from bot.keys import derived, installation_secret
from bot.logging_setup import configure, prepare_environment
from bot.settings import SettingErrors, settings

STATIC = Path(__file__).resolve().parent / "static"
#: In the order in which their addresses are tried.
PAGES = (
    login, second_factor, today, tickets, postings, people, person, focus, imports, transfers,
    exits, exports, numbers, supply, listing_sheets, listings, questions, warning, warning_firms,
    warning_chain, warning_imports, warning_reports, staff, audit,
)  # fmt: skip
#: Bytes of a form: a sheet of 100,000 rows has about 8 MB.
MAX_BODY_BYTES = 32 * 2**20
#: Seconds between two looks at the clock.
TICK_SECONDS = 60.0
log = logging.getLogger(__name__)


def application(signing: bytes, secure: bool, by_the_clock: bool = True) -> web.Application:
    """Return the console; `secure`: cookies go over HTTPS alone."""
    app = web.Application(
        middlewares=[secured, explained, logged_in], client_max_size=MAX_BODY_BYTES
    )
    app[SIGNER], app[SECURE], app[TEMPLATES] = Signer(signing), secure, templates()
    app[login.LIMITS] = login.limits()
    for pages in PAGES:
        app.add_routes(pages.routes())
    app.add_routes([web.get("/health", _health), web.static("/static", STATIC)])
    if by_the_clock:
        app.cleanup_ctx.append(_by_the_clock)
    return app


async def _health(_: web.Request) -> web.Response:
    return web.Response(text="ok")


async def _by_the_clock(_: web.Application) -> AsyncIterator[None]:
    task = asyncio.create_task(_run())
    yield
    task.cancel()
    with suppress(asyncio.CancelledError):
        await task


async def _run() -> None:
    daily = Daily()
    while True:
        await asyncio.get_running_loop().run_in_executor(None, _do_what_is_due, daily)
        await asyncio.sleep(TICK_SECONDS)


def _do_what_is_due(daily: Daily) -> None:
    try:
        with session() as db:
            daily.run(db, clock.now())
    except DatabaseError as away:
        log.warning("what is due waits for the database: %s", type(away).__name__)


def main() -> None:
    """Serve until stopped."""
    prepare_environment()
    with reported():
        using = settings()
        port = int(sys.argv[1]) if len(sys.argv) > 1 else using.console_port
        if port is None:
            raise SettingErrors(["JIUYE_CONSOLE_PORT is missing: the console needs a port"])
        configure(using.log_level)
        see_no_areas()
        app = application(derived("counsellors' console", installation_secret()), using.production)
        # No access log: addresses name people by their numbers.
        web.run_app(app, host=using.console_host, port=port, print=None, access_log=None)


if __name__ == "__main__":
    main()

"""The two servers that `serve` supervises: Rasa with the channels, and the action server.

Each runs in a process of its own: `python -m bot.runtime.server rasa|actions`. Any number of the
first may share the port; the kernel gives each a part of the connections.
"""

from __future__ import annotations

import gc
import os
import socket
import sys
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from bot.db.session import ANSWERING, DRY_RUN, set_dry_run, set_timeouts
from bot.failures import report, reported
from bot.logging_setup import configure, prepare_environment
from bot.monitoring.cache_report import start_reporting
from bot.rasa_stubs import install_stubs
from bot.runtime.loop_watchdog import LoopWatch
from bot.settings import ROOT, Settings, settings
from bot.supervisor import until_released

if TYPE_CHECKING:
    from asyncio import AbstractEventLoop

    from rasa.core.utils import AvailableEndpoints
    from sanic import Sanic
    from sanic.request import Request
    from sanic.response import HTTPResponse

#: A message of a person is short; a webhook's body that is longer is refused.
MAX_BODY_BYTES = 256 * 1024
#: Seconds that a server that stops waits for what is open: less than its supervisor does.
SHUTDOWN_SECONDS = 5.0
#: New connections that may wait: a thousand people may write within a second.
BACKLOG = 4096
#: New objects before the youngest, and collections before the older ones are looked through.
GC_THRESHOLDS = (20_000, 10, 20)


def serve_rasa(using: Settings, actions_url: str | None) -> None:
    """Serve Rasa with the channels of credentials.yml; never its management API.

    As `rasa.core.run.serve_application` does, which cannot share a port, and which looks at every
    answer for other origins, which are not let in.
    """
    from rasa.core import constants, run
    from rasa.core.channels.channel import register
    from sanic import Sanic

    from bot.nlu.manifest import MODEL
    from bot.runtime.agent import endpoints

    _set_server_limits()
    set_timeouts(ANSWERING)
    available_endpoints = endpoints(persistent=True, actions_url=actions_url)
    channels = run.create_http_input_channels(None, str(ROOT / "credentials.yml"))
    app = Sanic("jiuye", configure_logging=False)
    app.config.KEEP_ALIVE_TIMEOUT = constants.DEFAULT_KEEP_ALIVE_TIMEOUT
    app.add_route(name_service, "/")
    register(channels, app, route="/webhooks/")
    until_released()
    model = using.models / MODEL
    app.register_listener(partial(start_agent, model, available_endpoints), "before_server_start")
    app.register_listener(freeze_garbage, "after_server_start")
    app.register_listener(lambda *_: start_reporting(), "after_server_start")
    watch = LoopWatch()
    app.register_listener(lambda _, loop: watch.start(loop), "after_server_start")
    app.register_listener(lambda *_: watch.stop(), "before_server_stop")
    app.register_listener(run.close_resources, "after_server_stop")
    app.run(sock=_shared_port(using), backlog=BACKLOG, access_log=False, single_process=True)


async def start_agent(
    model: Path,
    available_endpoints: AvailableEndpoints,
    app: Sanic[Any, Any],
    loop: AbstractEventLoop,
) -> None:
    """Load the model and answer a few messages before anybody is let in.

    Ends the process when that cannot be: Rasa would answer without a model.
    """
    from bot.runtime.agent import load
    from bot.runtime.warm_up import warm_up

    try:
        app.ctx.agent = await load(model, available_endpoints, loop)
        await warm_up(app.ctx.agent)
    except Exception as error:
        report(error)
        # Not by SystemExit: asyncio and Sanic would print where it came from.
        os._exit(1)


async def name_service(_: Request) -> HTTPResponse:
    """Answer whoever asks what runs here: the service, no program and no version of one."""
    from sanic.response import text

    return text("智慧就业顾问")


async def freeze_garbage(*_: object) -> None:
    """Keep the collector of garbage from what is there to stay: the model, vocabularies, modules.

    It would walk through all of that, a tenth of a second each time, while people wait.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(*GC_THRESHOLDS)


def _shared_port(using: Settings) -> socket.socket:
    """Return the port, bound and not yet listened at: requests are served once the model is there.

    Sanic listens when the agent is loaded.
    """
    family = socket.AF_INET6 if ":" in using.host else socket.AF_INET
    port = socket.socket(family, socket.SOCK_STREAM)
    port.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    port.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
    port.bind((using.host, using.port))
    return port


def _set_server_limits() -> None:
    """Limit Sanic, which admits 100 MB by default, and waits 15 s for open websockets."""
    os.environ["SANIC_REQUEST_MAX_SIZE"] = str(MAX_BODY_BYTES)
    os.environ["SANIC_GRACEFUL_SHUTDOWN_TIMEOUT"] = str(SHUTDOWN_SECONDS)


def serve_actions(using: Settings) -> None:
    """Serve the custom actions to Rasa on this machine alone."""
    from rasa_sdk import endpoint

    # No page of another site may call it: the headers that allow that are not sent at all, and the
    # unmaintained package that sends them is not installed (docs/security.md).
    endpoint.configure_cors = lambda app, origins: None
    app = endpoint.create_app("actions", cors_origins=None)
    app.register_middleware(begin_dry_run, "request")
    until_released()
    # Far longer than Rasa keeps an idle connection: no call goes into one that is being closed.
    app.config.KEEP_ALIVE_TIMEOUT = 60
    # rasa_sdk's own `run` would listen on every address of the machine.
    app.run("127.0.0.1", using.action_port, access_log=False, single_process=True)


async def begin_dry_run(request: Request) -> None:
    """Leave no trace of a call that is one of Rasa's warm-up; a connection carries many calls."""
    set_dry_run(DRY_RUN in request.headers)


def main() -> None:
    """Run the server that the first argument names."""
    prepare_environment()
    install_stubs()
    with reported():
        configure(settings().log_level)
        server_name = sys.argv[1]
        if server_name == "actions":
            serve_actions(settings())
        else:
            serve_rasa(settings(), sys.argv[2] if len(sys.argv) > 2 else None)


if __name__ == "__main__":
    main()

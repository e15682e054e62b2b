"""The two servers that `serve` supervises: Rasa with the channels, and the action server.

Each runs in a process of its own: `python -m bot.channels.server rasa|actions`.
"""

from __future__ import annotations

import sys

from bot.logs import configure, prepare_environment
from bot.settings import ROOT, Settings, settings

#: A message of a person is short; a webhook's body that is longer is refused.
LONGEST_BODY = 256 * 1024
#: New connections that may wait: a thousand people may write within a second.
BACKLOG = 4096


def serve_rasa(using: Settings, actions_url: str | None) -> None:
    """Serve Rasa with the channels of credentials.yml; never its management API."""
    from rasa.core import run

    from bot.channels.agent import endpoints
    from bot.nlu.training import MODEL

    _limit_bodies()
    run.serve_application(
        model_path=str(using.models / MODEL),
        interface=using.host,
        port=int(using.port),
        credentials=str(ROOT / "credentials.yml"),
        enable_api=False,
        endpoints=endpoints(kept=True, actions_url=actions_url),
    )


def _limit_bodies() -> None:
    """Sanic admits 100 MB by default, and keeps only 100 new connections waiting."""
    import os

    os.environ["SANIC_REQUEST_MAX_SIZE"] = str(LONGEST_BODY)
    os.environ.setdefault("SANIC_BACKLOG", str(BACKLOG))


def serve_actions(using: Settings) -> None:
    """Serve the custom actions to Rasa on this machine alone."""
    from rasa_sdk.endpoint import create_app

    app = create_app("actions", cors_origins=None)
    # rasa_sdk's own `run` would listen on every address of the machine.
    app.run("127.0.0.1", int(using.action_port), access_log=False)


def main() -> None:
    """Run the server that the first argument names."""
    prepare_environment()
    configure(settings().log_level)
    which = sys.argv[1]
    if which == "actions":
        serve_actions(settings())
    else:
        serve_rasa(settings(), sys.argv[2] if len(sys.argv) > 2 else None)


if __name__ == "__main__":
    main()

"""What channels are measured beside: a server that takes every call and does nothing.

`silent_server.py PORT`; GET /count says how many calls there were.
"""

from __future__ import annotations

import sys

from sanic import Sanic, response
from sanic.request import Request
from sanic.response import HTTPResponse

app = Sanic("silent", configure_logging=False)
calls = 0


@app.route("/count", methods=["GET"])
async def count(_: Request) -> HTTPResponse:
    return response.text(str(calls))


@app.route("/webhooks/rest/", methods=["GET"])
async def up(_: Request) -> HTTPResponse:
    return response.text("up")


@app.route("/webhooks/<path:path>", methods=["GET", "POST"])
async def take(_: Request, path: str) -> HTTPResponse:
    global calls
    calls += 1
    return response.text("success" if path.startswith("wechat") else "")


if __name__ == "__main__":
    app.run("127.0.0.1", int(sys.argv[1]), access_log=False, backlog=4096, single_process=True)

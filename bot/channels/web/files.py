"""The widget's files: a demo page, and one script that any site can name."""

from __future__ import annotations

import gzip
from pathlib import Path

from sanic import Blueprint, response
from sanic.request import Request
from sanic.response import HTTPResponse

from bot.caches import process_cache

STATIC = Path(__file__).resolve().parent / "static"
#: Where the page stands.
PREFIX = "/chat"
#: Files that the widget's page may ask for, with their types.
FILES = {
    "icon.svg": "image/svg+xml",
    "page.css": "text/css",
    "widget.js": "text/javascript",
    "vendor/socket.io.min.js": "text/javascript",
}
#: What `static/jiuye.js` consists of: the one line for other sites.
BUNDLE = ("vendor/socket.io.min.js", "widget.js")
#: Nothing on the page may come from or go to another host.
POLICY = (
    "default-src 'self'; style-src 'self' 'unsafe-inline'; connect-src 'self' ws: wss:;"
    " object-src 'none'; base-uri 'none'; frame-ancestors 'self'"
)
HEADERS = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
}


@process_cache(size=2)
def bundled(zipped: bool) -> bytes:
    """Return the one script, compressed if wanted."""
    joined = b";\n".join((STATIC / name).read_bytes() for name in BUNDLE)
    return gzip.compress(joined, 9, mtime=0) if zipped else joined


def serve_files(routes: Blueprint) -> None:
    """Add the page, its files, and the one script."""

    @routes.route("/", methods=["GET"])  # type: ignore[misc]
    async def page(_: Request) -> HTTPResponse:
        return await response.file(STATIC / "page.html", headers=HEADERS)

    @routes.route("/static/jiuye.js", methods=["GET"])  # type: ignore[misc]
    async def bundle(request: Request) -> HTTPResponse:
        zipped = "gzip" in request.headers.get("Accept-Encoding", "")
        headers = {**HEADERS, "Vary": "Accept-Encoding"}
        if zipped:
            headers["Content-Encoding"] = "gzip"
        return response.raw(
            bundled(zipped), content_type="text/javascript; charset=utf-8", headers=headers
        )

    @routes.route("/static/<name:path>", methods=["GET"])  # type: ignore[misc]
    async def file(_: Request, name: str) -> HTTPResponse:
        if name not in FILES:
            return response.text("没有这个文件", 404)
        return await response.file(STATIC / name, mime_type=FILES[name], headers=HEADERS)

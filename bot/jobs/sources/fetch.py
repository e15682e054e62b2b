"""Fetch a feed into a file: only when it changed, not longer, larger or stranger than allowed."""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import aiohttp
from yarl import URL

from bot.jobs.errors import FetchError
from bot.jobs.sources.config import Source

#: Content types that a feed may have; a server that knows none sends octet-stream or nothing.
_TYPES = {
    "json": ("application/json", "text/json", "+json", "text/plain"),
    "jsonl": ("application/x-ndjson", "application/jsonl", "application/json", "text/plain"),
    "xml": ("application/xml", "text/xml", "+xml"),
}
_UNTYPED = ("application/octet-stream", "")
_PIECE = 64 * 1024
#: Status codes after which another try may succeed.
_AGAIN = frozenset((408, 425, 429, 500, 502, 503, 504))
_SENT_ON = frozenset((301, 302, 303, 307, 308))
#: So often a feed may be sent on, always to its own host.
_MOST_SENT_ON = 3
#: No wait before a try is longer, in seconds.
_LONGEST_WAIT = 60.0


@dataclass(frozen=True)
class Validators:
    """What tells whether a feed changed since it was last taken."""

    etag: str = ""
    last_modified: str = ""
    sha256: str = ""


async def fetch(source: Source, to: Path, known: Validators) -> Validators | None:
    """Fetch a feed into a file; return its new validators, None when nothing changed.

    Raises FetchError after the last try, or at once for what no other try would change.
    """
    wait = source.wait_s
    for left in range(source.tries - 1, -1, -1):
        try:
            return await _once(source, to, known)
        except FetchError as failed:
            if not failed.again or not left:
                raise
        await asyncio.sleep(min(wait, _LONGEST_WAIT))
        wait *= 2
    raise AssertionError("at least one try is made")


async def _once(source: Source, to: Path, known: Validators) -> Validators | None:
    headers = source.sent_headers()
    if known.etag:
        headers["If-None-Match"] = known.etag
    if known.last_modified:
        headers["If-Modified-Since"] = known.last_modified
    # A server that sends a byte a minute never times out between reads: the whole has a limit.
    timeout = aiohttp.ClientTimeout(total=source.timeout_s, connect=min(10.0, source.timeout_s))
    try:
        async with (
            aiohttp.ClientSession(timeout=timeout) as session,
            _asked(session, source.url, headers) as answer,
        ):
            if answer.status == 304:
                return None
            _check(answer, source)
            digest = await _save(answer, source, to)
    except asyncio.TimeoutError as late:
        raise FetchError(f"no whole answer within {source.timeout_s:g} s", again=True) from late
    except aiohttp.ClientPayloadError as cut:
        raise FetchError("the answer was cut off or is not as announced", again=True) from cut
    except aiohttp.ClientConnectionError as refused:
        raise FetchError("no connection", again=True) from refused
    except aiohttp.ClientError as wrong:
        raise FetchError(f"no answer that can be used ({type(wrong).__name__})") from wrong
    if digest == known.sha256:
        return None
    return Validators(
        answer.headers.get("ETag", ""), answer.headers.get("Last-Modified", ""), digest
    )


@asynccontextmanager
async def _asked(
    session: aiohttp.ClientSession, url: str, headers: dict[str, str]
) -> AsyncIterator[aiohttp.ClientResponse]:
    """Ask for an address and follow where it is sent on, as far as its own host.

    Another host, even by a port, would get the secrets in our headers, or answer in its name.
    """
    at = URL(url)
    for _ in range(_MOST_SENT_ON + 1):
        async with session.get(at, headers=headers, allow_redirects=False) as answer:
            if answer.status not in _SENT_ON or "Location" not in answer.headers:
                yield answer
                return
            to = at.join(_address(answer.headers["Location"]))
        if not _same_host(at, to):
            raise FetchError(f"is sent on to another host ({to.scheme}://{to.host}:{to.port})")
        at = to
    raise FetchError("is sent on too often")


def _address(location: str) -> URL:
    try:
        return URL(location)
    except ValueError as wrong:
        raise FetchError("is sent on to no address") from wrong


def _same_host(one: URL, other: URL) -> bool:
    """Tell whether two addresses are of one server; http may become https, never the reverse."""
    if one.origin() == other.origin():
        return True
    upgraded = (one.scheme, other.scheme) == ("http", "https")
    return upgraded and one.host == other.host and one.is_default_port() and other.is_default_port()


def _check(answer: aiohttp.ClientResponse, source: Source) -> None:
    if answer.status != 200:
        raise FetchError(f"status {answer.status}", again=answer.status in _AGAIN)
    kind = answer.headers.get("Content-Type", "").split(";")[0].strip().lower()
    if kind not in _UNTYPED and not any(kind.endswith(one) for one in _TYPES[source.format]):
        raise FetchError(f"content type {kind[:60]} instead of {source.format}")
    if answer.content_length and answer.content_length > _limit(source):
        raise FetchError(f"announces more than {source.max_mb:g} MB")


async def _save(answer: aiohttp.ClientResponse, source: Source, to: Path) -> str:
    """Write the answer to a file piece by piece, never more than is allowed; return its hash."""
    digest, size = hashlib.sha256(), 0
    with to.open("wb") as out:
        async for piece in answer.content.iter_chunked(_PIECE):
            size += len(piece)
            if size > _limit(source):
                raise FetchError(f"sends more than {source.max_mb:g} MB")
            digest.update(piece)
            out.write(piece)
    return digest.hexdigest()


def _limit(source: Source) -> int:
    return int(source.max_mb * 1024 * 1024)

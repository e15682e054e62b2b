"""Download of feeds: only when changed, within limits of time, size and content type."""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import aiohttp
from yarl import URL

from bot.postings.errors import FetchError
from bot.postings.sources.config import Source

#: Content types that a feed may have; a server that knows none sends octet-stream or nothing.
_CONTENT_TYPES = {
    "json": ("application/json", "text/json", "+json", "text/plain"),
    "jsonl": ("application/x-ndjson", "application/jsonl", "application/json", "text/plain"),
    "xml": ("application/xml", "text/xml", "+xml"),
}
_UNTYPED = ("application/octet-stream", "")
_CHUNK_SIZE = 64 * 1024
#: Status codes after which another try may succeed.
_RETRY_STATUSES = frozenset((408, 425, 429, 500, 502, 503, 504))
_REDIRECT_STATUSES = frozenset((301, 302, 303, 307, 308))
#: So often a feed may be sent on, always to its own host.
_MAX_REDIRECTS = 3
#: No wait before a try is longer, in seconds.
_MAX_WAIT_S = 60.0


@dataclass(frozen=True)
class Validators:
    """Validators that show whether a feed changed since it was last fetched."""

    etag: str = ""
    last_modified: str = ""
    sha256: str = ""


async def fetch(source: Source, target: Path, validators: Validators) -> Validators | None:
    """Fetch a feed into a file; return its new validators, None when nothing changed.

    Raises FetchError after the last try, or at once for what no other try would change.
    """
    wait = source.wait_s
    for tries_left in range(source.tries - 1, -1, -1):
        try:
            return await _fetch_once(source, target, validators)
        except FetchError as failed:
            if not failed.may_retry or not tries_left:
                raise
        await asyncio.sleep(min(wait, _MAX_WAIT_S))
        wait *= 2
    raise AssertionError("at least one try is made")


async def _fetch_once(source: Source, target: Path, validators: Validators) -> Validators | None:
    headers = source.sent_headers()
    if validators.etag:
        headers["If-None-Match"] = validators.etag
    if validators.last_modified:
        headers["If-Modified-Since"] = validators.last_modified
    # A server that sends a byte a minute never times out between reads: the whole has a limit.
    timeout = aiohttp.ClientTimeout(total=source.timeout_s, connect=min(10.0, source.timeout_s))
    try:
        async with (
            aiohttp.ClientSession(timeout=timeout) as session,
            _response(session, source.url, headers) as answer,
        ):
            if answer.status == 304:
                return None
            _check(answer, source)
            digest = await _save(answer, source, target)
    except asyncio.TimeoutError as late:
        raise FetchError(f"no whole answer within {source.timeout_s:g} s", may_retry=True) from late
    except aiohttp.ClientPayloadError as cut:
        raise FetchError("the answer was cut off or is not as announced", may_retry=True) from cut
    except aiohttp.ClientConnectionError as refused:
        raise FetchError("no connection", may_retry=True) from refused
    except aiohttp.ClientError as wrong:
        raise FetchError(f"no answer that can be used ({type(wrong).__name__})") from wrong
    if digest == validators.sha256:
        return None
    return Validators(
        answer.headers.get("ETag", ""), answer.headers.get("Last-Modified", ""), digest
    )


@asynccontextmanager
async def _response(
    session: aiohttp.ClientSession, url: str, headers: dict[str, str]
) -> AsyncIterator[aiohttp.ClientResponse]:
    """Ask for an address and follow where it is sent on, as far as its own host.

    Another host, even by a port, would get the secrets in our headers, or answer in its name.
    """
    address = URL(url)
    for _ in range(_MAX_REDIRECTS + 1):
        async with session.get(address, headers=headers, allow_redirects=False) as answer:
            if answer.status not in _REDIRECT_STATUSES or "Location" not in answer.headers:
                yield answer
                return
            redirect = address.join(_address(answer.headers["Location"]))
        if not _same_host(address, redirect):
            raise FetchError(
                f"is sent on to another host ({redirect.scheme}://{redirect.host}:{redirect.port})"
            )
        address = redirect
    raise FetchError("is sent on too often")


def _address(location: str) -> URL:
    try:
        return URL(location)
    except ValueError as wrong:
        raise FetchError("is sent on to no address") from wrong


def _same_host(first: URL, second: URL) -> bool:
    """Tell whether two addresses are of one server; http may become https, never the reverse."""
    if first.origin() == second.origin():
        return True
    upgraded = (first.scheme, second.scheme) == ("http", "https")
    return (
        upgraded
        and first.host == second.host
        and first.is_default_port()
        and second.is_default_port()
    )


def _check(answer: aiohttp.ClientResponse, source: Source) -> None:
    if answer.status != 200:
        raise FetchError(f"status {answer.status}", may_retry=answer.status in _RETRY_STATUSES)
    kind = answer.headers.get("Content-Type", "").split(";")[0].strip().lower()
    if kind not in _UNTYPED and not any(
        kind.endswith(content_type) for content_type in _CONTENT_TYPES[source.format]
    ):
        raise FetchError(f"content type {kind[:60]} instead of {source.format}")
    if answer.content_length and answer.content_length > _limit(source):
        raise FetchError(f"announces more than {source.max_mb:g} MB")


async def _save(answer: aiohttp.ClientResponse, source: Source, target: Path) -> str:
    """Write the answer to a file piece by piece, never more than is allowed; return its hash."""
    digest, size = hashlib.sha256(), 0
    with target.open("wb") as out:
        async for piece in answer.content.iter_chunked(_CHUNK_SIZE):
            size += len(piece)
            if size > _limit(source):
                raise FetchError(f"sends more than {source.max_mb:g} MB")
            digest.update(piece)
            out.write(piece)
    return digest.hexdigest()


def _limit(source: Source) -> int:
    return int(source.max_mb * 1024 * 1024)

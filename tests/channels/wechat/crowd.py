"""Many people write to the account in one moment, in safe mode: how soon the platform is answered.

A bare HTTP client, so that little of the time is the client's own.
"""

from __future__ import annotations

import asyncio
import time
import uuid
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import urlencode, urlsplit

import xmltodict

from tests.channels.wechat.platform import ACCOUNT, Platform

#: Seconds after which the platform gives up and comes again.
CUT = 5.0


@dataclass(frozen=True)
class Crowd:
    """What came of a crowd."""

    people: int
    seconds: tuple[float, ...]
    """How long each request took, sorted."""
    passive: int
    """People whose answer was the reply itself."""
    later: int
    """People whose answer came by customer-service message."""
    lost: int
    twice: int
    all_answered: float
    """Seconds until the last person had his answer."""

    @property
    def in_time(self) -> int:
        """Requests that were answered before the platform gives up."""
        return sum(one <= CUT for one in self.seconds)

    def at(self, share: float) -> float:
        """Return the seconds within which that share of the requests was answered."""
        return self.seconds[min(len(self.seconds) - 1, int(share * len(self.seconds)))]


async def crowd(platform: Platform, people: int, text: str, patience: float = 300) -> Crowd:
    """Let people write the same at once; wait until each has an answer."""
    everybody = [f"o{uuid.uuid4().hex[:27]}" for _ in range(people)]
    requests = [_request(platform, one, text) for one in everybody]
    for one in everybody:
        platform.api.wrote(one)
    began = time.monotonic()
    answers = await asyncio.gather(*(_call(platform.url, *request) for request in requests))
    shown = Counter(
        one for one, (_, body) in zip(everybody, answers, strict=True) if body.startswith("<xml>")
    )
    passive = len(shown)
    waits = set(everybody) - shown.keys()
    while time.monotonic() - began < patience and not waits <= {
        s.openid for s in platform.api.sent
    }:
        await asyncio.sleep(0.05)
    all_answered = time.monotonic() - began
    if platform.api.sent:
        await asyncio.sleep(0.5)  # so that a second answer would be seen
    shown.update(sent.openid for sent in platform.api.sent)
    return Crowd(
        people,
        tuple(sorted(took for took, _ in answers)),
        passive,
        sum(one in {s.openid for s in platform.api.sent} for one in waits),
        sum(not shown[one] for one in everybody),
        sum(shown[one] > 1 for one in everybody),
        all_answered,
    )


def _request(platform: Platform, openid: str, text: str) -> tuple[str, bytes]:
    """Return the query and the body of a message in safe mode."""
    query = platform.query(openid=openid)
    xml = platform.xml(openid, MsgType="text", Content=text, MsgId=f"{uuid.uuid4().int}"[:17])
    sealed = platform.crypto.encrypt_message(xml, query["nonce"], query["timestamp"])
    read = xmltodict.parse(sealed)["xml"]
    query |= {"encrypt_type": "aes", "msg_signature": read["MsgSignature"]}
    inner = f"<Encrypt>{read['Encrypt']}</Encrypt>"
    return urlencode(query), f"<xml><ToUserName>{ACCOUNT}</ToUserName>{inner}</xml>".encode()


async def _call(url: str, query: str, body: bytes) -> tuple[float, str]:
    """POST; return the seconds it took and the body of the answer, which must be 200."""
    at = urlsplit(url)
    began = time.monotonic()
    reader, writer = await asyncio.open_connection(at.hostname, at.port)
    head = (
        f"POST {at.path}?{query} HTTP/1.1\r\nHost: {at.netloc}\r\nContent-Type: text/xml\r\n"
        f"Content-Length: {len(body)}\r\nConnection: close\r\n\r\n"
    )
    writer.write(head.encode() + body)
    answer = await reader.read(-1)
    took = time.monotonic() - began
    writer.close()
    status, _, rest = answer.partition(b"\r\n")
    assert status.split()[1] == b"200", status
    return took, rest.partition(b"\r\n\r\n")[2].decode()


def in_words(done: Crowd) -> Sequence[str]:
    """Return the figures of a crowd, for a failing test to show."""
    return (
        f"{done.in_time}/{done.people} within {CUT:.0f} s, median {done.at(0.5):.2f} s,"
        f" p99 {done.at(0.99):.2f} s",
        f"{done.passive} by reply, {done.later} later, {done.lost} lost, {done.twice} twice",
    )

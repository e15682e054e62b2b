"""Kannel's HTTP: sending, delivery reports, status."""

from __future__ import annotations

import asyncio
import logging
import re
from urllib.parse import urlencode

import aiohttp
from defusedxml.ElementTree import ParseError, fromstring

from bot import clock
from bot.channels.sms.gateway import Gateway
from bot.channels.sms.numbers import e164
from bot.db.session import DatabaseError, session
from bot.db.threads import in_database
from bot.delivery.outcome import Outcome, Refused, Retry, Sent
from bot.delivery.receipts import Report, report
from bot.messaging.send_log import State, record
from bot.rendering.sms_segments import count
from bot.setting_types import Secret

logger = logging.getLogger(__name__)
#: Seconds for one call.
TIMEOUT = aiohttp.ClientTimeout(total=10)
#: Parts that a send may take; Kannel's own `max-messages` (10) would cut without a word.
MAX_PARTS = 2
#: Which reports are asked for: delivered, failed, buffered, accepted, refused.
REPORTS = 1 | 2 | 4 | 8 | 16
#: What Kannel's report types mean (user guide, "Delivery reports").
_STATES: dict[int, State] = {
    1: "delivered", 2: "failed", 4: "buffered", 8: "accepted", 16: "refused",
}  # fmt: skip
#: Letters of a key of ours; it travels in an address.
_KEY = re.compile(r"^[\w.:-]{1,80}$")


class Kannel:
    """Sends through smsbox. Push connects here: `send_text`."""

    def __init__(self, gateway: Gateway) -> None:
        self._gateway = gateway
        self._http: aiohttp.ClientSession | None = None

    async def close(self) -> None:
        """Close the connections."""
        if self._http is not None:
            await self._http.close()
            self._http = None

    async def send_push(self, to: str, text: str, key: str) -> Outcome:
        """Send a push between the signature and the instruction to stop."""
        front = f"【{self._gateway.signature}】" if self._gateway.signature else ""
        tail = f" {self._gateway.stop}" if self._gateway.stop else ""
        return await self.send_text(to, f"{front}{text}{tail}", key)

    async def send_text(self, to: str, text: str, key: str) -> Outcome:
        """Send a text of at most two parts; its delivery state is kept under `key`.

        Refused at once, and never cut, when it is longer. Kannel knows no key: after a time-out
        the message may have been taken, so that a retry can send it a second time.
        """
        number = e164(to)
        if number is None:
            return Refused("no mobile number")
        if not text.strip() or not _KEY.match(key):
            return Refused("empty text or unusable key")
        if count(text) > MAX_PARTS:
            return Refused(f"{count(text)} parts, at most {MAX_PARTS} are sent")
        outcome = await self._call(number, text, key)
        if not isinstance(outcome, Retry):
            state: State = "accepted" if isinstance(outcome, Sent) else "refused"
            try:
                await in_database(_record, key, state, getattr(outcome, "reason", ""))
            except DatabaseError as error:
                # It has gone out all the same: who heard of a failure would send it again.
                logger.error("SMS: what was sent was not noted: %s", type(error).__name__)
        return outcome

    async def _call(self, number: str, text: str, key: str) -> Outcome:
        query = {
            "username": self._gateway.user,
            "password": _revealed(self._gateway.password),
            "to": number,
            "text": text,
            # Without a charset Kannel takes the UTF-8 for UTF-16; without coding it sends "????".
            "coding": "2",
            "charset": "UTF-8",
            "dlr-mask": str(REPORTS),
            "dlr-url": self._report_url(key),
        }
        if self._gateway.number:
            query["from"] = self._gateway.number
        if self._http is None:
            self._http = aiohttp.ClientSession(timeout=TIMEOUT)
        try:
            async with self._http.get(
                self._gateway.sendsms, params=query, allow_redirects=False
            ) as answer:
                return _outcome(answer.status, (await answer.text())[:100])
        except (aiohttp.ClientError, asyncio.TimeoutError) as error:
            return Retry(type(error).__name__)

    def _report_url(self, key: str) -> str:
        secret = {"key": self._gateway.key.reveal()} if self._gateway.key else {}
        query = urlencode({**secret, "id": key})
        # %d and %A are Kannel's: the report's type and the carrier's own words.
        return f"{self._gateway.callback}/webhooks/sms/dlr?{query}&state=%d&reply=%A"


def _revealed(password: Secret | None) -> str:
    """Return a password as Kannel takes it; empty without one."""
    return password.reveal() if password else ""


def _outcome(status: int, text: str) -> Outcome:
    if status == 202:
        return Sent()
    if status == 503:
        return Retry(f"sendsms: {status}")
    if status in (400, 403, 404, 413):
        return Refused(f"sendsms: {status} {text}", status)
    return Retry(f"sendsms: {status}", status)


def _record(key: str, state: State, reason: str) -> bool:
    with session() as db:
        return record(db, "sms", key, state, reason)


def _report(key: str, state: State, reason: str) -> None:
    """Pass a report on to the delivery of the outbox, where it is one of those."""
    reached: dict[State, Report] = {
        "delivered": "delivered",
        "failed": "failed",
        "refused": "failed",
    }
    if state in reached and key.startswith("jiuye:"):
        with session() as db:
            report(db, "sms", key, reached[state], clock.now(), reason)


def record_report(key: str, kind: str, reply: str) -> bool:
    """Keep what a delivery report says of a send; False when it says nothing new or nothing known.

    The carrier's words are kept only where they name an error (NACK/0x0000000b/…, stat:UNDELIV
    err:024): a receipt's text can be the message itself.
    """
    state = _STATES.get(int(kind)) if kind.isdecimal() and len(kind) < 4 else None
    if state is None or not _KEY.match(key):
        return False
    errors = re.findall(r"NACK/[\w/ ]{1,80}|stat:\w{1,12}|err:\w{1,8}", reply)
    _report(key, state, " ".join(errors))
    return _record(key, state, " ".join(errors))


async def health(gateway: Gateway) -> str | None:
    """Return what is wrong with the gateway by its status page, None when it can send and receive.

    Not asked for when no status page is set.
    """
    if not gateway.status:
        return None
    query = {"password": _revealed(gateway.status_password)}
    try:
        async with (
            aiohttp.ClientSession(timeout=TIMEOUT) as http,
            http.get(gateway.status, params=query, allow_redirects=False) as answer,
        ):
            page = fromstring(await answer.read(), forbid_dtd=True)
    except (aiohttp.ClientError, asyncio.TimeoutError, ParseError, ValueError) as error:
        return f"the status page: {type(error).__name__}"
    boxes = [b.findtext("type") for b in page.iter("box")]
    carriers = [s.findtext("status") or "" for s in page.iter("smsc")]
    if "smsbox" not in boxes:
        return "no smsbox is connected: messages wait"
    if not any(status.startswith("online") for status in carriers):
        return "no carrier is connected"
    return None

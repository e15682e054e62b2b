"""Verification of the platform's requests: signature, age, nonce, decryption of the body."""

from __future__ import annotations

import re
from collections import OrderedDict
from collections.abc import Mapping

from bot import clock
from bot.channels.wechat.account import WeChatAccount
from bot.channels.wechat.crypto import MessageCipher, is_signed, signature
from bot.channels.wechat.errors import NotDecipherable, NotGenuine
from bot.channels.wechat.xml import Fields, read_xml, reply_envelope

#: Seconds by which a timestamp may differ from our clock.
MAX_CLOCK_DIFFERENCE_S = 300
#: Nonces that are remembered; older ones have gone stale long before.
MAX_NONCES = 50_000
_MOMENT = re.compile(r"^[0-9]{1,12}$")


class RequestVerifier:
    """Lets in what one account's platform has signed, each request once.

    Nonces are kept in this process: with several workers a request repeated to another one is
    still found by its message's id, which all share.
    """

    def __init__(self, account: WeChatAccount) -> None:
        self._account, self._token = account, account.token.reveal()
        self._nonces: OrderedDict[tuple[str, str], None] = OrderedDict()

    def check(self, query: Mapping[str, str]) -> None:
        """Raise NotGenuine unless the query is signed, fresh and new."""
        claimed_signature, timestamp, nonce = (
            query.get(k, "") for k in ("signature", "timestamp", "nonce")
        )
        if not is_signed(claimed_signature, self._token, timestamp, nonce):
            raise NotGenuine("signature")
        if (
            not _MOMENT.match(timestamp)
            or abs(clock.now().timestamp() - int(timestamp)) > MAX_CLOCK_DIFFERENCE_S
        ):
            raise NotGenuine("timestamp")
        if (timestamp, nonce) in self._nonces:
            raise NotGenuine("nonce")
        self._nonces[timestamp, nonce] = None
        if len(self._nonces) > MAX_NONCES:
            self._nonces.popitem(last=False)

    def forget(self, query: Mapping[str, str]) -> None:
        """Let a request come again that got no answer: its message could not be kept."""
        self._nonces.pop((query.get("timestamp", ""), query.get("nonce", "")), None)

    def open(self, query: Mapping[str, str], body: bytes) -> tuple[Fields, MessageCipher | None]:
        """Return the message of a checked request, and the cipher that must close its reply.

        The cipher is None for a plain one.

        Raises NotGenuine (wrong msg_signature, or plain where it must not be), NotDecipherable and
        NotReadable.
        """
        fields = read_xml(body)
        if query.get("encrypt_type", "raw") in ("", "raw"):
            if self._account.only_encrypted:
                raise NotGenuine("not encrypted")
            return fields, None
        sealed = fields.get("Encrypt", "")
        parts = (self._token, query.get("timestamp", ""), query.get("nonce", ""), sealed)
        if not is_signed(query.get("msg_signature", ""), *parts):
            raise NotGenuine("msg_signature")
        for cipher in self._account.ciphers:
            try:
                return read_xml(cipher.decrypt(sealed).encode()), cipher
            except NotDecipherable:
                continue
        raise NotDecipherable

    def close(self, xml: str, cipher: MessageCipher | None, nonce: str) -> str:
        """Return a reply as it must travel: as it is, or sealed and signed like the request."""
        if cipher is None:
            return xml
        sealed, timestamp = cipher.encrypt(xml), str(int(clock.now().timestamp()))
        signed = signature(self._token, timestamp, nonce, sealed)
        return reply_envelope(sealed, signed, timestamp, nonce)

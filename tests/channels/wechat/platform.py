"""The platform's side of a conversation, with wechatpy's own signatures, AES and parser."""

from __future__ import annotations

import asyncio
import itertools
import time
import uuid
from dataclasses import dataclass
from typing import Any
from xml.sax.saxutils import escape

import aiohttp
import xmltodict
from wechatpy import parse_message
from wechatpy.crypto import WeChatCrypto
from wechatpy.replies import TransferCustomerServiceReply, deserialize_reply
from wechatpy.utils import WeChatSigner, check_signature

from tests.channels.wechat.fake_api import APP_ID, FakeApi

TOKEN = "token-of-the-account"
KEY = "kWxPEV2UEDyxWpmPdKC3F4dgPDmOvfKX1HGnEUDS1aR"
OLD_KEY = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopq"
ACCOUNT = "gh_0123456789ab"
#: What the platform takes for "let my own desk answer this person".
TRANSFER = "transfer_customer_service"
UNAVAILABLE = "该公众号暂时无法提供服务，请稍后再试"
_ids = itertools.count(int(time.time()) * 1000)


def new_openid() -> str:
    """Return the openid of a person who was not here before."""
    return f"o{uuid.uuid4().hex[:27]}"


def sign(*parts: str) -> str:
    signer = WeChatSigner()
    signer.add_data(*parts)
    return str(signer.signature)


@dataclass
class Answer:
    """What the platform got for one request."""

    status: int
    body: str
    text: str = ""
    """What the person sees; empty for `success`."""


class Platform:
    """Pushes to our channel as the platform does. `mode` is plain, compatible or safe."""

    def __init__(self, url: str, api: FakeApi, mode: str = "plain", key: str = KEY) -> None:
        self.url, self.api, self.mode = url, api, mode
        self.crypto = WeChatCrypto(TOKEN, key, APP_ID)
        self.seen: dict[str, list[str]] = {}
        """What each person was shown by passive replies."""

    async def say(self, openid: str, text: str, **more: Any) -> list[Answer]:
        return await self.push(openid, MsgType="text", Content=text, MsgId=str(next(_ids)), **more)

    async def event(self, openid: str, event: str, **more: Any) -> list[Answer]:
        return await self.push(openid, MsgType="event", Event=event, **more)

    async def push(
        self, openid: str, patience: float = 5.0, tries: int = 4, **fields: Any
    ) -> list[Answer]:
        """Send a message, again with a fresh signature when no answer comes; the answers got."""
        xml = self.xml(openid, **fields)
        parse_message(xml)  # wechatpy takes what we send for a message
        if fields["MsgType"] != "event":
            self.api.wrote(openid)
        answers: list[Answer] = []
        for _ in range(tries):
            try:
                answers.append(await asyncio.wait_for(self.post(xml, openid), patience))
                return answers
            except asyncio.TimeoutError:
                continue
        self.seen.setdefault(openid, []).append(UNAVAILABLE)
        return answers

    def xml(self, openid: str, **fields: Any) -> str:
        fields = {
            "ToUserName": ACCOUNT,
            "FromUserName": openid,
            "CreateTime": int(time.time()),
            **fields,
        }
        return f"<xml>{''.join(f'<{k}>{escape(str(v))}</{k}>' for k, v in fields.items())}</xml>"

    def query(self, **more: str) -> dict[str, str]:
        timestamp, nonce = str(int(time.time())), uuid.uuid4().hex[:10]
        return {
            "signature": sign(TOKEN, timestamp, nonce),
            "timestamp": timestamp,
            "nonce": nonce,
            **more,
        }

    async def post(self, xml: str, openid: str) -> Answer:
        query, body = self.query(openid=openid), xml
        if self.mode != "plain":
            sealed = self.crypto.encrypt_message(xml, query["nonce"], query["timestamp"])
            read = xmltodict.parse(sealed)["xml"]
            query |= {"encrypt_type": "aes", "msg_signature": read["MsgSignature"]}
            inner = f"<Encrypt>{read['Encrypt']}</Encrypt>"
            if self.mode == "compatible":
                body = xml.replace("</xml>", f"{inner}</xml>")
            else:
                body = f"<xml><ToUserName>{ACCOUNT}</ToUserName>{inner}</xml>"
        status, answered = await self.raw(query, body.encode())
        return Answer(status, answered, self._shown(openid, status, answered))

    async def raw(self, query: dict[str, str], body: bytes) -> tuple[int, str]:
        async with (
            aiohttp.ClientSession() as http,
            http.post(
                self.url, params=query, data=body, headers={"Content-Type": "text/xml"}
            ) as got,
        ):
            return got.status, await got.text()

    async def get(self, query: dict[str, str]) -> tuple[int, str]:
        async with aiohttp.ClientSession() as http, http.get(self.url, params=query) as got:
            return got.status, await got.text()

    def _shown(self, openid: str, status: int, answered: str) -> str:
        answered = answered.strip()
        if status == 200 and answered in ("success", ""):
            return ""
        text = UNAVAILABLE
        if status == 200 and answered.startswith("<xml>"):
            text = self._read(openid, answered)
        self.seen.setdefault(openid, []).append(text)
        return text

    def _read(self, openid: str, answered: str) -> str:
        opened = answered
        read = xmltodict.parse(opened)["xml"]
        if "Encrypt" in read:
            if self.mode == "plain":
                return UNAVAILABLE
            opened = self.crypto.decrypt_message(
                answered, read["MsgSignature"], read["TimeStamp"], read["Nonce"]
            )
            read = xmltodict.parse(opened)["xml"]
        elif self.mode == "safe":
            return UNAVAILABLE
        assert (read["ToUserName"], read["FromUserName"]) == (openid, ACCOUNT)
        if read["MsgType"] == TRANSFER:
            assert isinstance(deserialize_reply(opened), TransferCustomerServiceReply)
            return TRANSFER
        assert read["MsgType"] == "text"
        return str(read["Content"])


__all__ = ["ACCOUNT", "KEY", "OLD_KEY", "TOKEN", "UNAVAILABLE", "Answer", "Platform", "check_signature", "sign"]  # fmt: skip

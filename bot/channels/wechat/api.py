"""The platform's API: customer-service messages, notices, templates, the menu."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Mapping, Sequence
from typing import Any

import aiohttp

from bot.channels.wechat.account import WeChatAccount
from bot.channels.wechat.errors import TOKEN_CODES, outcome_of
from bot.channels.wechat.token import TokenKeeper, TokenRefused
from bot.delivery.outcome import Outcome, Retry, Sent
from bot.rendering.plain import ReplyChoice

#: Seconds for one call.
TIMEOUT = aiohttp.ClientTimeout(total=8)


class WeChatApi:
    """Calls the API for one account. Each call is one request, two when the token was stale.

    Push connects here: `send_text`, `send_template`, `send_notice`.
    """

    def __init__(self, account: WeChatAccount) -> None:
        self._account = account
        self._http: aiohttp.ClientSession | None = None
        self._tokens = TokenKeeper(account, self._post)

    async def close(self) -> None:
        """Close the connections."""
        if self._http is not None:
            await self._http.close()
            self._http = None

    async def send_text(self, to: str, text: str, key: str = "") -> Outcome:
        """Send a customer-service text of at most 2048 bytes.

        The platform knows no key of ours: who must not send twice does not repeat a time-out.
        """
        return await self._send(
            "message/custom/send", {"touser": to, "msgtype": "text", "text": {"content": text}}
        )

    async def send_choices(self, to: str, text: str, choices: Sequence[ReplyChoice]) -> Outcome:
        """Send a text with choices to press, which come back as text with their number."""
        listed = [{"id": str(n), "content": choice.title} for n, choice in enumerate(choices, 1)]
        menu = {"head_content": text, "list": listed, "tail_content": ""}
        return await self._send(
            "message/custom/send", {"touser": to, "msgtype": "msgmenu", "msgmenu": menu}
        )

    async def send_template(
        self, to: str, template: str, values: Mapping[str, str], url: str = ""
    ) -> Outcome:
        """Send a template message (verified service accounts; service notices only)."""
        data = {name: {"value": value} for name, value in values.items()}
        return await self._send(
            "message/template/send",
            {"touser": to, "template_id": template, "url": url, "data": data},
        )

    async def send_notice(
        self, to: str, template: str, values: Mapping[str, str], page: str = ""
    ) -> Outcome:
        """Send a subscription notice: one for each time the person agreed (else 43101)."""
        data = {name: {"value": value} for name, value in values.items()}
        return await self._send(
            "message/subscribe/bizsend",
            {"touser": to, "template_id": template, "page": page, "data": data},
        )

    async def put_menu(self, menu: Mapping[str, Any]) -> Outcome:
        """Replace the account's menu."""
        return await self._send("menu/create", menu)

    async def delete_menu(self) -> Outcome:
        """Delete the account's menu."""
        return await self._send("menu/delete", {})

    async def _send(self, call: str, body: Mapping[str, Any]) -> Outcome:
        """Call with a token; renew it once and try once more when it is not valid."""
        refused: str | None = None
        outcome: Outcome = Retry("no token")
        for _ in range(2):
            try:
                token = await self._tokens.token(refused)
                answer = await self._post(f"/cgi-bin/{call}?access_token={token}", body)
            except TokenRefused as error:
                return error.outcome
            except (aiohttp.ClientError, asyncio.TimeoutError, ValueError) as error:
                return Retry(type(error).__name__)
            code = answer.get("errcode", 0)
            if code == 0:
                number = answer.get("msgid")
                return Sent(str(number) if number is not None else None)
            outcome, refused = outcome_of(int(code)), token
            if code not in TOKEN_CODES:
                break
        return outcome

    async def _post(self, path: str, body: Mapping[str, Any]) -> dict[str, Any]:
        """POST JSON in UTF-8 (people would see escapes) and return the JSON answer."""
        if self._http is None:
            self._http = aiohttp.ClientSession(timeout=TIMEOUT)
        sent = json.dumps(body, ensure_ascii=False).encode("utf-8", "ignore")
        headers = {"Content-Type": "application/json; charset=utf-8"}
        url = self._account.api + path
        # Sent on, the body with the secret, or what was said, would go to whomever it names.
        async with self._http.post(
            url, data=sent, headers=headers, allow_redirects=False
        ) as answer:
            if answer.status >= 500 or 300 <= answer.status < 400:
                return {"errcode": -1}
            read = json.loads(await answer.read())
        return read if isinstance(read, dict) else {"errcode": -1}

"""Deliveries of the outbox by WeChat's customer-service messages."""

from __future__ import annotations

from bot.channels.wechat.account import WeChatAccount
from bot.channels.wechat.api import WeChatApi
from bot.db.session import session
from bot.db.threads import in_database
from bot.delivery.outcome import Outcome, Quota, Refused, Sent
from bot.delivery.sender import Outgoing, Sender
from bot.messaging.reply_choices import keep_unsent, save_choices
from bot.rendering.turn import RenderedTurn, render_wechat_turn

#: Codes after which only a notice or a template reaches the person.
WINDOW_CLOSED_CODES = (45015, 45047)
#: Characters of a notice's `thing` field.
MAX_NOTICE_CHARS = 20


class WeChatSender(Sender):
    """Sends through the platform's API; 48 hours after the person's last message by notice."""

    def __init__(self, account: WeChatAccount) -> None:
        self._account, self._api = account, WeChatApi(account)

    async def send(self, delivery: Outgoing) -> Outcome:
        """Send one delivery; of several texts the first decides.

        Later texts that are not taken wait for the person's next message: the delivery is not tried
        again, or they would read its beginning twice.
        """
        rendered = render_wechat_turn([delivery.body])
        if not rendered.texts:
            return Refused("nothing to say")
        outcome = await self._api.send_text(delivery.address, rendered.texts[0], delivery.key)
        if isinstance(outcome, Quota) and outcome.code in WINDOW_CLOSED_CODES:
            noticed = await self._send_notice(delivery.address, rendered)
            return noticed or outcome
        if not isinstance(outcome, Sent):
            return outcome
        await in_database(self._save_choices, delivery.address, rendered)
        for index, text in enumerate(rendered.texts[1:], 1):
            if not isinstance(await self._api.send_text(delivery.address, text), Sent):
                await in_database(
                    self._save_unsent, delivery.address, "\n".join(rendered.texts[index:])
                )
                break
        return outcome

    async def _send_notice(self, openid: str, rendered: RenderedTurn) -> Sent | None:
        """Say by notice or template that something waits; it comes when the person writes."""
        values = " ".join(rendered.texts[0].split())[:MAX_NOTICE_CHARS]
        for send, template in (
            (self._api.send_notice, self._account.notice),
            (self._api.send_template, self._account.template),
        ):
            if template is None:
                continue
            outcome = await send(openid, template.id, {template.field: values})
            if isinstance(outcome, Sent):
                await in_database(self._save_unsent, openid, "\n".join(rendered.texts))
                await in_database(self._save_choices, openid, rendered)
                return outcome
        return None

    def _save_choices(self, openid: str, rendered: RenderedTurn) -> None:
        """Remember what the numbers mean, once the person can have read them."""
        with session() as db:
            save_choices(db, "wechat", openid, rendered.choices, rendered.remainder)

    def _save_unsent(self, openid: str, text: str) -> None:
        with session() as db:
            keep_unsent(db, "wechat", openid, text)

"""Deliveries of the outbox by WeChat's customer-service messages."""

from __future__ import annotations

from bot.channels.frame.outcome import Sent
from bot.channels.frame.settled import for_outbox
from bot.channels.wechat.account import Account
from bot.channels.wechat.api import WeChatApi
from bot.channels.wechat.deliver import present
from bot.push.senders import Outcome, Outgoing, Refused, Sender
from bot.push.senders import Sent as Done


class WeChatSender(Sender):
    """Sends through the platform's API; only within 48 hours of the person's last message."""

    def __init__(self, account: Account) -> None:
        self._api = WeChatApi(account)

    async def send(self, delivery: Outgoing) -> Outcome:
        """Send one delivery; of several texts the first decides, the others follow it."""
        said = await present(delivery.address, [delivery.body])
        if not said.texts:
            return Refused("nothing to say")
        outcome = await self._api.send_text(delivery.address, said.texts[0], delivery.key)
        if not isinstance(outcome, Sent):
            return for_outbox(outcome)
        for text in said.texts[1:]:
            if not isinstance(await self._api.send_text(delivery.address, text), Sent):
                break
        return Done(outcome.provider_id)

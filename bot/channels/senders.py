"""The senders of push, by channel: those that fetch, and those that are configured."""

from __future__ import annotations

from bot.channels.sms.gateway import Gateway
from bot.channels.sms.sender import SmsSender
from bot.channels.wechat.account import WeChatAccount
from bot.channels.wechat.sender import WeChatSender
from bot.delivery.sender import LogSender, Sender
from bot.settings import settings

#: Channels whose clients come and fetch what waits for them.
FETCHING = ("web", "rest")


def senders() -> dict[str, Sender]:
    """Return the sender of each channel that this installation can push to."""
    made: dict[str, Sender] = {channel: LogSender() for channel in FETCHING}
    gateway, account = Gateway.from_settings(settings()), WeChatAccount.from_settings(settings())
    if gateway is not None:
        made["sms"] = SmsSender(gateway)
    if account is not None:
        made["wechat"] = WeChatSender(account)
    return made

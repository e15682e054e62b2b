"""The senders of push, by channel. A channel that is configured adds its own here."""

from __future__ import annotations

from bot.push.senders import LogSender, Sender

#: Channels whose clients come and fetch what waits for them.
FETCHING = ("web", "rest")


def senders() -> dict[str, Sender]:
    """Return the sender of each channel that this installation can push to."""
    return {channel: LogSender() for channel in FETCHING}

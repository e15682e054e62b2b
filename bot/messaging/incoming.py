"""A person's message between its channel, the inbox and the bot."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Incoming:
    """One message of a person, after the channel has verified it.

    A channel that needs more of it for its reply adds that in a class of its own.
    """

    channel: str
    address: str
    """The sender's address in its one form: openid, E.164 number."""
    key: str
    """The provider's id of the message, the same for every retry."""
    text: str
    """As typed."""
    to_send: tuple[str, ...] | None = None
    """The unsent texts of its answer, taken over from a process that died; None without one."""
    given_up: bool = False
    """True when processes have begun with it too often: its sender is told so, and no more."""

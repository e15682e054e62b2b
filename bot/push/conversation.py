"""The door to the conversations: what was pushed is put there, so that a reply is understood."""

from __future__ import annotations

from abc import ABC, abstractmethod

from bot.push.senders import Outgoing


class Conversations(ABC):
    """Where the conversations are kept; `bot.channels.tracker_events` has the real ones."""

    @abstractmethod
    async def note(self, delivery: Outgoing) -> None:
        """Put a delivery into its person's conversation with the slots it sets.

        Noting the same key a second time changes nothing.
        """


class NoConversations(Conversations):
    """For installations and tests without a dialogue behind the push."""

    async def note(self, delivery: Outgoing) -> None:
        """Forget it."""

"""Interface to the conversations: pushes are recorded there, so that a reply is understood."""

from __future__ import annotations

from abc import ABC, abstractmethod

from bot.delivery.sender import Outgoing


class ConversationLog(ABC):
    """Store of conversations; `bot.runtime.pushed_events` implements it."""

    @abstractmethod
    async def note(self, delivery: Outgoing) -> None:
        """Put a delivery into its person's conversation with the slots it sets.

        Noting the same key a second time changes nothing.
        """


class NoConversations(ConversationLog):
    """No store, for installations and tests without a dialogue."""

    async def note(self, delivery: Outgoing) -> None:
        """Forget it."""

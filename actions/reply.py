"""Acts that a fixed reply answers (data/replies.yml): greeting, help, hand-off, out of scope…"""

from __future__ import annotations

from actions.turn import Turn, TurnAction
from bot.messages import Message
from bot.replies import reply
from bot.seekers.profile import take_profile

#: Acts whose reply does not have the act's own name.
REPLIES = {"distress": "crisis"}
#: Words that ask for deletion rather than for a look at what is kept.
_DELETE = ("删", "清", "抹", "忘", "销毁", "别留")


class ActionReply(TurnAction):
    """Says the reply of the act and keeps what the person told about himself."""

    def name(self) -> str:
        """Return the action's name in the domain."""
        return "action_reply"

    def answer(self, turn: Turn) -> Message:
        """Say it."""
        if turn.act != "out_of_scope":
            turn.set(**take_profile(turn.entities, turn.slots))
        name = "empty" if not turn.text.strip() else REPLIES.get(turn.act, turn.act)
        return reply(name, turn.act)


class ActionMyData(TurnAction):
    """Says what is kept, or clears it when asked to."""

    def name(self) -> str:
        """Return the action's name in the domain."""
        return "action_my_data"

    def answer(self, turn: Turn) -> Message:
        """Say or clear."""
        if any(word in turn.text for word in _DELETE):
            turn.set(**dict.fromkeys(turn.slots))
            return reply("my_data_cleared", turn.act)
        return reply("my_data", turn.act)

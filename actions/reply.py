"""Acts that a fixed reply answers (data/replies.yml): greeting, help, hand-off, out of scope…"""

from __future__ import annotations

from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.events import AllSlotsReset
from rasa_sdk.executor import CollectingDispatcher

from actions.turn import Turn, utter
from bot.replies import reply
from bot.seekers.profile import take_profile

#: Acts whose reply does not have the act's own name.
REPLIES = {"distress": "crisis"}
#: Words that ask for deletion rather than for a look at what is kept.
_DELETE = ("删", "清", "抹", "忘", "销毁", "别留")


class ActionReply(Action):
    """Says the reply of the act and keeps what the person told about himself."""

    def name(self) -> str:
        """Return the action's name in the domain."""
        return "action_reply"

    def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> list[dict[str, Any]]:
        """Say it."""
        turn = Turn.of(tracker)
        if turn.act != "out_of_scope":
            turn.set(**take_profile(turn.entities, turn.slots))
        name = "empty" if not turn.text.strip() else REPLIES.get(turn.act, turn.act)
        utter(dispatcher, reply(name, turn.act))
        return turn.events()


class ActionMyData(Action):
    """Says what is kept, or clears it when asked to."""

    def name(self) -> str:
        """Return the action's name in the domain."""
        return "action_my_data"

    def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> list[dict[str, Any]]:
        """Say or clear."""
        turn = Turn.of(tracker)
        if any(word in turn.text for word in _DELETE):
            utter(dispatcher, reply("my_data_cleared", turn.act))
            return [AllSlotsReset()]
        utter(dispatcher, reply("my_data", turn.act))
        return []

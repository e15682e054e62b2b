"""The one action of the domain: Rasa calls it for every message, the router answers."""

from __future__ import annotations

import logging
import uuid
from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.events import SlotSet
from rasa_sdk.executor import CollectingDispatcher

from bot.fixed_replies import reply
from bot.handlers.hand_off import record_on_ticket, with_counsellor
from bot.handlers.service import with_privacy
from bot.handlers.unanswered import record_unanswered, unanswered_kind
from bot.routing.router import answer
from bot.turns.arbitration import remember, without_repetition
from bot.turns.turn import Turn

logger = logging.getLogger(__name__)


class ActionAnswer(Action):
    """Answers the latest message: one request, or several in their order.

    The outermost edge of all that our own code does for a message: whatever fails is said in a
    plain sentence with 12333, and logged under a number without what the person wrote.
    """

    def name(self) -> str:
        """Return the action's name in the domain."""
        return "action_answer"

    def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> list[dict[str, Any]]:
        """Answer the latest message."""
        turn = Turn.from_message(
            tracker.latest_message,
            tracker.slots,
            tracker.get_latest_input_channel() or "web",
            tracker.sender_id,
            tracker.events,
        )
        try:
            messages = answer(turn, tracker.latest_message.get("parts") or ())
            messages = without_repetition(turn, with_privacy(turn, with_counsellor(turn, messages)))
            unanswered = unanswered_kind(turn, messages)
            remember(turn, messages)
        except Exception:
            logger.exception("%s failed, message %s", self.name(), uuid.uuid4().hex)
            dispatcher.utter_message(json_message=reply("error", None).to_dict())
            return []
        record_on_ticket(turn, messages)
        record_unanswered(turn, unanswered)
        for message in messages:
            dispatcher.utter_message(json_message=message.to_dict())
        return [SlotSet(name, value) for name, value in turn.changed_slots().items()]

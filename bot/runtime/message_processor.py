"""Rasa's message processor without the work that can change nothing.

Parses of recent texts and predictions of actions are cached. A parse depends on the text and the
day alone; 你好, 谢谢 and the words on buttons come thousands of times a day. Parses are kept in
memory only, the last JIUYE_REMEMBERED_TEXTS of them. Slots are not looked for in messages when our
own actions alone set them.
"""

from __future__ import annotations

import asyncio
import logging
import pickle
from collections import OrderedDict
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from typing import Any

from rasa.core.actions.action import Action
from rasa.core.channels.channel import OutputChannel, UserMessage
from rasa.core.policies.policy import Policy, PolicyPrediction
from rasa.core.processor import MessageProcessor
from rasa.shared.core.constants import ACTION_VALIDATE_SLOT_MAPPINGS
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import ActionExecutionRejected, Event
from rasa.shared.core.trackers import DialogueStateTracker

from bot import clock
from bot.monitoring.turns import record_turn
from bot.runtime.action_endpoints import begin_message, failure
from bot.runtime.idempotency import replay_answer
from bot.runtime.prediction_cache import PredictionCache
from bot.settings import settings

#: A sentence vector takes some ten milliseconds in code that leaves the interpreter to others. One
#: thread: more would only take turns.
_parser_thread = ThreadPoolExecutor(1, thread_name_prefix="understanding")
_RASA = logging.getLogger("rasa")
#: Characters of a text that is remembered. A longer one hardly comes twice.
MAX_CACHED_CHARS = 60


class Processor(MessageProcessor):  # type: ignore[misc]
    """Stands in for Rasa's own (bot/runtime/rasa_patches.py)."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._max_parses = settings().remembered_texts
        self._parses: OrderedDict[tuple[str, date], bytes] = OrderedDict()
        self._finds_slots = finds_slots(self.domain)
        self._predictions = PredictionCache(self.graph_runner.components(Policy), self.domain)
        self._acts, self._entities = set(self.domain.intents), set(self.domain.entities)

    async def handle_message(self, message: UserMessage) -> list[dict[str, Any]] | None:
        """Answer a message; one that its sender sends again gets the answer that it had."""
        if await replay_answer(message, self.tracker_store):
            return getattr(message.output_channel, "messages", None)
        begin_message()
        sent_messages = getattr(message.output_channel, "messages", None)
        with record_turn(sent_messages, message.input_channel):
            answer: list[dict[str, Any]] | None = await super().handle_message(message)
        return answer

    async def save_tracker(self, tracker: DialogueStateTracker) -> None:
        """Save a turn, unless an action failed because the database was away.

        Raises what the action raised: the message is answered again when the database is back.
        """
        if (error := failure()) is not None:
            raise error
        await super().save_tracker(tracker)

    async def run_action_extract_slots(
        self, output_channel: OutputChannel, tracker: DialogueStateTracker
    ) -> DialogueStateTracker:
        """Take slots out of the latest message, where the domain says that any are."""
        if not self._finds_slots:
            return tracker
        return await super().run_action_extract_slots(output_channel, tracker)

    def _check_for_unseen_features(self, parse_data: dict[str, Any]) -> None:
        """Warn of what the domain does not know; Rasa's own makes an empty domain each time."""
        entity_names = {entity["entity"] for entity in parse_data["entities"] or ()}
        if parse_data["intent"]["name"] not in self._acts or not entity_names <= self._entities:
            super()._check_for_unseen_features(parse_data)

    async def parse_message(
        self,
        message: UserMessage,
        tracker: DialogueStateTracker | None = None,
        only_output_properties: bool = True,
    ) -> dict[str, Any]:
        """Parse a message in a thread, so that the loop answers others."""
        if only_output_properties and not self.http_interpreter:
            message.understood = self._cached_parse(message)
            if message.understood is None:
                message.understood = await asyncio.get_running_loop().run_in_executor(
                    _parser_thread,
                    super()._parse_message_with_graph,
                    message,
                    tracker or DialogueStateTracker.from_events(message.sender_id, []),
                )
        if self.http_interpreter or _RASA.isEnabledFor(logging.DEBUG):
            whole: dict[str, Any] = await super().parse_message(
                message, tracker, only_output_properties
            )
            return whole
        # The steps of Rasa's own, which copies text and entities deeply for a log that is off.
        tracker = tracker or DialogueStateTracker.from_events(message.sender_id, [])
        parsed = self._parse_message_with_graph(message, tracker, only_output_properties)
        self._update_full_retrieval_intent(parsed)
        self._check_for_unseen_features(parsed)
        return parsed

    def _parse_message_with_graph(
        self,
        message: UserMessage,
        tracker: DialogueStateTracker,
        only_output_properties: bool = True,
    ) -> dict[str, Any]:
        """Return what the components say of a message; always a copy of its own."""
        parsed: dict[str, Any] | None = message.__dict__.pop("understood", None)
        if parsed is None and only_output_properties:
            parsed = self._cached_parse(message)
        if parsed is None:
            parsed = super()._parse_message_with_graph(message, tracker, only_output_properties)
        if only_output_properties:
            self._cache_parse(message, parsed)
        return {**parsed, **_own(message)}

    def _cached_parse(self, message: UserMessage) -> dict[str, Any] | None:
        """Return the cached parse of a text; None when there is none."""
        pickled = self._parses.get((message.text, clock.today()))
        return None if pickled is None else pickle.loads(pickled)

    def _cache_parse(self, message: UserMessage, parsed: dict[str, Any]) -> None:
        key = (message.text, clock.today())
        if key in self._parses:
            self._parses.move_to_end(key)
        elif len(message.text) <= MAX_CACHED_CHARS:
            self._parses[key] = pickle.dumps(parsed)
            if len(self._parses) > self._max_parses:
                self._parses.popitem(last=False)

    @staticmethod
    def _log_slots(tracker: DialogueStateTracker) -> None:
        """Put the slots into the log; Rasa's own puts them into words for a log that is off."""
        if _RASA.isEnabledFor(logging.DEBUG):
            MessageProcessor._log_slots(tracker)

    def _predict_next_with_tracker(self, tracker: DialogueStateTracker) -> PolicyPrediction:
        """Return the next action; what the policies said of the same case holds again."""
        return self._predictions.predict(tracker, super()._predict_next_with_tracker)

    def _log_action_on_tracker(
        self,
        tracker: DialogueStateTracker,
        action: Action,
        events: list[Event] | None,
        prediction: PolicyPrediction,
    ) -> None:
        """Add what an action did; Rasa's own copies all of it for a log that is off."""
        done = events or []
        if not any(isinstance(event, ActionExecutionRejected) for event in done):
            tracker.update_with_events(prediction.events, self.domain)
            tracker.update(action.event_for_successful_execution(prediction))
        tracker.update_with_events(done, self.domain)


def _own(message: UserMessage) -> dict[str, Any]:
    """Return what of a parsed message belongs to this message alone."""
    return {"message_id": message.message_id, "metadata": message.metadata}


def finds_slots(domain: Domain) -> bool:
    """Tell whether messages can fill slots by themselves, with no action of ours setting them."""
    mappings = [mapping for slot in domain.slots for mapping in slot.mappings]
    return ACTION_VALIDATE_SLOT_MAPPINGS in domain.action_names_or_texts or any(
        mapping.get("type") != "custom" or "action" in mapping for mapping in mappings
    )

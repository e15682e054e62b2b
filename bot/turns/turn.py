"""One turn as the actions see it: the message, what was read from it, and the slots."""

from __future__ import annotations

from collections import ChainMap
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from bot.dialogue.readings import Reading
from bot.dialogue.state import DialogueState
from bot.turns.slots import Slots
from bot.understanding.entity_extractor import message_reader
from bot.understanding.extractors.past_places import with_past_places
from bot.understanding.extractors.payments import with_own_pay


@dataclass(frozen=True)
class Topic:
    """A topic the classifier found, with its calibrated probability."""

    name: str
    confidence: float


@dataclass
class Turn:
    """The latest message and the slots; changes are collected and returned as events."""

    text: str
    act: str
    confidence: float
    topics: list[Topic]
    entities: list[dict[str, Any]]
    """The entities read, without the trades that are only spoken of (会计说…)."""
    slots: dict[str, Any]
    changes: dict[str, Any] = field(default_factory=dict)
    topic_sure: bool = True
    """False when the first topic is not sure enough to be answered without asking back."""
    channel: str = "web"
    """The channel the message came by."""
    address: str = ""
    """The person's address on that channel: with it the seeker is found (bot/seekers/identity)."""
    intended: str = ""
    """The act as the classifier gave it."""
    parsed: Mapping[str, Any] = field(default_factory=dict)
    """The message as Rasa's parsing left it."""
    reading: Reading | None = None
    """The arbiter's reading of the message within the talk; None without an arbiter."""
    taken_up: bool = False
    """True when the message goes back to an earlier matter (bot/turns/earlier_matter.py)."""
    inquires: bool = False
    """True when plain words tell what is inquired (bot/handlers/inquiries.py)."""
    excuses: bool = False
    """True when the message also excuses how it is written (bot/handlers/remarks.py)."""
    units: list[str] = field(default_factory=list)
    """The ids of the units of the policy base said in this turn; its parts share the list."""
    results: list[dict[str, Any]] = field(default_factory=list)
    """The sums worked out in this turn (bot/turns/sums.py); its parts share the list."""
    requests: Sequence[Mapping[str, Any]] = ()
    """The requests of the message as they were read one by one; empty with fewer than two."""
    past: Sequence[dict[str, Any]] = ()
    """The conversation's events so far, Rasa's own, oldest first."""
    stored: Mapping[str, Any] | None = None
    """The slots as Rasa holds them; `slots` may be another view of them within the turn."""

    _state: tuple[Any, DialogueState] | None = field(default=None, repr=False, compare=False)
    """The slot of the talk's state, and what was read from it."""

    def __post_init__(self) -> None:
        if self.stored is None:
            self.stored = dict(self.slots)

    @classmethod
    def from_message(
        cls,
        latest: Mapping[str, Any],
        slots: Mapping[str, Any],
        channel: str,
        address: str,
        past: Sequence[dict[str, Any]] = (),
    ) -> Turn:
        """Return the turn of a parsed message, as Rasa's tracker has it."""
        text = latest.get("text") or ""
        return cls(
            text=text,
            entities=_in_context(text, latest.get("entities") or ()),
            slots=dict(slots),
            channel=channel,
            address=address,
            parsed=latest,
            requests=latest.get("parts") or (),
            past=past,
            **_understood(latest),
        )

    @property
    def state(self) -> DialogueState:
        """The state of the talk before this turn, which twenty handlers ask for."""
        slot = self.previous.dialogue_content
        if self._state is None or self._state[0] is not slot:
            self._state = (slot, DialogueState.from_slot(slot))
        return self._state[1]

    def part(self, understood: Mapping[str, Any] | None) -> Turn:
        """Return one request of this turn (None: all of it) as it is after the changes so far."""
        slots = {**self.slots, **self.changes}
        if understood is None:
            return replace(self, slots=slots, changes={})
        start, end = understood["start"], understood["end"]
        inside = [e for e in self.entities if start <= e["start"] and e["end"] <= end]
        moved = [{**e, "start": e["start"] - start, "end": e["end"] - start} for e in inside]
        return replace(
            self,
            text=self.text[start:end],
            entities=moved,
            slots=slots,
            changes={},
            requests=(),
            **_understood(understood),
        )

    def with_act(self, act: str, **changed: Any) -> Turn:
        """Return this turn taken for another act; its changes and units are those of this one."""
        return replace(self, act=act, **changed)

    def retype(self, text: str) -> None:
        """Put another text in the place of the message, with what is read from it."""
        self.text = text
        self.entities = [dict(entity) for entity in message_reader().read(text)]

    @property
    def previous(self) -> Slots:
        """The slots as they were before this turn."""
        return Slots(self.slots)

    @property
    def current(self) -> Slots:
        """The slots as they are after the changes of this turn."""
        return Slots(ChainMap(self.changes, self.slots))

    @property
    def changed(self) -> Slots:
        """The slots that this turn has set, without those before it."""
        return Slots(self.changes)

    def of_kind(self, kind: str) -> list[dict[str, Any]]:
        """Return what was read of one kind, in the order of the text."""
        entities = [entity for entity in self.entities if entity["entity"] == kind]
        return sorted(entities, key=lambda entity: int(entity["start"]))

    def set(self, **values: Any) -> None:
        """Change slots."""
        self.changes.update(values)

    def changed_slots(self) -> dict[str, Any]:
        """Return the slots that this turn changes, without those that stay as they are."""
        return Slots(self.stored or {}).altered(self.changes)


def _in_context(text: str, entities: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return what a message names as its words around it mean it: sums that are no pay, places
    where one only was, no trades that are only spoken of.
    """
    meant = [entity for entity in with_own_pay(text, entities) if not entity.get("aside")]
    return with_past_places(text, meant)


def _understood(parsed: Mapping[str, Any]) -> dict[str, Any]:
    intent = parsed.get("intent") or {}
    return {
        "act": intent.get("name") or "out_of_scope",
        "intended": intent.get("name") or "out_of_scope",
        "confidence": float(intent.get("confidence") or 0.0),
        "topics": [Topic(t["name"], t["confidence"]) for t in parsed.get("topics") or ()],
        "topic_sure": bool(parsed.get("topic_sure", True)),
    }

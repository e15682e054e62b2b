"""The state of the talk that the next message is read in."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, Literal, cast

from bot.settings import settings
from bot.text.pattern_file import read_patterns

#: What kind of thing was asked for last.
Asks = Literal["", "place", "pay", "number", "trade", "choice", "yes_no", "other"]
#: What stands before the person.
Shows = Literal["", "posting", "postings", "places", "courses", "policies"]
#: Fields spoken of that are remembered.
MAX_EARLIER_FIELDS = 6
#: Fields whose messages are about policies, whatever answers them.
POLICY_FIELDS = frozenset(("knowledge", "training", "report"))
#: Fields of asides, after which the talk about policies goes on where it was.
ASIDE_FIELDS = frozenset(("bot", "small_talk"))
#: Messages that the next one is read with, and characters of each that are remembered.
MESSAGES, LONGEST_MESSAGE = 8, 80
#: Answers of the policy base that are remembered, so that none is offered twice.
MAX_UNITS = 12


#: Fields that JSON gives back as lists.
_LISTS = ("offers", "before", "messages", "units", "results")


@dataclass(frozen=True)
class DialogueState:
    """The talk so far, as far as the next message depends on it."""

    field: str = ""
    """The field of the last answer; empty at the beginning."""
    thread: str = ""
    topic: str | None = None
    """The policy spoken of last, also after another business."""
    asks: Asks = ""
    shows: Shows = ""
    offers: tuple[str, ...] = ()
    """The words of the buttons under the last answer."""
    said: int = 0
    """The checksum of the last answer's words: none is said twice in a row."""
    remarked: int = 0
    """The checksum of what was said to the last remark."""
    before: tuple[str, ...] = ()
    """The fields of earlier answers, each once, the latest last."""
    messages: tuple[str, ...] = ()
    """The person's latest messages about policies, oldest first; none after another business."""
    stated: Mapping[str, Any] = dataclasses.field(default_factory=dict)
    """The facts of those messages that a sum may rest on: pay, length of service."""
    results: tuple[Mapping[str, Any], ...] = ()
    """The sums worked out in this talk, the latest last (bot/turns/sums.py)."""
    unit: str = ""
    """The id of the unit of the policy base that was the last answer."""
    units: tuple[str, ...] = ()
    """The units that were answers in this talk, the latest last."""

    def after_answer(
        self, field: str, thread: str, topic: str | None, requested: Asks, shows: Shows,
        offers: tuple[str, ...],
    ) -> DialogueState:  # fmt: skip
        """Return the state after an answer."""
        spoken_of = dict.fromkeys(name for name in (*self.before, self.field) if name)
        earlier_fields = tuple(name for name in spoken_of if name != field)[-MAX_EARLIER_FIELDS:]
        return replace(
            self, field=field, thread=thread, topic=topic or self.topic, asks=requested,
            shows=shows, offers=offers, before=earlier_fields,
        )  # fmt: skip

    def with_message(self, text: str, new_facts: Mapping[str, Any], unit: str) -> DialogueState:
        """Return the state after a message was answered, by a unit of the policy base or none."""
        units = (*self.units, unit)[-MAX_UNITS:] if unit else self.units
        if self.field in ASIDE_FIELDS:
            return replace(self, units=units)
        if self.field not in POLICY_FIELDS:
            return replace(self, messages=(), stated={}, unit="", units=units)
        messages = (*self.messages, text[-LONGEST_MESSAGE:])[-MESSAGES:]
        new_facts = {**self.stated, **new_facts}
        return replace(self, messages=messages, stated=new_facts, unit=unit, units=units)

    def to_slot(self) -> dict[str, Any]:
        """Return it as plain JSON values; `asdict` would copy each letter deeply."""
        values = {name: getattr(self, name) for name in self.__dataclass_fields__}
        return {**values, "stated": dict(self.stated)}

    @classmethod
    def from_slot(cls, value: Mapping[str, Any] | None) -> DialogueState:
        """Read what `to_slot` wrote; None is the beginning of a talk."""
        if not value:
            return cls()
        lists = {name: tuple(value.get(name) or ()) for name in _LISTS}
        return cls(**{**{k: v for k, v in value.items() if k in cls.__dataclass_fields__}, **lists})


def requested_kind(question: str | None) -> Asks:
    """Return the kind of what is asked for, by its name or words; empty when nothing is."""
    if not question or question == "none":
        return ""
    kinds = read_patterns(settings().data_file("vocab", "asked_for.yml"))
    requested = next((kind for kind, words in kinds.items() if words.search(question)), "other")
    return cast(Asks, requested)

"""Everything that a message says, read in one pass: places, trades, pay, ages, aspects…

Each reader stands in its own module; this one calls them all, settles overlaps and says where in
the typed text each find stood. The result is plain dicts, as Rasa's entities travel as JSON.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from bot import clock
from bot.caches import process_cache
from bot.text import (
    age,
    dates,
    durations,
    education,
    experience,
    groups,
    money,
    numbers,
    people,
    practised,
    work_time,
)  # fmt: skip
from bot.text.aspects import AspectReader, aspect_reader
from bot.text.normalise import Normalised, normalise
from bot.text.occupations import OccupationReader
from bot.text.polarity import left_behind, ruled_out
from bot.text.regions import RegionReader
from bot.text.text_span import TextSpan
from bot.text.trade_talk import only_spoken_of
from bot.text.vocabulary import vocabulary

Entity = dict[str, Any]

#: Of two finds of these kinds on the same characters, the kind named first is kept.
PRECEDENCE = (
    "salary", "amount", "age", "date", "duration", "region", "work_time",
    "occupation", "education", "group", "person", "ordinal",
)  # fmt: skip
#: Of these both are kept: the years of 当了八年兵 and 毕业两年 are a length and tell a group.
BOTH = frozenset(("duration", "group"))


@dataclass(frozen=True)
class MessageReader:
    """Reads messages with one vocabulary."""

    regions: RegionReader
    occupations: OccupationReader
    aspects: AspectReader

    def read(self, typed: str) -> list[Entity]:
        """Return all entities of a typed message, in the order in which they stand."""
        text = normalise(typed)
        found = _without_overlaps(list(self._all(text.text)))
        aspects = [_entity("aspect", one, one.value) for one in self.aspects.read(text.text)]
        placed = sorted(found + aspects, key=lambda entity: int(entity["start"]))
        return [_in_typed(entity, text) for entity in placed]

    def _all(self, text: str) -> Iterator[Entity]:
        for place in self.regions.read(text):
            more = {"codes": list(place.value.codes), "name": place.value.name}
            yield self._judged("region", place, place.value.code, text, **more)
        yield from self._trades(text)
        for pay in money.extract(text):
            bounds = {"min": pay.value.min, "max": pay.value.max}
            yield _entity("salary", pay, bounds)
        for amount in money.amounts(text):
            yield _entity("amount", amount, amount.value)
        for span in durations.extract(text):
            yield _entity("duration", span, span.value.months)
        for day in dates.extract(text, clock.today()):
            ends = {"first": day.value.first.isoformat(), "last": day.value.last.isoformat()}
            yield _entity("date", day, ends)
        for time in work_time.read(text):
            yield _entity("work_time", time, time.value.id, negated=time.value.negated)
        ages = age.extract(text)
        for years in ages:
            yield _entity("age", years, years.value, person=people.of_age(text, years.start))
        for person in people.with_ages(text, [years.start for years in ages]):
            yield _entity("person", person, person.value)
        for kind, read in _PLAIN:
            for one in read(text):
                yield _entity(kind, one, one.value)

    def _trades(self, text: str) -> Iterator[Entity]:
        """Yield the trades of a text and the years of them."""
        trades, years = self.occupations.read(text), experience.extract(text)
        for told in practised.read(text, trades, self.occupations):
            if told.trade and all(_apart(told.trade, one) for one in trades):
                trades.append(told.trade)
            if all(_apart(told.years, one) for one in years):
                years.append(told.years)
        for trade in trades:
            names = list(trade.value)
            yield self._judged("occupation", trade, names[0], text, names=names)
        for one in years:
            yield _entity("experience", one, one.value)

    @staticmethod
    def _judged(kind: str, found: TextSpan[Any], value: Any, text: str, **more: Any) -> Entity:
        negated = ruled_out(text, found.start, found.end)
        trade = kind == "occupation"
        past = trade and left_behind(text, found.start, found.end)
        aside = trade and only_spoken_of(text, found.start, found.end)
        return _entity(kind, found, value, negated=negated, past=past, aside=aside, **more)


_PLAIN: Sequence[tuple[str, Callable[[str], list[TextSpan[Any]]]]] = (
    ("education", education.extract),
    ("group", groups.extract),
    ("ordinal", numbers.ordinals),
)


def _entity(kind: str, found: TextSpan[Any], value: Any, **more: Any) -> Entity:
    return {
        "entity": kind,
        "start": found.start,
        "end": found.end,
        "text": found.text,
        "value": value,
        **{name: what for name, what in more.items() if what not in (False, None)},
    }


def _without_overlaps(entities: list[Entity]) -> list[Entity]:
    """Keep, of finds that share characters, the one of the kind that stands first in PRECEDENCE."""
    kept: list[Entity] = []
    hours = [entity for entity in entities if entity["entity"] == "work_time"]
    entities = [e for e in entities if e["entity"] != "date" or not _is_within(e, hours)]
    # Ten years of work are a length of time and experience at once: what is asked decides.
    beside = [entity for entity in entities if entity["entity"] == "experience"]
    entities = [entity for entity in entities if entity["entity"] != "experience"]
    for entity in sorted(entities, key=lambda e: (PRECEDENCE.index(e["entity"]), e["start"])):
        if not any(_clash(entity, one) for one in kept):
            kept.append(entity)
    dated = [entity for entity in kept if entity["entity"] == "date"]  # 干到22年 is no 22 years
    return kept + [e for e in beside if all(e["end"] != one["end"] for one in dated)]


def _apart(one: TextSpan[Any], other: TextSpan[Any]) -> bool:
    """Tell whether two finds share no characters."""
    return one.end <= other.start or other.end <= one.start


def _clash(one: Entity, other: Entity) -> bool:
    """Tell whether two entities share characters of which only one can be meant."""
    shared = bool(one["start"] < other["end"] and other["start"] < one["end"])
    return shared and {one["entity"], other["entity"]} != BOTH


def _is_within(entity: Entity, others: Sequence[Entity]) -> bool:
    """Tell whether an entity is a part of another: 周末 of 周末活 is when to work, no date."""
    return any(o["start"] <= entity["start"] and entity["end"] <= o["end"] for o in others)


def _in_typed(entity: Entity, text: Normalised) -> Entity:
    start, end = text.original_span(entity["start"], entity["end"])
    return {**entity, "start": start, "end": end}


@process_cache(size=1)
def message_reader() -> MessageReader:
    """Return the reader of this process, on the settings' vocabulary."""
    words = vocabulary()
    return MessageReader(RegionReader(words), OccupationReader(words), aspect_reader())

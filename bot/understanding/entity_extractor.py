"""Entity extraction of a message: places, trades, pay, ages, aspects…

Each reader stands in its own module; this one calls them all, settles overlaps and maps spans to
the typed text. The result is plain dicts, as Rasa's entities travel as JSON.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from bot import clock
from bot.caches import process_cache
from bot.text import chinese_numbers
from bot.text.negation import is_former, is_ruled_out
from bot.text.normalise import Normalised, normalise
from bot.text.text_span import TextSpan
from bot.understanding.aspects import AspectReader, aspect_reader
from bot.understanding.extractors import (
    age,
    dates,
    durations,
    education,
    experience,
    groups,
    persons,
    practised,
    salary,
    work_time,  # fmt: skip
)
from bot.understanding.extractors.occupations import OccupationReader
from bot.understanding.extractors.regions import RegionReader
from bot.understanding.extractors.trade_talk import is_only_mentioned
from bot.vocabulary.vocabulary import vocabulary

Entity = dict[str, Any]

#: Of two finds of these kinds on the same characters, the kind named first is kept.
PRECEDENCE = (
    "salary", "amount", "age", "date", "duration", "region", "work_time",
    "occupation", "education", "group", "person", "ordinal",
)  # fmt: skip
#: Of these both are kept: the years of 当了八年兵 and 毕业两年 are a length and tell a group.
COMPATIBLE_KINDS = frozenset(("duration", "group"))


@dataclass(frozen=True)
class MessageReader:
    """Reads messages with one vocabulary."""

    regions: RegionReader
    occupations: OccupationReader
    aspects: AspectReader

    def read(self, typed: str) -> list[Entity]:
        """Return all entities of a typed message, in the order in which they stand."""
        text = normalise(typed)
        entities = _without_overlaps(list(self._all(text.text)))
        aspects = [
            _entity("aspect", aspect, aspect.value) for aspect in self.aspects.read(text.text)
        ]
        placed = sorted(entities + aspects, key=lambda entity: int(entity["start"]))
        return [_in_typed(entity, text) for entity in placed]

    def _all(self, text: str) -> Iterator[Entity]:
        for place in self.regions.read(text):
            details = {"codes": list(place.value.codes), "name": place.value.name}
            yield self._judged("region", place, place.value.code, text, **details)
        yield from self._trades(text)
        for pay in salary.extract(text):
            bounds = {"min": pay.value.min, "max": pay.value.max}
            yield _entity("salary", pay, bounds)
        for amount in salary.amounts(text):
            yield _entity("amount", amount, amount.value)
        for span in durations.extract(text):
            yield _entity("duration", span, span.value.months)
        for day in dates.extract(text, clock.today()):
            ends = {"first": day.value.first.isoformat(), "last": day.value.last.isoformat()}
            yield _entity("date", day, ends)
        for time in work_time.extract(text):
            yield _entity("work_time", time, time.value.id, negated=time.value.negated)
        ages = age.extract(text)
        for years in ages:
            yield _entity("age", years, years.value, person=persons.owner_of_age(text, years.start))
        for person in persons.with_ages(text, [years.start for years in ages]):
            yield _entity("person", person, person.value)
        for kind, read in _PLAIN_READERS:
            for mention in read(text):
                yield _entity(kind, mention, mention.value)

    def _trades(self, text: str) -> Iterator[Entity]:
        """Yield the trades of a text and the years of them."""
        trades, years = self.occupations.read(text), experience.extract(text)
        for trade_years in practised.extract(text, trades, self.occupations):
            if trade_years.trade and all(_apart(trade_years.trade, span) for span in trades):
                trades.append(trade_years.trade)
            if all(_apart(trade_years.years, span) for span in years):
                years.append(trade_years.years)
        for trade in trades:
            names = list(trade.value)
            yield self._judged("occupation", trade, names[0], text, names=names)
        for span in years:
            yield _entity("experience", span, span.value)

    @staticmethod
    def _judged(kind: str, span: TextSpan[Any], value: Any, text: str, **details: Any) -> Entity:
        negated = is_ruled_out(text, span.start, span.end)
        trade = kind == "occupation"
        past = trade and is_former(text, span.start, span.end)
        aside = trade and is_only_mentioned(text, span.start, span.end)
        return _entity(kind, span, value, negated=negated, past=past, aside=aside, **details)


_PLAIN_READERS: Sequence[tuple[str, Callable[[str], list[TextSpan[Any]]]]] = (
    ("education", education.extract),
    ("group", groups.extract),
    ("ordinal", chinese_numbers.ordinals),
)


def _entity(kind: str, span: TextSpan[Any], value: Any, **details: Any) -> Entity:
    return {
        "entity": kind,
        "start": span.start,
        "end": span.end,
        "text": span.text,
        "value": value,
        **{name: detail for name, detail in details.items() if detail not in (False, None)},
    }


def _without_overlaps(entities: list[Entity]) -> list[Entity]:
    """Keep, of finds that share characters, the one of the kind that stands first in PRECEDENCE."""
    chosen: list[Entity] = []
    hours = [entity for entity in entities if entity["entity"] == "work_time"]
    entities = [e for e in entities if e["entity"] != "date" or not _is_within(e, hours)]
    # Ten years of work are a length of time and experience at once: what is asked decides.
    experiences = [entity for entity in entities if entity["entity"] == "experience"]
    entities = [entity for entity in entities if entity["entity"] != "experience"]
    for entity in sorted(entities, key=lambda e: (PRECEDENCE.index(e["entity"]), e["start"])):
        if not any(_clash(entity, other) for other in chosen):
            chosen.append(entity)
    dated = [entity for entity in chosen if entity["entity"] == "date"]  # 干到22年 is no 22 years
    return chosen + [e for e in experiences if all(e["end"] != other["end"] for other in dated)]


def _apart(first: TextSpan[Any], second: TextSpan[Any]) -> bool:
    """Tell whether two finds share no characters."""
    return first.end <= second.start or second.end <= first.start


def _clash(first: Entity, second: Entity) -> bool:
    """Tell whether two entities share characters and exclude each other."""
    shared = bool(first["start"] < second["end"] and second["start"] < first["end"])
    return shared and {first["entity"], second["entity"]} != COMPATIBLE_KINDS


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

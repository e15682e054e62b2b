"""Extraction of facts on a person's circumstances from a message, for eligibility.

Patterns stand in data/eligibility.yml; ages, lengths and groups come from the message's entities.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from bot.calculators.contributions import contributions
from bot.policies.facts import Fact, Facts, FactSchema, Question, Value
from bot.text.chinese_numbers import value
from bot.text.normalise import normalise
from bot.text.pattern_file import patterns
from bot.text.questions import is_question
from bot.understanding.extractors.age import MAX_AGE, MIN_AGE, ages_of_subject
from bot.understanding.extractors.persons import belongs_to_other_person
from bot.understanding.slot_filling.typed_slots import TypedSlots

Entity = Mapping[str, Any]

_PATTERNS = patterns("policy_facts")
#: Longer messages are no bare answers.
_MAX_ANSWER_CHARACTERS = 16


def states_own_case(text: str, entities: Sequence[Entity] = ()) -> bool:
    """Tell whether a message states something of its writer, not of a case supposed.

    A message that begins with an age and asks nothing counts as well: 52了 厂子黄了 焊工.
    """
    begins = any(e["entity"] == "age" and not text[: e["start"]].strip() for e in entities)
    own_case = _PATTERNS["first_person"].search(text) or (begins and not is_question(text))
    return bool(own_case) and not _PATTERNS["supposition"].search(text)


def facts_of_slots(slots: TypedSlots, schema: FactSchema) -> Facts:
    """Return the facts that slots of the conversation hold already."""
    values = slots.subset(fact.slot for fact in schema.facts.values() if fact.slot)
    facts: Facts = {
        fact.id: int(values[fact.slot])
        for fact in schema.facts.values()
        if fact.slot and values[fact.slot] is not None
    }
    return facts | _facts_of_groups(schema, [slots.group])


def extract_facts(text: str, entities: Sequence[Entity], schema: FactSchema) -> Facts:
    """Return the facts that a message states by itself, whatever was asked."""
    read = normalise(text).text
    facts = _facts_of_groups(schema, [e["value"] for e in entities if e["entity"] == "group"])
    for fact in schema.facts.values():
        for choice in fact.choices:
            if choice.statement and choice.statement.search(read):
                facts[fact.id] = choice.value
                break
    ages = ages_of_subject(entities)
    if ages:
        facts["age"] = ages[-1]
    own = [entity for entity in entities if not belongs_to_other_person(read, int(entity["start"]))]
    months = contributions(read, own, None)
    if months:
        facts["contribution_months"] = months
    return facts


def extract_answer(
    text: str, entities: Sequence[Entity], question: Question, schema: FactSchema
) -> Facts:
    """Return what a message answers to a question: the facts asked for and any others it states.

    Of a question about several facts those not named are then known not to hold. 不知道 makes the
    facts asked for unknown. Empty when the message is no answer.
    """
    read = normalise(text).text.rstrip("。.!！,， ")
    chosen = _button(read, question)
    facts = extract_facts(chosen or text, entities if chosen is None else (), schema)
    if chosen:
        read = normalise(chosen).text
    direct = dict(_direct(read, entities, question, schema))
    facts = {**direct, **facts}
    named_facts = [fact for fact in question.facts if fact in facts]
    if schema.words["unknown"].search(read) and not named_facts:
        return facts | dict.fromkeys(question.facts)
    if named_facts and len(question.facts) > 1:
        facts |= {fact: "no" for fact in question.facts if fact not in facts}
    return facts


def extract_correction(
    text: str, entities: Sequence[Entity], facts: Facts, schema: FactSchema
) -> Facts:
    """Return the facts that a correction (不是52是53, 不是自己辞的是被辞退的) sets right."""
    read = normalise(text).text.rstrip("。.!！,， ")
    hit = _PATTERNS["correction"].search(read)
    if not hit:
        return {}
    wrong, right = _number(hit["wrong"]), _number(hit["right"])
    if wrong is None or right is None:
        return extract_facts(hit["right"], [], schema)
    for fact in schema.facts.values():
        had = facts.get(fact.id)
        for factor in (1, 12):
            if fact.unit and had == round(wrong * factor) and (factor == 1 or fact.unit == "month"):
                return {fact.id: round(right * factor)}
    return {}


def _facts_of_groups(schema: FactSchema, groups: Sequence[Any]) -> Facts:
    return {
        fact.id: fact.groups[group]
        for fact in schema.facts.values()
        for group in groups
        if group in fact.groups
    }


def _lengths(entities: Sequence[Entity]) -> list[Entity]:
    return [entity for entity in entities if entity["entity"] == "duration"]


def _button(read: str, question: Question) -> str | None:
    """Return the answer chosen by its number (SMS), None when a number means itself."""
    if not read.isdigit() or question.id in ("age", "contribution_months"):
        return None
    number = int(read)
    return question.buttons[number - 1] if 1 <= number <= len(question.buttons) else None


def _direct(
    read: str, entities: Sequence[Entity], question: Question, schema: FactSchema
) -> Iterator[tuple[str, Value]]:
    """Yield the facts asked for that a short answer states only because they were asked for."""
    if len(read) > _MAX_ANSWER_CHARACTERS or is_question(read):
        return
    if len(question.facts) > 1:
        if schema.words["none"].search(read):
            yield from ((fact, "no") for fact in question.facts)
        return
    fact = schema.facts[question.facts[0]]
    stated_value: Value = _quantity(read, entities, fact) if fact.unit else None
    stated_value = stated_value if stated_value is not None else _chosen(read, fact, schema)
    if stated_value is not None:
        yield fact.id, stated_value


def _chosen(read: str, fact: Fact, schema: FactSchema) -> Value:
    if fact.values == {"yes", "no"}:
        for plain in ("no", "yes"):
            if schema.words[plain].search(read):
                return plain
    if schema.words["unknown"].search(read):
        return None
    values = (
        choice.value for choice in fact.choices if choice.answers and choice.answers.search(read)
    )
    return next(values, None)


def _quantity(read: str, entities: Sequence[Entity], fact: Fact) -> int | None:
    lengths = _lengths(entities)
    if _PATTERNS["less_than"].search(read):
        return None
    if fact.unit == "month" and lengths:
        return max(int(entity["value"]) for entity in lengths)
    number = _number(read)
    if number is None:
        return None
    if fact.unit == "month":
        return round(number * 12)
    return round(number) if MIN_AGE <= number <= MAX_AGE else None


def _number(read: str) -> float | None:
    hit = _PATTERNS["bare_number"].fullmatch(read)
    return value(hit[1]) if hit else None

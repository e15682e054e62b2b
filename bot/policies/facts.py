"""Schema of the facts on a person's circumstances: data/eligibility.yml.

`bot.eligibility.fact_extraction` extracts the facts from messages; `bot.eligibility.assessment`
decides by them.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

from bot.caches import process_cache
from bot.settings import settings
from bot.yaml_files import read_yaml

#: A value of a fact: the id of a choice or a number in its unit; None: unknown to the person.
Value = str | int | None
#: The facts on a person by id; a fact that was never mentioned is absent.
Facts = dict[str, Value]


@dataclass(frozen=True)
class Choice:
    """A value that a fact can have."""

    value: str | int
    """The id that conditions name; for a number, one that is typical of those who ask."""
    name: str
    """The wording in summaries for the person."""
    weight: float
    """The estimated frequency: decides only the order of the questions."""
    statement: re.Pattern[str] | None
    """Pattern that states it in any message."""
    answers: re.Pattern[str] | None
    """Pattern that states it only as the answer to this question."""


@dataclass(frozen=True)
class Fact:
    """A property of a person that eligibility depends on."""

    id: str
    choices: tuple[Choice, ...]
    name: str
    """For a number: how it is said back, with {value}."""
    unit: str | None
    """month or year for a number, None for a choice."""
    slot: str | None
    """The slot of the conversation that holds it too."""
    groups: Mapping[str, str]
    """Groups of the taxonomy, each with the choice that it states."""

    @property
    def values(self) -> frozenset[str | int]:
        """The ids of its choices."""
        return frozenset(choice.value for choice in self.choices)


@dataclass(frozen=True)
class Question:
    """A question to a person, settling one fact or several at once."""

    id: str
    ask: str
    facts: tuple[str, ...]
    """With several facts, those that the answer does not name are set to no."""
    buttons: tuple[str, ...]
    """Answers to choose from, in words that are read like typed ones."""


@dataclass(frozen=True)
class Implication:
    """An inference from one fact to others that were not stated."""

    fact: str
    is_: str | int | None
    """The value that it must have; None when bounds decide."""
    at_least: int | None
    at_most: int | None
    then: Mapping[str, str | int]

    def holds(self, value: Value) -> bool:
        """Tell whether a value of the fact settles the others."""
        if value is None:
            return False
        if self.is_ is not None:
            return value == self.is_
        minimum, maximum = self.at_least, self.at_most
        return isinstance(value, int) and (minimum is None or value >= minimum) and (
            maximum is None or value <= maximum
        )  # fmt: skip


@dataclass(frozen=True, eq=False)
class FactSchema:
    """All facts and questions that there are; equal to itself alone: caches key by it."""

    facts: Mapping[str, Fact]
    questions: Mapping[str, Question]
    implications: tuple[Implication, ...] = ()
    words: Mapping[str, re.Pattern[str]] = field(default_factory=dict)
    """Patterns that apply to every question: yes, no, none, unknown, leave, fits, again."""

    @cached_property
    def implying_choices(self) -> frozenset[tuple[str, str | int]]:
        """The choices, each as fact and value, that settle other facts."""
        return frozenset(
            (rule.fact, choice.value)
            for rule in self.implications
            for choice in self.facts[rule.fact].choices
            if rule.holds(choice.value)
        )

    def derive(self, stated_facts: Mapping[str, Value]) -> Facts:
        """Return what is known of a person: what was told, and what follows from it.

        What was told is never overruled; a fact told as unknown may follow from others.
        """
        facts = dict(stated_facts)
        changed = True
        while changed:
            changed = False
            for rule in self.implications:
                value = facts.get(rule.fact)
                if value is None or not rule.holds(value):
                    continue
                for fact, implied in rule.then.items():
                    if facts.get(fact) is None:
                        facts[fact] = implied
                        changed = True
        return facts


def read_fact_schema(path: Path) -> FactSchema:
    """Read the file of facts and questions.

    Raises ValueError when it names a fact or a value that it does not describe.
    """
    content: dict[str, Any] = read_yaml(path)
    facts = {name: _fact(name, fields) for name, fields in content["facts"].items()}
    questions = {
        name: Question(
            name, fields["ask"], tuple(fields["facts"]), tuple(map(str, fields["buttons"]))
        )
        for name, fields in content["questions"].items()
    }
    implications = tuple(_implication(fields) for fields in content.get("implies") or ())
    for question in questions.values():
        for fact in question.facts:
            _require(fact in facts, path, f"questions.{question.id}: {fact!r} is no fact")
    for rule in implications:
        for fact, value in ((rule.fact, rule.is_), *rule.then.items()):
            is_value = fact in facts and (
                value is None or facts[fact].unit is not None or value in facts[fact].values
            )
            _require(is_value, path, f"implies: {fact}: {value!r} is no value of a fact")
    words = {name: re.compile(pattern) for name, pattern in content.get("words", {}).items()}
    return FactSchema(facts, questions, implications, words)


def _require(right: bool, path: Path, wrong: str) -> None:
    if not right:
        raise ValueError(f"{path.name}: {wrong}")


def _fact(name: str, fields: Mapping[str, Any]) -> Fact:
    if "unit" in fields:
        choices = tuple(
            _typical(value, weight, fields) for value, weight in fields["typical"].items()
        )
        return Fact(name, choices, fields["name"], fields["unit"], fields.get("slot"), {})
    choice_items = fields["choices"].items()
    choices = tuple(
        Choice(
            value,
            choice["name"],
            choice["weight"],
            _pattern(choice, "hears"),
            _pattern(choice, "answers"),
        )
        for value, choice in choice_items
    )
    groups = {choice["group"]: value for value, choice in choice_items if "group" in choice}
    return Fact(name, choices, "", None, fields.get("slot"), groups)


def _typical(value: int, weight: float, fields: Mapping[str, Any]) -> Choice:
    statements, answers = fields.get("hears") or {}, fields.get("answers") or {}
    return Choice(value, "", weight, _pattern(statements, value), _pattern(answers, value))


def _pattern(patterns: Mapping[Any, Any], key: Any) -> re.Pattern[str] | None:
    return re.compile(patterns[key]) if patterns.get(key) else None


def _implication(fields: Mapping[str, Any]) -> Implication:
    ((fact, value),) = fields["when"].items()
    bounds = value if isinstance(value, Mapping) else {}
    is_ = None if bounds else value
    return Implication(fact, is_, bounds.get("at_least"), bounds.get("at_most"), fields["then"])


@process_cache(size=4)
def fact_schema(path: Path | None = None) -> FactSchema:
    """Return the facts and questions of this installation."""
    return read_fact_schema(path or settings().data_file("eligibility.yml"))

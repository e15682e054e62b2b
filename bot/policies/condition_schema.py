"""The `conditions` block of a policy's version: read from the file, and what can be wrong with it.

    conditions:
      - {says: 交满{min_years}, fact: contribution_months, at_least: min_years, source: law}
      - says: 不是自己主动不干的
        any_of:
          - {fact: left_job, one_of: [dismissed, forced], source: order13}
          - {undecided: 由当地审核, source: law}

All clauses must hold; of `any_of` one is enough. A bound is the name of a figure of the version, so
that a number stands once.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from bot.policies.facts import Fact, FactSchema
from bot.yaml_files import line_of_item

#: What a condition can test: `is` and `one_of` a choice, bounds a number; `undecided` is what the
#: place decides, `follows` another policy that must be had first.
TESTS = ("is", "one_of", "at_least", "at_most", "undecided", "follows")
_BOUNDS = ("at_least", "at_most")
_WITHOUT_FACT = ("undecided", "follows")
#: How many of a fact's unit one of a figure's is.
_IN_UNIT = {("year", "month"): 12, ("month", "month"): 1, ("year", "year"): 1}

Fault = Callable[[int, str, str], None]


@dataclass(frozen=True)
class ConditionEntry:
    """One alternative as a file states it."""

    fact: str | None
    test: str
    value: tuple[str, ...]
    """Ids of choices, the name of a figure, a topic, or words: one unless the test is one_of."""
    source: str
    line: int


@dataclass(frozen=True)
class ClauseEntry:
    """A requirement of a version: one of some alternatives."""

    says: str
    conditions: tuple[ConditionEntry, ...]
    line: int


def read_clauses(entries: Any, line: int, fault: Fault) -> tuple[ClauseEntry, ...]:
    """Return the clauses of a block; what cannot be read is told to `fault` and left out."""
    if entries is None:
        return ()
    if not isinstance(entries, list):
        fault(line, "conditions", "must be a list")
        return ()
    read = (
        _clause(entry, line_of_item(entries, index, line), index + 1, fault)
        for index, entry in enumerate(entries)
    )
    return tuple(clause for clause in read if clause)


def _clause(fields: Any, line: int, number: int, fault: Fault) -> ClauseEntry | None:
    field = f"conditions.{number}"
    if not isinstance(fields, Mapping):
        fault(line, field, "must have named fields")
        return None
    if not fields.get("says"):
        fault(line, f"{field}.says", "is missing")
    alternatives = fields.get("any_of")
    if alternatives is None:
        alone = {key: value for key, value in fields.items() if key != "says"}
        read = [read_condition(alone, line, field, fault)]
    elif (
        not isinstance(alternatives, list) or not alternatives or set(fields) != {"says", "any_of"}
    ):
        fault(line, f"{field}.any_of", "must be a list, alone beside says")
        read = []
    else:
        read = [
            read_condition(
                entry, line_of_item(alternatives, n - 1, line), f"{field}.any_of.{n}", fault
            )
            for n, entry in enumerate(alternatives, 1)
        ]
    return ClauseEntry(
        str(fields.get("says") or ""), tuple(condition for condition in read if condition), line
    )


def read_condition(fields: Any, line: int, field: str, fault: Fault) -> ConditionEntry | None:
    """Return one condition; None, and a fault told, when it cannot be read."""
    tests = [key for key in TESTS if isinstance(fields, Mapping) and key in fields]
    if len(tests) != 1:
        fault(line, field, f"must have one test: {', '.join(TESTS)}")
        return None
    test = tests[0]
    strange = set(fields) - {"fact", "source", test}
    if strange:
        fault(line, field, f"{min(map(str, strange))!r} is no field of a condition")
    if ("fact" in fields) is (test in _WITHOUT_FACT):
        fault(line, f"{field}.fact", f"must {'not ' * (test in _WITHOUT_FACT)}stand with {test}")
        return None
    if not fields.get("source"):
        fault(line, f"{field}.source", "is missing: a condition without a source is not applied")
    value = fields[test] if isinstance(fields[test], list) else [fields[test]]
    values = tuple(str(entry) for entry in value)
    return ConditionEntry(fields.get("fact"), test, values, str(fields.get("source") or ""), line)


@dataclass(frozen=True)
class ConditionContext:
    """The names that the conditions of a version may use."""

    circumstances: FactSchema
    topics: Mapping[str, str]
    units: Mapping[str, str]
    """The version's figures with their units."""
    sources: frozenset[str]


def clause_faults(
    clauses: tuple[ClauseEntry, ...], context: ConditionContext
) -> Iterator[tuple[int, str, str]]:
    """Yield line, field and reason of each unknown name in the conditions."""
    for number, clause in enumerate(clauses, 1):
        for condition in clause.conditions:
            clause_field = f"conditions.{number}"
            if condition.source and condition.source not in context.sources:
                reason = f"{condition.source!r} is no source of this version"
                yield condition.line, f"{clause_field}.source", reason
            for field, reason in value_faults(condition, context):
                yield condition.line, f"{clause_field}.{field}", reason


def value_faults(condition: ConditionEntry, context: ConditionContext) -> Iterator[tuple[str, str]]:
    """Yield field and reason of each unknown name in a condition."""
    if condition.test == "follows" and condition.value[0] not in context.topics:
        yield "follows", f"{condition.value[0]!r} is no topic"
    if condition.fact is None:
        return
    fact = context.circumstances.facts.get(condition.fact)
    if fact is None:
        yield "fact", f"{condition.fact!r} is no fact of data/eligibility.yml"
    elif condition.test in _BOUNDS:
        yield from _bound_faults(condition, fact, context)
    elif fact.unit is not None:
        yield condition.test, f"{condition.fact} is a number: at_least or at_most"
    else:
        for value in condition.value:
            if value not in fact.values:
                choices = ", ".join(map(str, sorted(fact.values, key=str)))
                yield condition.test, f"{value!r} is none of {choices}"


def _bound_faults(
    condition: ConditionEntry, fact: Fact, context: ConditionContext
) -> Iterator[tuple[str, str]]:
    name = condition.value[0]
    if fact.unit is None:
        yield condition.test, f"{condition.fact} is a choice: is or one_of"
    elif name not in context.units:
        yield condition.test, f"{name!r} is no figure of this version"
    elif (context.units[name], fact.unit) not in _IN_UNIT:
        yield condition.test, f"the unit of {name} is no {fact.unit}"


def bound(value: str, unit: str, fact: Fact) -> int:
    """Return a figure's number in the unit of a fact: two years are 24 months."""
    return round(float(value) * _IN_UNIT[unit, fact.unit or ""])


def circular_topics(following: Mapping[str, frozenset[str]]) -> Iterator[str]:
    """Yield the topics that follow each other in a circle, given which each follows."""
    for topic in following:
        visited: set[str] = set()
        ahead = set(following[topic])
        while ahead:
            visited |= ahead
            ahead = {
                successor for current in ahead for successor in following.get(current, frozenset())
            } - visited
        if topic in visited:
            yield topic

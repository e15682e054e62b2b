"""Eligibility of a person for policies, in three values and with reasons: pure functions.

A policy requires all of its clauses; a clause holds when one of its alternatives does. Unknown
facts and matters that the local authority decides never count for or against a person.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum
from typing import Literal

from bot.messages import Citation
from bot.policies.facts import FactSchema, Value

Test = Literal["is", "one_of", "at_least", "at_most", "undecided", "follows"]
#: What a condition tests: choices, a bound, a topic to follow, or words for what the place decides.
Tested = tuple[str, ...] | int | str


class Truth(Enum):
    """Truth value of a condition, a clause or a whole rule for a person."""

    # Members are single: their identity is a hash, and Enum's own is computed in Python.
    __hash__ = object.__hash__

    YES = "yes"
    NO = "no"
    UNKNOWN = "unknown"
    """A fact is missing that the person could tell."""
    AUTHORITY_DECIDES = "elsewhere"
    """The place decides, or another policy must come first."""


class Fit(Enum):
    """Eligibility of a person for a policy."""

    __hash__ = object.__hash__

    FITS = "fits"
    MAY_FIT = "may_fit"
    NOT = "not"


#: The eligibility that the truth value of a whole rule means.
_FITS = {
    Truth.YES: Fit.FITS,
    Truth.UNKNOWN: Fit.MAY_FIT,
    Truth.AUTHORITY_DECIDES: Fit.MAY_FIT,
    Truth.NO: Fit.NOT,
}


@dataclass(frozen=True)
class ClauseCondition:
    """One alternative of a clause."""

    test: Test
    value: Tested
    citation: Citation
    fact: str | None = None
    """The fact that is tested; None for `undecided` and `follows`."""

    def holds(self, facts: Mapping[str, Value]) -> Truth:
        """Tell whether it holds for what is known; `follows` is the caller's to look up."""
        if self.fact is None:
            return Truth.AUTHORITY_DECIDES
        value = facts.get(self.fact)
        if value is None:
            return Truth.UNKNOWN
        if isinstance(self.value, tuple):
            return Truth.YES if value in self.value else Truth.NO
        enough = isinstance(value, int) and isinstance(self.value, int) and (
            value >= self.value if self.test == "at_least" else value <= self.value
        )  # fmt: skip
        return Truth.YES if enough else Truth.NO


@dataclass(frozen=True)
class Clause:
    """A requirement of a policy in plain words, with the alternatives that satisfy it."""

    says: str
    conditions: tuple[ClauseCondition, ...]

    @property
    def local(self) -> str | None:
        """The part that the local authority decides, in words."""
        undecided = (
            str(condition.value) for condition in self.conditions if condition.test == "undecided"
        )
        return next(undecided, None)


@dataclass(frozen=True)
class Rule:
    """The requirements of a version of a policy."""

    topic: str
    title: str
    clauses: tuple[Clause, ...]
    next_step: str = ""
    """The step that leads to it."""

    def facts(self) -> frozenset[str]:
        """The facts that decide it."""
        return frozenset(c.fact for clause in self.clauses for c in clause.conditions if c.fact)


@dataclass(frozen=True)
class Outcome:
    """Assessment of a policy for a person, with its reasons."""

    rule: Rule
    fit: Fit
    satisfied: tuple[Clause, ...] = ()
    failed: tuple[Clause, ...] = ()
    open: tuple[Clause, ...] = ()
    """Clauses for which a fact is missing that the person could tell."""
    elsewhere: tuple[Clause, ...] = ()
    """Clauses that the place decides, or that wait for another policy."""
    citations: tuple[Citation, ...] = ()
    """The sources of what decides it: of what failed, else of every clause."""

    @property
    def settled(self) -> bool:
        """True when nothing the person could tell changes it."""
        return self.fit is not Fit.MAY_FIT or not self.open


class Assessment:
    """The rules of a place on a day, asked about persons."""

    def __init__(self, rules: Sequence[Rule], schema: FactSchema) -> None:
        self.rules = {rule.topic: rule for rule in rules}
        self.schema = schema

    def outcomes(self, stated_facts: Mapping[str, Value]) -> list[Outcome]:
        """Return how every policy stands for a person, in the rules' order.

        The order in which facts were told makes no difference.
        """
        facts = self.schema.derive(stated_facts)
        return [self.outcome(rule, facts) for rule in self.rules.values()]

    def outcome(self, rule: Rule, facts: Mapping[str, Value]) -> Outcome:
        """Return how one policy stands for what is known, inferences included."""
        clauses_by_truth: dict[Truth, list[Clause]] = {holds: [] for holds in Truth}
        for clause in rule.clauses:
            clauses_by_truth[self._clause(clause, facts)].append(clause)
        failed = tuple(clauses_by_truth[Truth.NO])
        waiting = tuple(clauses_by_truth[Truth.UNKNOWN])
        elsewhere = tuple(clauses_by_truth[Truth.AUTHORITY_DECIDES])
        satisfied = tuple(clauses_by_truth[Truth.YES])
        fit = Fit.NOT if failed else Fit.MAY_FIT if waiting or elsewhere else Fit.FITS
        cited = tuple(
            self._cited(decisive, facts)
            for decisive in failed or (*satisfied, *waiting, *elsewhere)
        )
        return Outcome(rule, fit, satisfied, failed, waiting, elsewhere, cited)

    def _cited(self, clause: Clause, facts: Mapping[str, Value]) -> Citation:
        """Return the source of the alternative that holds, else of the first."""
        holding = (c for c in clause.conditions if self._condition(c, facts) is Truth.YES)
        return next(holding, clause.conditions[0]).citation

    def fit(self, rule: Rule, facts: Mapping[str, Value]) -> Fit:
        """Return what `outcome` says, without its reasons: inferences have been drawn."""
        return _FITS[self._rule(rule, facts)]

    def _rule(self, rule: Rule, facts: Mapping[str, Value]) -> Truth:
        """Return the conjunction of a rule's clauses: the first of NO, UNKNOWN, elsewhere, YES."""
        weakest = Truth.YES
        for clause in rule.clauses:
            truth = self._clause(clause, facts)
            if truth is Truth.NO:
                return truth
            if truth is Truth.UNKNOWN or weakest is Truth.YES:
                weakest = truth
        return weakest

    def _clause(self, clause: Clause, facts: Mapping[str, Value]) -> Truth:
        """Return the disjunction of the alternatives: the first of YES, UNKNOWN, elsewhere, NO."""
        strongest = Truth.NO
        for condition in clause.conditions:
            truth = self._condition(condition, facts)
            if truth is Truth.YES:
                return truth
            if truth is Truth.UNKNOWN or strongest is Truth.NO:
                strongest = truth
        return strongest

    def _condition(self, condition: ClauseCondition, facts: Mapping[str, Value]) -> Truth:
        """A policy that builds on another is out when that one is, else waits for it."""
        if condition.test != "follows":
            return condition.holds(facts)
        prerequisite = self.rules.get(str(condition.value))
        if prerequisite is None:
            return Truth.AUTHORITY_DECIDES
        truth = self._rule(prerequisite, facts)
        return Truth.AUTHORITY_DECIDES if truth is Truth.YES else truth

    def deciding(self, topic: str) -> frozenset[str]:
        """Return the facts that decide a policy, those of the policies it builds on included."""
        rule = self.rules.get(topic)
        if rule is None:
            return frozenset()
        prerequisites = [
            str(condition.value)
            for clause in rule.clauses
            for condition in clause.conditions
            if condition.test == "follows"
        ]
        return rule.facts().union(*map(self.deciding, prerequisites))


def by_fit(outcomes: Iterable[Outcome], fit: Fit) -> list[Outcome]:
    """Return the policies that stand so, those with the most already met first."""
    fitting = [candidate for candidate in outcomes if candidate.fit is fit]
    return sorted(fitting, key=lambda outcome: (-len(outcome.satisfied), len(outcome.open)))

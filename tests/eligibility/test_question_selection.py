"""The next question is the one that a plain calculation chooses: every rule, every possible person."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from datetime import date
from math import log2

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.db.session import session
from bot.eligibility.assessment import Assessment, Clause, ClauseCondition, Fit, Rule
from bot.eligibility.question_selection import expected_information, next_question
from bot.eligibility.rules import assessment
from bot.messages import Citation
from bot.policies.facts import Facts, FactSchema, Value, fact_schema
from tests.databases import sqlite_copy
from tests.profiles import size

SCHEMA = fact_schema()
CITED = Citation("某法")
ANY_CASE = settings(
    max_examples=size(40, 400),
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)


@pytest.fixture(scope="module")
def project_rules(tmp_path_factory: pytest.TempPathFactory) -> Assessment:
    """The rules of the project's own policies."""
    url = sqlite_copy("based", tmp_path_factory.mktemp("rules") / "based.db")
    with session(url) as db:
        return assessment(db, None, date(2026, 11, 24))


def _plain_truth(rules: Mapping[str, Rule], condition: ClauseCondition, facts: Facts) -> str:
    """Evaluate a condition by the definitions of docs/eligibility.md."""
    if condition.test == "undecided":
        return "elsewhere"
    if condition.test == "follows":
        if str(condition.value) not in rules:
            return "elsewhere"
        prerequisite = _plain_truths(rules, rules[str(condition.value)], facts)
        if "no" in prerequisite:
            return "no"
        return "unknown" if "unknown" in prerequisite else "elsewhere"
    value = facts.get(str(condition.fact))
    if value is None:
        return "unknown"
    if isinstance(condition.value, tuple):
        return "yes" if value in condition.value else "no"
    assert isinstance(value, int)
    assert isinstance(condition.value, int)
    enough = value >= condition.value if condition.test == "at_least" else value <= condition.value
    return "yes" if enough else "no"


def _plain_truths(rules: Mapping[str, Rule], rule: Rule, facts: Facts) -> list[str]:
    """Evaluate all clauses of a rule."""
    truths: list[str] = []
    for clause in rule.clauses:
        found = {_plain_truth(rules, condition, facts) for condition in clause.conditions}
        truths.append(next(t for t in ("yes", "unknown", "elsewhere", "no") if t in found))
    return truths


def _plain_fit(rules: Mapping[str, Rule], rule: Rule, facts: Facts) -> Fit:
    truths = _plain_truths(rules, rule, facts)
    if "no" in truths:
        return Fit.NOT
    return Fit.FITS if set(truths) <= {"yes"} else Fit.MAY_FIT


def _plain_people(
    schema: FactSchema, known: Facts, facts: list[str]
) -> Iterator[tuple[Facts, float]]:
    """Yield every person there may be, drawing all inferences after each fact."""
    missing = [fact for fact in facts if fact not in known]
    if not missing:
        yield known, 1.0
        return
    choices = schema.facts[missing[0]].choices
    total = sum(choice.weight for choice in choices)
    for choice in choices:
        for person, share in _plain_people(
            schema, schema.derive({**known, missing[0]: choice.value}), missing[1:]
        ):
            yield person, share * choice.weight / total


def _plain_gains(rules: Assessment, told: Facts) -> dict[str, float]:
    """Return the information of each question in bits, calculated anew for each."""
    gains = dict.fromkeys(rules.schema.questions, 0.0)
    known = rules.schema.derive(told)
    for rule in rules.rules.values():
        truths = _plain_truths(rules.rules, rule, known)
        if "no" in truths or "unknown" not in truths:
            continue
        unknown = sorted(rules.deciding(rule.topic) - known.keys())
        for question in rules.schema.questions.values():
            asked = [fact for fact in question.facts if fact in unknown]
            if not asked:
                continue
            overall: dict[Fit, float] = defaultdict(float)
            by_answer: dict[tuple[Value, ...], dict[Fit, float]] = {}
            for person, share in _plain_people(rules.schema, known, unknown):
                fit = _plain_fit(rules.rules, rule, person)
                overall[fit] += share
                answer = tuple(person[fact] for fact in asked)
                shares = by_answer.setdefault(answer, {})
                shares[fit] = shares.get(fit, 0.0) + share
            left = sum(sum(shares.values()) * _bits(shares) for shares in by_answer.values())
            gains[question.id] += _bits(overall) - left
    return gains


def _bits(shares: Mapping[Fit, float]) -> float:
    total = sum(shares.values())
    return -sum(share / total * log2(share / total) for share in shares.values() if share > 0)


@st.composite
def told_facts(draw: st.DrawFn) -> Facts:
    """Facts that somebody told, unknown ones and contradictions among them."""
    told: Facts = {}
    for fact in draw(st.lists(st.sampled_from(sorted(SCHEMA.facts)), unique=True, max_size=8)):
        values: st.SearchStrategy[Value] = st.sampled_from(
            sorted(SCHEMA.facts[fact].values, key=str)
        )
        if SCHEMA.facts[fact].unit:
            values = st.integers(0, 300)
        told[fact] = draw(st.none() | values)
    return told


@st.composite
def conditions(draw: st.DrawFn, earlier: list[str]) -> ClauseCondition:
    """Any condition; it follows only policies that stand before it."""
    test = draw(st.sampled_from(["is", "one_of", "at_least", "at_most", "undecided", "follows"]))
    if test == "undecided":
        return ClauseCondition("undecided", "由当地定", CITED)
    if test == "follows":
        return ClauseCondition(
            "follows", draw(st.sampled_from([*earlier, "no-such-policy"])), CITED
        )
    if test in ("at_least", "at_most"):
        fact = draw(st.sampled_from(["age", "contribution_months"]))
        return ClauseCondition(test, draw(st.integers(0, 200)), CITED, fact)  # type: ignore[arg-type]
    fact = draw(st.sampled_from(["employment", "registered", "receiving", "veteran", "graduate"]))
    values = sorted(map(str, SCHEMA.facts[fact].values))
    chosen = draw(st.lists(st.sampled_from(values), min_size=1, max_size=2, unique=True))
    return ClauseCondition(test, tuple(chosen), CITED, fact)  # type: ignore[arg-type]


@st.composite
def any_rules(draw: st.DrawFn) -> Assessment:
    """Up to four policies with up to three clauses of up to two alternatives."""
    rules: list[Rule] = []
    for number in range(draw(st.integers(1, 4))):
        alternatives = st.lists(conditions([r.topic for r in rules]), min_size=1, max_size=2)
        clauses = draw(st.lists(alternatives, min_size=1, max_size=3))
        rules.append(
            Rule(f"p{number}", "某补贴", tuple(Clause("某条件", tuple(c)) for c in clauses))
        )
    return Assessment(rules, SCHEMA)


def _agree(rules: Assessment, told: Facts) -> None:
    gains = expected_information(rules, told)
    # Not approximately: a rounding error more could turn the order of two questions.
    assert gains == _plain_gains(rules, told)
    best = max(gains, key=lambda name: gains[name])
    chosen = next_question(rules, told, [])
    assert chosen == (rules.schema.questions[best] if gains[best] > 1e-9 else None)
    known = rules.schema.derive(told)
    for outcome in rules.outcomes(told):
        plain = _plain_fit(rules.rules, outcome.rule, known)
        assert outcome.fit is rules.fit(outcome.rule, known) is plain


@given(told=told_facts())
@ANY_CASE
def test_the_projects_own_rules_lead_to_the_plainly_calculated_question(
    project_rules: Assessment, told: Facts
) -> None:
    _agree(project_rules, told)


@given(rules=any_rules(), told=told_facts())
@ANY_CASE
def test_any_rules_lead_to_the_plainly_calculated_question(rules: Assessment, told: Facts) -> None:
    _agree(rules, told)


def test_rules_are_worded_once_while_the_same_versions_are_in_force(
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    url = sqlite_copy("based", tmp_path_factory.mktemp("rules") / "based.db")
    with session(url) as db:
        first = assessment(db, None, date(2026, 11, 24))
        assert assessment(db, None, date(2026, 11, 25)) is first
        # A subsidy ends with the year.
        assert assessment(db, None, date(2027, 1, 1)) is not first

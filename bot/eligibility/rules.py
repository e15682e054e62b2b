"""The conditions of all policies in force in a region on a day, as rules to be assessed."""

from __future__ import annotations

import json
from datetime import date
from itertools import groupby

from sqlalchemy.orm import Session

from bot import clock
from bot.caches import process_cache
from bot.db.tables import Policy, PolicyCondition, PolicyVersion
from bot.eligibility.assessment import Assessment, Clause, ClauseCondition, Rule, Tested
from bot.policies import cache
from bot.policies.answers import as_citation, render_answer
from bot.policies.facts import FactSchema, fact_schema
from bot.policies.validate import PLACEHOLDER
from bot.policies.versions import region_ancestors, version_for


def assessment(db: Session, region: str | None = None, as_of: date | None = None) -> Assessment:
    """Return the rules that hold in a region (default: the province) on a day (default: today)."""
    day = as_of or clock.today()
    places = region_ancestors(db, region)
    policies = (cache.policy(db, topic) for topic in sorted(cache.content_hashes(db)))
    versions = (
        (candidate, version_for(candidate, places, day))
        for candidate in policies
        if candidate and not candidate.neighbour
    )
    held = tuple((policy, version) for policy, version in versions if version)
    return _assessment(held, fact_schema())


@process_cache(size=32)
def _assessment(held: tuple[tuple[Policy, PolicyVersion], ...], schema: FactSchema) -> Assessment:
    """Return the rules of some versions: worded once for as long as they are in force.

    The rows are those of `bot.policies.cache`, read anew when their policy's hash changes; each
    counts as itself, so that another load, day or region with other versions is another entry.
    """
    rules = [_rule(policy, version) for policy, version in held]
    return Assessment([rule for rule in rules if rule.clauses], schema)


def _rule(policy: Policy, version: PolicyVersion) -> Rule:
    by_clause = groupby(version.conditions, key=lambda row: row.clause)
    clauses = tuple(_clause(version, list(rows)) for _, rows in by_clause)
    aspects = {answer.aspect for answer in version.answers}
    next_step = render_answer(version, "how").split("。")[0] + "。" if "how" in aspects else ""
    return Rule(policy.id, policy.title, clauses, next_step)


def _clause(version: PolicyVersion, rows: list[PolicyCondition]) -> Clause:
    citations = {citation.key: as_citation(citation) for citation in version.citations}
    conditions = (
        ClauseCondition(row.test, _tested(row, version), citations[row.source], row.fact)  # type: ignore[arg-type]
        for row in rows
    )
    return Clause(_filled(rows[0].says, version), tuple(conditions))


def _tested(row: PolicyCondition, version: PolicyVersion) -> Tested:
    value = json.loads(row.value)
    if isinstance(value, list):
        return tuple(value)
    return _filled(value, version) if isinstance(value, str) else int(value)


def _filled(text: str, version: PolicyVersion) -> str:
    figures = {figure.name: figure.text for figure in version.figures}
    return PLACEHOLDER.sub(lambda hit: figures[hit.group(1)], text)

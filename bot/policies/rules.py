"""The conditions of all policies in force in a region on a day, as rules to be assessed."""

from __future__ import annotations

import json
from datetime import date
from itertools import groupby

from sqlalchemy.orm import Session

from bot import clock
from bot.db.tables import Policy, PolicyCondition, PolicyVersion
from bot.policies import kept
from bot.policies.answers import as_citation, said
from bot.policies.check import PLACEHOLDER
from bot.policies.circumstances import circumstances
from bot.policies.eligibility import Assessment, Clause, Condition, Rule, Tested
from bot.policies.in_force import holding, lineage


def assessment(db: Session, region: str | None = None, on: date | None = None) -> Assessment:
    """Return the rules that hold in a region (default: the province) on a day (default: today)."""
    day = on or clock.today()
    places = lineage(db, region)
    policies = (kept.policy(db, topic) for topic in sorted(kept.stamps(db)))
    versions = ((one, holding(one, places, day)) for one in policies if one and not one.neighbour)
    rules = [_rule(policy, version) for policy, version in versions if version]
    return Assessment([rule for rule in rules if rule.clauses], circumstances())


def _rule(policy: Policy, version: PolicyVersion) -> Rule:
    by_clause = groupby(version.conditions, key=lambda row: row.clause)
    clauses = tuple(_clause(version, list(rows)) for _, rows in by_clause)
    there = {answer.aspect for answer in version.answers}
    how = said(version, "how").split("。")[0] + "。" if "how" in there else ""
    return Rule(policy.id, policy.title, clauses, how)


def _clause(version: PolicyVersion, rows: list[PolicyCondition]) -> Clause:
    citations = {one.key: as_citation(one) for one in version.citations}
    conditions = (
        Condition(row.test, _tested(row, version), citations[row.source], row.fact)  # type: ignore[arg-type]
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

"""Load the policy files into the database: all of them or, when anything is wrong, none."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.db.tables import (
    Policy,
    PolicyAnswerRow,
    PolicyCitation,
    PolicyClaim,
    PolicyCondition,
    PolicyFigure,
    PolicyName,
    PolicyRegion,
    PolicyVersion,
)
from bot.policies.claims import ClaimEntry
from bot.policies.condition_schema import ConditionEntry, bound
from bot.policies.facts import fact_schema
from bot.policies.policy_file import AnswerEntry, PolicyFile, Version
from bot.policies.search import base_texts, refresh_vectors
from bot.policies.validate import matches_loaded, read_folder
from bot.understanding.aspects import ASPECT_NAMES


@dataclass(frozen=True)
class LoadReport:
    """Numbers of new, changed, unchanged and removed policies."""

    new: int
    changed: int
    unchanged: int
    removed: int

    def __str__(self) -> str:
        return (
            f"{self.new} new, {self.changed} changed, {self.unchanged} unchanged,"
            f" {self.removed} removed"
        )


def load(db: Session, folder: Path) -> LoadReport:
    """Bring the database to what a folder says, within the session's transaction.

    Loading the same files again changes nothing. Raises PolicyErrors when any file is wrong.
    """
    stored = dict(db.execute(select(Policy.id, Policy.content_hash)).tuples().all())
    if matches_loaded(folder, stored):
        return LoadReport(0, 0, len(stored), 0)
    policies = read_folder(folder, lines=False)
    old_texts = base_texts(db) if stored else frozenset[str]()
    new = changed = 0
    for policy in policies:
        if stored.get(policy.id) == policy.content_hash:
            continue
        if policy.id in stored:
            _remove(db, policy.id)
            changed += 1
        else:
            new += 1
        db.add(policy_rows(policy))
    removed_ids = set(stored) - {policy.id for policy in policies}
    for policy_id in removed_ids:
        _remove(db, policy_id)
    db.flush()
    refresh_vectors(db, old_texts)
    return LoadReport(new, changed, len(policies) - new - changed, len(removed_ids))


def _remove(db: Session, policy_id: str) -> None:
    db.delete(db.get_one(Policy, policy_id))
    db.flush()


def policy_rows(policy: PolicyFile) -> Policy:
    """Return a policy of the files as its rows, in no session."""
    names = dict.fromkeys((policy.title, *policy.names))
    return Policy(
        id=policy.id,
        title=policy.title,
        content_hash=policy.content_hash,
        neighbour=policy.neighbour,
        within=policy.within,
        names=[PolicyName(name=name, position=position) for position, name in enumerate(names)],
        versions=[_version(version) for version in policy.versions],
        claims=[_claim(claim, position) for position, claim in enumerate(policy.claims)],
    )


def _claim(claim: ClaimEntry, position: int) -> PolicyClaim:
    cases = [
        {
            "fact": case.condition.fact,
            "test": case.condition.test,
            "value": list(case.condition.value),
            "answer": case.answer,
        }
        for case in claim.cases
    ]
    return PolicyClaim(
        position=position,
        key=claim.id,
        kind=claim.kind,
        asks=json.dumps(claim.asks, ensure_ascii=False),
        cases=json.dumps(cases, ensure_ascii=False),
        answer=claim.answer,
        sources=",".join(claim.sources),
    )


def _version(version: Version) -> PolicyVersion:
    return PolicyVersion(
        effective_from=version.effective_from,
        effective_to=version.effective_to,
        regions=[PolicyRegion(region_code=code) for code in version.regions],
        citations=[
            PolicyCitation(
                position=position,
                key=source.key,
                document=source.document,
                number=source.number,
                issuer=source.issuer,
                article=source.article,
                dated=source.dated,
                effective_from=source.effective_from,
                grade=source.grade,
            )
            for position, source in enumerate(version.sources.values())
        ],
        figures=[
            PolicyFigure(name=f.name, value=f.value, unit=f.unit, text=f.text, source=f.source)
            for f in version.figures.values()
        ],
        answers=[
            PolicyAnswerRow(
                position=position, aspect=a.aspect, text=a.text, sources=",".join(a.sources)
            )
            for position, a in enumerate(_in_order(version))
        ],
        conditions=_conditions(version),
    )


def _in_order(version: Version) -> list[AnswerEntry]:
    """Return the answers as they are said when no aspect is asked: what comes first.

    In the file, those taken over with `<<` stand last.
    """
    order = list(ASPECT_NAMES)
    return sorted(version.answers.values(), key=lambda answer: order.index(answer.aspect))


def _conditions(version: Version) -> list[PolicyCondition]:
    return [
        PolicyCondition(
            position=clause_number * 100 + n,
            clause=clause_number,
            says=clause.says,
            fact=condition.fact,
            test=condition.test,
            value=json.dumps(_tested(condition, version), ensure_ascii=False),
            source=condition.source,
        )
        for clause_number, clause in enumerate(version.conditions)
        for n, condition in enumerate(clause.conditions)
    ]


def _tested(condition: ConditionEntry, version: Version) -> list[str] | int | str:
    """Return what is tested: a bound as the number of its figure in the fact's unit."""
    if condition.test in ("is", "one_of"):
        return list(condition.value)
    if condition.test in ("at_least", "at_most"):
        figure = version.figures[condition.value[0]]
        fact = fact_schema().facts[condition.fact or ""]
        return bound(figure.value, figure.unit, fact)
    return condition.value[0]

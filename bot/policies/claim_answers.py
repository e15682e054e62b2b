"""Say a claim from the version in force: the case that holds for a person, figures, citations."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy.orm import Session

from bot import clock
from bot.db.tables import Policy, PolicyClaim, PolicyVersion
from bot.messages import Citation, Figure
from bot.policies import cache
from bot.policies.answers import as_citation, as_figure
from bot.policies.condition_schema import bound
from bot.policies.facts import Value, fact_schema
from bot.policies.validate import PLACEHOLDER
from bot.policies.versions import is_in_force, region_ancestors


@dataclass(frozen=True)
class ClaimFinding:
    """A claim as it is said to a person."""

    topic: str
    title: str
    key: str
    kind: str
    text: str
    second_hand: bool
    """True when a source has not been seen in the original."""
    figures: tuple[Figure, ...]
    citations: tuple[Citation, ...]
    reported: tuple[str, ...]
    """The topics of the taxonomy that it is about: of a subject next door one at most."""
    neighbour: bool
    """True for a subject next door."""
    decided: bool
    """True when what is known of the person chose the answer."""


def claim_finding(
    db: Session,
    topic: str,
    key: str,
    facts: Mapping[str, Value],
    region: str | None = None,
    as_of: date | None = None,
) -> ClaimFinding | None:
    """Return a claim as it holds for a person in a region on a day (default: today).

    None when no version in force there has its sources and figures.
    """
    policy = cache.policy(db, topic)
    claim = (
        next((candidate for candidate in policy.claims if candidate.key == key), None)
        if policy
        else None
    )
    if policy is None or claim is None:
        return None
    version = version_for_claim(policy, claim, region_ancestors(db, region), as_of or clock.today())
    return _finding(policy, claim, version, facts) if version else None


def version_for_claim(
    policy: Policy, claim: PolicyClaim, places: Sequence[str], day: date
) -> PolicyVersion | None:
    """Return the version that says a claim: in force, of the narrowest place that can."""
    return next(
        (
            version
            for place in places
            for version in policy.versions
            if is_in_force(version, day)
            and any(region.region_code == place for region in version.regions)
            and can_say(version, claim)
            and claim_start(version, claim) <= day
        ),
        None,
    )


def can_say(version: PolicyVersion, claim: PolicyClaim) -> bool:
    """Tell whether a version has the sources and figures of a claim."""
    figures = {name for text in answers_of(claim) for name in PLACEHOLDER.findall(text)}
    return figures <= {figure.name for figure in version.figures} and set(
        claim.sources.split(",")
    ) <= {citation.key for citation in version.citations}


def claim_start(version: PolicyVersion, claim: PolicyClaim) -> date:
    """Return the first day a version says a claim: it may be older than what the claim rests on."""
    keys = claim.sources.split(",")
    since = (citation.effective_from for citation in version.citations if citation.key in keys)
    return max([version.effective_from, *(day for day in since if day)])


def answers_of(claim: PolicyClaim) -> list[str]:
    """Return all texts that a claim can be answered with, figures by name in braces."""
    return [*(case["answer"] for case in json.loads(claim.cases)), claim.answer]


def _finding(
    policy: Policy, claim: PolicyClaim, version: PolicyVersion, facts: Mapping[str, Value]
) -> ClaimFinding:
    figures = {figure.name: figure for figure in version.figures}
    cases = json.loads(claim.cases)
    case = next((entry for entry in cases if _case_holds(entry, facts, version)), None)
    text = case["answer"] if case else claim.answer
    names = list(dict.fromkeys(PLACEHOLDER.findall(text)))
    keys = {*claim.sources.split(","), *(figures[name].source for name in names)}
    cited = [citation for citation in version.citations if citation.key in keys]
    return ClaimFinding(
        topic=policy.id,
        title=policy.title,
        key=claim.key,
        kind=claim.kind,
        text=PLACEHOLDER.sub(lambda hit: figures[hit.group(1)].text, text),
        second_hand=any(citation.grade == "C" for citation in cited),
        figures=tuple(as_figure(figures[name]) for name in names),
        citations=tuple(map(as_citation, cited)),
        reported=policy.reported,
        neighbour=policy.neighbour,
        decided=case is not None,
    )


def _case_holds(
    case: Mapping[str, Any], facts: Mapping[str, Value], version: PolicyVersion
) -> bool:
    """Tell whether a case's condition is known to hold: what is not known decides nothing."""
    value = facts.get(case["fact"])
    if value is None:
        return False
    if case["test"] in ("is", "one_of"):
        return value in case["value"]
    figure = next(candidate for candidate in version.figures if candidate.name == case["value"][0])
    limit = bound(figure.value, figure.unit, fact_schema().facts[case["fact"]])
    if not isinstance(value, int):
        return False
    return value >= limit if case["test"] == "at_least" else value <= limit

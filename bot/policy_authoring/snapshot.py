"""The policy base as plain texts, from files or from the database, so that two can be compared."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Protocol

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.db.tables import Policy, PolicyClaim, PolicyVersion
from bot.policies.answers import render_answer
from bot.policies.claims import ClaimEntry
from bot.policies.policy_file import PolicyFile, Version
from bot.policy_authoring.lint import filled


@dataclass(frozen=True)
class Edition:
    """A version as texts by name."""

    since: date
    until: date | None
    regions: tuple[str, ...]
    sources: Mapping[str, str]
    figures: Mapping[str, str]
    answers: Mapping[str, str]
    """As people are told, figures filled in, with the keys of their sources."""

    @property
    def key(self) -> tuple[date, tuple[str, ...]]:
        """The key of a version within its policy: its first day and its regions."""
        return self.since, self.regions

    @property
    def name(self) -> str:
        """The key in words."""
        return f"{self.since.isoformat()} {','.join(self.regions)}"


@dataclass(frozen=True)
class Snapshot:
    """A policy as texts."""

    id: str
    title: str
    names: tuple[str, ...]
    """Its other names besides the title."""
    editions: tuple[Edition, ...]
    claims: Mapping[str, str]
    """By id, each in one text: kind, ways of asking, answers, sources."""


def snapshots_of_files(policies: Iterable[PolicyFile]) -> dict[str, Snapshot]:
    """Return the snapshots of policy files by id."""
    return {
        policy.id: Snapshot(
            policy.id,
            policy.title,
            tuple(name for name in dict.fromkeys(policy.names) if name != policy.title),
            tuple(_of_file(version) for version in policy.versions),
            {claim.id: _claim_of_file(claim) for claim in policy.claims},
        )
        for policy in policies
    }


def snapshots_of_database(db: Session) -> dict[str, Snapshot]:
    """Return the snapshots of what is loaded by id."""
    return {
        policy.id: Snapshot(
            policy.id,
            policy.title,
            tuple(name.name for name in policy.names if name.name != policy.title),
            tuple(_of_database(version) for version in policy.versions),
            {claim.key: _claim_of_database(claim) for claim in policy.claims},
        )
        for policy in db.scalars(select(Policy).order_by(Policy.id))
    }


def _claim_of_file(claim: ClaimEntry) -> str:
    cases = [
        (case.condition.fact, case.condition.test, case.condition.value, case.answer)
        for case in claim.cases
    ]
    return _claim(claim.kind, claim.asks, cases, claim.answer, claim.sources)


def _claim_of_database(claim: PolicyClaim) -> str:
    cases = [
        (case["fact"], case["test"], case["value"], case["answer"])
        for case in json.loads(claim.cases)
    ]
    return _claim(claim.kind, json.loads(claim.asks), cases, claim.answer, claim.sources.split(","))


def _claim(
    kind: str,
    phrasings: Iterable[str],
    cases: Iterable[tuple[str | None, str, Iterable[str], str]],
    answer: str,
    sources: Iterable[str],
) -> str:
    case_texts = [f"{fact} {test} {'/'.join(value)}: {text}" for fact, test, value, text in cases]
    return " | ".join((kind, " / ".join(phrasings), *case_texts, _answer(answer, sources)))


def _of_file(version: Version) -> Edition:
    return Edition(
        version.effective_from,
        version.effective_to,
        tuple(sorted(version.regions)),
        {key: _source(source) for key, source in version.sources.items()},
        {name: _figure(figure) for name, figure in version.figures.items()},
        {
            aspect: _answer(filled(answer.text, version), answer.sources)
            for aspect, answer in version.answers.items()
        },
    )


def _of_database(version: PolicyVersion) -> Edition:
    return Edition(
        version.effective_from,
        version.effective_to,
        tuple(sorted(region.region_code for region in version.regions)),
        {citation.key: _source(citation) for citation in version.citations},
        {figure.name: _figure(figure) for figure in version.figures},
        {
            answer.aspect: _answer(render_answer(version, answer.aspect), answer.sources.split(","))
            for answer in version.answers
        },
    )


class _AnySource(Protocol):
    """A source of a file or of the database."""

    @property
    def document(self) -> str: ...
    @property
    def number(self) -> str | None: ...
    @property
    def issuer(self) -> str: ...
    @property
    def article(self) -> str | None: ...
    @property
    def dated(self) -> date | None: ...
    @property
    def effective_from(self) -> date | None: ...
    @property
    def grade(self) -> str: ...


class _AnyFigure(Protocol):
    """A figure of a file or of the database."""

    @property
    def value(self) -> str: ...
    @property
    def unit(self) -> str: ...
    @property
    def text(self) -> str: ...
    @property
    def source(self) -> str: ...


def _source(source: _AnySource) -> str:
    parts = (
        source.document,
        source.number,
        source.issuer,
        source.article,
        source.dated and f"dated {source.dated.isoformat()}",
        source.effective_from and f"in force {source.effective_from.isoformat()}",
        f"grade {source.grade}",
    )
    return " · ".join(part for part in parts if part)


def _figure(figure: _AnyFigure) -> str:
    return f"{figure.text} ({figure.value} {figure.unit}, {figure.source})"


def _answer(text: str, sources: Iterable[str]) -> str:
    return f"{text} [{', '.join(sources)}]"

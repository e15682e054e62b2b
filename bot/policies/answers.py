"""Answer a question about a policy from the version in force: texts, figures, citations.

Returns what was found; how it is worded for a medium is decided elsewhere.
"""

from __future__ import annotations

from collections.abc import Container, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal

from sqlalchemy.orm import Session

from bot import clock
from bot.db.tables import Policy, PolicyCitation, PolicyFigure, PolicyVersion
from bot.messages import Citation, Figure
from bot.policies import cache
from bot.policies.policy_file import PolicySource
from bot.policies.validate import PLACEHOLDER
from bot.policies.versions import is_in_force, last_end, region_ancestors, version_for

#: What is said of a subject next door, whatever was asked.
NEIGHBOUR_ASPECTS = ("what", "where")
#: What is answered when no aspect was asked, in this order, the first two that are there.
DEFAULT_ASPECTS = ("what", "who", "amount")
#: What answers an aspect that a policy says nothing of by itself.
FALLBACK_ASPECTS = {"fee": "amount"}
#: What helps next after an answer.
NEXT_ASPECTS = ("how", "where", "materials", "who")


@dataclass(frozen=True)
class AnswerPart:
    """The answer to one aspect."""

    aspect: str
    text: str
    second_hand: bool
    """True when a source has not been seen in the original: said as such, never as fact."""


@dataclass(frozen=True)
class PolicyFinding:
    """The answer of the policy base to a question."""

    topic: str
    title: str
    status: Literal["answered", "not_in_force", "unknown"]
    parts: tuple[AnswerPart, ...] = ()
    next_step: AnswerPart | None = None
    missing: tuple[str, ...] = ()
    """Aspects that were asked and that no source gives."""
    figures: tuple[Figure, ...] = ()
    citations: tuple[Citation, ...] = ()
    effective_from: date | None = None
    holds_to: date | None = None
    """The last day of the version, None while no end is set."""
    reported: tuple[str, ...] = ()
    """The topics of the taxonomy that it is about: of a subject next door one at most."""
    neighbour: bool = False
    """True for a neighbouring subject: only its definition and the responsible office are known."""
    ended_on: date | None = None
    """The end of the last version, for a policy no longer in force."""


def answer(
    db: Session,
    topic: str,
    aspects: Sequence[str] = (),
    region: str | None = None,
    as_of: date | None = None,
) -> PolicyFinding:
    """Return the answer to some aspects of a policy, in a region, on a day (default: today)."""
    day = as_of or clock.today()
    policy = cache.policy(db, topic)
    if policy is None:
        return PolicyFinding(topic, topic, "unknown")
    version = version_for(policy, region_ancestors(db, region), day)
    if version is None:
        ended = last_end(policy.versions, day)
        return PolicyFinding(topic, policy.title, "not_in_force", ended_on=ended)
    requested = list(dict.fromkeys(aspects)) or aspects_varying_by_place(policy, day)
    return _from_version(
        policy, version, list(NEIGHBOUR_ASPECTS) if policy.neighbour else requested
    )


def aspects_varying_by_place(policy: Policy, day: date) -> list[str]:
    """Return the aspects that are answered otherwise from place to place (那大连呢)."""
    said_of: dict[str, set[str]] = {}
    for version in policy.versions:
        if is_in_force(version, day):
            for row in version.answers:
                said_of.setdefault(row.aspect, set()).add(row.text)
    return [a for a in DEFAULT_ASPECTS if len(said_of.get(a, ())) > 1]


def _from_version(policy: Policy, version: PolicyVersion, requested: list[str]) -> PolicyFinding:
    texts = {row.aspect: row for row in version.answers}
    requested = with_fallbacks(requested, texts)
    available = [aspect for aspect in requested if aspect in texts]
    if not available:
        available = [aspect for aspect in DEFAULT_ASPECTS if aspect in texts][:2]
    further = (a for a in NEXT_ASPECTS if a in texts and a not in available)
    next_aspect = None if policy.neighbour else next(further, None)
    used = [texts[aspect] for aspect in (*available, *([next_aspect] if next_aspect else []))]
    names = dict.fromkeys(n for row in used for n in PLACEHOLDER.findall(row.text))
    figures = {figure.name: figure for figure in version.figures}
    keys = {k for row in used for k in row.sources.split(",")} | {figures[n].source for n in names}
    return PolicyFinding(
        topic=policy.id,
        title=policy.title,
        status="answered",
        parts=tuple(_part(version, aspect) for aspect in available),
        next_step=_part(version, next_aspect) if next_aspect else None,
        missing=tuple(aspect for aspect in requested if aspect not in texts),
        figures=tuple(as_figure(figures[name]) for name in names),
        citations=tuple(as_citation(c) for c in version.citations if c.key in keys),
        effective_from=version.effective_from,
        holds_to=version.effective_to,
        reported=policy.reported,
        neighbour=policy.neighbour,
    )


def with_fallbacks(requested: Iterable[str], available: Container[str]) -> list[str]:
    """Return each aspect asked once; for one that is not there, the one that is said instead."""
    return list(
        dict.fromkeys(a if a in available else FALLBACK_ASPECTS.get(a, a) for a in requested)
    )


def render_answer(version: PolicyVersion, aspect: str) -> str:
    """Return a version's answer to an aspect with its figures in it."""
    return _part(version, aspect).text


def _part(version: PolicyVersion, aspect: str) -> AnswerPart:
    row = next(answer for answer in version.answers if answer.aspect == aspect)
    figures = {figure.name: figure for figure in version.figures}
    names = PLACEHOLDER.findall(row.text)
    keys = {*row.sources.split(","), *(figures[name].source for name in names)}
    grades = {citation.grade for citation in version.citations if citation.key in keys}
    text = PLACEHOLDER.sub(lambda hit: figures[hit.group(1)].text, row.text)
    return AnswerPart(aspect, text, "C" in grades)


def as_figure(figure: PolicyFigure) -> Figure:
    return Figure(figure.name, figure.value, figure.unit, figure.text)


def as_citation(citation: PolicyCitation | PolicySource) -> Citation:
    since = citation.effective_from or citation.dated
    return Citation(
        document=citation.document,
        number=citation.number,
        article=citation.article,
        issuer=citation.issuer,
        effective_from=since.isoformat() if since else None,
        second_hand=citation.grade == "C",
    )

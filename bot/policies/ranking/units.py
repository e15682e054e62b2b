"""Units of the policy base, which answers are made of: claims, and the aspects of policies."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from zlib import crc32

from bot.db.tables import Policy, PolicyAnswerRow, PolicyClaim, PolicyVersion
from bot.policies.answers import render_answer
from bot.policies.claim_answers import answers_of, can_say, claim_start
from bot.policies.search import EMBEDDED_CHARACTERS, answer_text
from bot.policies.validate import PLACEHOLDER
from bot.understanding.aspects import ASPECT_NAMES
from bot.understanding.employers import asks_as_employer

#: The kind of question that each aspect answers (bot.policies.claims.KINDS).
ASPECT_KINDS = {
    "what": "what", "who": "who", "amount": "how_much", "fee": "how_much", "period": "how_long",
    "materials": "what", "how": "how", "where": "where", "basis": "which",
}  # fmt: skip


#: The share of a unit's ways of asking from which on it is said to employers.
MIN_EMPLOYER_SHARE = 0.4


@dataclass(frozen=True)
class AnswerUnit:
    """A claim of the base, or one aspect of a policy."""

    topic: str
    title: str
    key: str
    """The claim's id, or `#` and the aspect."""
    kind: str
    asks: tuple[str, ...]
    answers: tuple[str, ...]
    neighbour: bool
    """True for a subject next door."""
    spans: tuple[tuple[date, date], ...]
    """From when to when it can be said, wherever."""
    meaning: str
    """The text that the answer's sentence vector is made of."""

    @cached_property
    def id(self) -> str:
        """Its name in the whole base: `topic/claim` or `topic#aspect`."""
        return f"{self.topic}{self.key}" if self.aspect else f"{self.topic}/{self.key}"

    @cached_property
    def digest(self) -> int:
        """A checksum of its ways of asking: what has learned them knows when they changed."""
        return crc32("\n".join(self.asks).encode())

    @cached_property
    def aspect(self) -> str | None:
        """The aspect, of a unit that is none of a claim."""
        return self.key[1:] if self.key.startswith("#") else None

    @cached_property
    def is_for_employers(self) -> bool:
        """True when many of its ways of asking are an employer's."""
        return sum(map(asks_as_employer, self.asks)) >= MIN_EMPLOYER_SHARE * len(self.asks)

    def holds(self, day: date) -> bool:
        """Tell whether it can be said on a day."""
        return any(first <= day <= last for first, last in self.spans)


def units_of(policies: Iterable[Policy]) -> list[AnswerUnit]:
    """Return the units of some policies, those of one policy in a row."""
    return [unit for policy in policies for unit in (*_claims(policy), *_aspects(policy))]


def _claims(policy: Policy) -> Iterator[AnswerUnit]:
    for claim in policy.claims:
        yield AnswerUnit(
            policy.id,
            policy.title,
            claim.key,
            claim.kind,
            tuple(json.loads(claim.asks)),
            tuple(PLACEHOLDER.sub(" ", text) for text in answers_of(claim)),
            policy.neighbour,
            tuple(_spans_of_claim(policy, claim)),
            answer_text(policy, claim),
        )


def _aspects(policy: Policy) -> Iterator[AnswerUnit]:
    of_aspect: dict[str, list[tuple[PolicyVersion, PolicyAnswerRow]]] = {}
    for version in policy.versions:
        for answer in version.answers:
            of_aspect.setdefault(answer.aspect, []).append((version, answer))
    for aspect, versions in of_aspect.items():
        head = f"{policy.title}{ASPECT_NAMES[aspect]}"
        texts = tuple(dict.fromkeys(render_answer(version, aspect) for version, _ in versions))
        short = f"{head}：{texts[0][:EMBEDDED_CHARACTERS]}"
        spans = tuple((v.effective_from, v.effective_to or date.max) for v, _ in versions)
        yield AnswerUnit(
            policy.id, policy.title, f"#{aspect}", ASPECT_KINDS[aspect], (short,), texts,
            policy.neighbour, spans, short,
        )  # fmt: skip


def _spans_of_claim(policy: Policy, claim: PolicyClaim) -> Iterator[tuple[date, date]]:
    for version in policy.versions:
        if can_say(version, claim):
            yield claim_start(version, claim), version.effective_to or date.max

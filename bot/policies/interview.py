"""The talk that finds out which policies fit a person: what is known, what was asked, what next.

Kept in one slot of the conversation; knows no channel and no framework.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from bot.policies.circumstances import Facts, Question
from bot.policies.eligibility import Assessment
from bot.policies.next_question import information, next_question

#: A question that was not understood so often is taken as 不知道.
_MOST_MISSES = 3


@dataclass(frozen=True)
class Interview:
    """Where the talk stands."""

    facts: Facts = field(default_factory=dict)
    """What was told so far; None for what he does not know."""
    asked: tuple[str, ...] = ()
    """Ids of the questions asked, in order."""
    open: str | None = None
    """Id of the question that waits for its answer."""
    misses: int = 0
    """How often it was asked and got no answer."""
    begun: bool = False
    """True once the person asked which policies fit; before, facts are only kept."""

    @classmethod
    def of(cls, slot: Mapping[str, Any] | None) -> Interview:
        """Read the slot."""
        given = dict(slot or {})
        return cls(**{**given, "asked": tuple(given.get("asked") or ())})

    def to_slot(self) -> dict[str, Any]:
        """Return the slot's value."""
        return {
            "facts": self.facts,
            "asked": list(self.asked),
            "open": self.open,
            "misses": self.misses,
            "begun": self.begun,
        }

    def told(self, facts: Facts) -> Interview:
        """Return the talk after some facts were told; what is told last counts."""
        return replace(self, facts={**self.facts, **facts}) if facts else self

    def answered(self, question: Question, facts: Facts) -> Interview:
        """Return the talk after what was said to a question, which may tell something else."""
        told = self.told(facts)
        return told.closed() if set(facts) & set(question.facts) else told._missed(question)

    def _missed(self, question: Question) -> Interview:
        if self.misses + 1 >= _MOST_MISSES:
            unknown: Facts = dict.fromkeys(
                fact for fact in question.facts if self.facts.get(fact) is None
            )
            return replace(self.told(unknown), open=None, misses=0)
        return replace(self, misses=self.misses + 1)

    def closed(self) -> Interview:
        """Return the talk with no question waiting."""
        return replace(self, open=None, misses=0)

    def goes_on(self, assessment: Assessment) -> tuple[Interview, Question | None]:
        """Return the talk with its next question; None when there is nothing more to ask.

        A question that waits is asked again, unless what was told has made it needless.
        """
        if self.open and information(assessment, self.facts)[self.open] > 0:
            return self, assessment.about.questions[self.open]
        question = next_question(assessment, self.facts, self.asked)
        if question is None:
            return replace(self.closed(), begun=True), None
        asked = (*self.asked, question.id)
        return replace(self, asked=asked, open=question.id, misses=0, begun=True), question

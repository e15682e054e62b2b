"""State of the eligibility interview: known facts, asked questions and the next question.

Kept in one slot of the conversation; knows no channel and no framework.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from bot.eligibility.assessment import Assessment
from bot.eligibility.question_selection import expected_information, next_question
from bot.policies.facts import Facts, Question

#: The fields that the slot holds by another key.
_FIELDS = {"asked": "asked_questions", "open": "open_question", "misses": "failed_attempts"}
#: A question that was not understood so often is taken as 不知道.
_MAX_FAILED_ATTEMPTS = 3


@dataclass(frozen=True)
class Interview:
    """The state of the interview."""

    facts: Facts = field(default_factory=dict)
    """The facts stated so far; None for those that the person does not know."""
    asked_questions: tuple[str, ...] = ()
    """Ids of the questions asked, in order."""
    open_question: str | None = None
    """Id of the question that waits for its answer."""
    failed_attempts: int = 0
    """How many times it was asked without an answer."""
    resumed: bool = False
    """True once it was asked again below an answer to something else."""
    begun: bool = False
    """True once the person asked which policies fit; before, facts are only kept."""

    @classmethod
    def from_slot(cls, slot: Mapping[str, Any] | None) -> Interview:
        """Read the slot."""
        values = {_FIELDS.get(key, key): value for key, value in (slot or {}).items()}
        return cls(**{**values, "asked_questions": tuple(values.get("asked_questions") or ())})

    def to_slot(self) -> dict[str, Any]:
        """Return the slot's value."""
        return {
            "facts": self.facts,
            "asked": list(self.asked_questions),
            "open": self.open_question,
            "misses": self.failed_attempts,
            "resumed": self.resumed,
            "begun": self.begun,
        }

    def with_facts(self, facts: Facts) -> Interview:
        """Return the talk after some facts were told; what is told last counts."""
        return replace(self, facts={**self.facts, **facts}) if facts else self

    def with_answer(self, question: Question, facts: Facts) -> Interview:
        """Return the talk after what was said to a question, which may tell something else."""
        updated = self.with_facts(facts)
        return updated.closed() if set(facts) & set(question.facts) else updated._missed(question)

    def _missed(self, question: Question) -> Interview:
        if self.failed_attempts + 1 >= _MAX_FAILED_ATTEMPTS:
            unknown: Facts = dict.fromkeys(
                fact for fact in question.facts if self.facts.get(fact) is None
            )
            return replace(self.with_facts(unknown), open_question=None, failed_attempts=0)
        return replace(self, failed_attempts=self.failed_attempts + 1)

    def closed(self) -> Interview:
        """Return the talk with no question waiting."""
        return replace(self, open_question=None, failed_attempts=0, resumed=False)

    def next_step(self, assessment: Assessment) -> tuple[Interview, Question | None]:
        """Return the talk with its next question; None when there is nothing more to ask.

        A question that waits is asked again, unless what was told has made it needless.
        """
        if (
            self.open_question
            and expected_information(assessment, self.facts)[self.open_question] > 0
        ):
            return self, assessment.schema.questions[self.open_question]
        question = next_question(assessment, self.facts, self.asked_questions)
        if question is None:
            return replace(self.closed(), begun=True), None
        asked_ids = (*self.asked_questions, question.id)
        return replace(
            self,
            asked_questions=asked_ids,
            open_question=question.id,
            failed_attempts=0,
            resumed=False,
            begun=True,
        ), question

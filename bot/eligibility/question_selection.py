"""Choice of the next interview question: the largest expected information on the open policies."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from math import log2

from bot.eligibility.assessment import Assessment, Fit
from bot.policies.facts import Facts, FactSchema, Question, Value

#: So many questions are asked at most; what is open then stays 可能符合.
MAX_QUESTIONS = 8
#: Gains below this are rounding errors.
_MIN_GAIN = 1e-9


def next_question(
    assessment: Assessment, stated_facts: Mapping[str, Value], asked_ids: Collection[str]
) -> Question | None:
    """Return the question to ask next; None when no answer changes anything or enough was asked.

    Never one that was asked before, and never one with all facts known (told as unknown
    counts as known). For the same facts it is always the same question.
    """
    if len(asked_ids) >= MAX_QUESTIONS:
        return None
    gains = expected_information(assessment, stated_facts)
    open_to_ask = [name for name in gains if name not in asked_ids and gains[name] > _MIN_GAIN]
    best = max(open_to_ask, key=lambda name: gains[name], default=None)
    return assessment.schema.questions[best] if best else None


def expected_information(
    assessment: Assessment, stated_facts: Mapping[str, Value]
) -> dict[str, float]:
    """Return for each question how many bits its answer is expected to tell.

    Of each policy still open, about whether it fits, may fit or does not; summed over the policies.
    """
    schema = assessment.schema
    known_facts = schema.derive(stated_facts)
    gains = dict.fromkeys(schema.questions, 0.0)
    for outcome in assessment.outcomes(stated_facts):
        if outcome.settled:
            continue
        unknown = sorted(assessment.deciding(outcome.rule.topic) - known_facts.keys())
        futures = [
            (person, share, assessment.fit(outcome.rule, person))
            for person, share in assignments(schema, known_facts, unknown)
        ]
        prior = _entropy_of_fit(futures)
        for question in schema.questions.values():
            facts = [fact for fact in question.facts if fact in unknown]
            if facts:
                gains[question.id] += prior - _expected_entropy(futures, facts)
    return gains


#: A possible assignment of a person's facts, its probability and the fit of a policy.
_Future = tuple[Facts, float, Fit]


def assignments(
    schema: FactSchema, known_facts: Facts, facts: Sequence[str]
) -> Iterator[tuple[Facts, float]]:
    """Yield the joint assignments of unknown facts, each with its probability.

    What follows from `known_facts` must be among them already.
    """
    undetermined = [fact for fact in facts if fact not in known_facts]
    if not undetermined:
        yield known_facts, 1.0
        return
    choices = schema.facts[undetermined[0]].choices
    total_weight = sum(choice.weight for choice in choices)
    for choice in choices:
        extended = {**known_facts, undetermined[0]: choice.value}
        if (undetermined[0], choice.value) in schema.implying_choices:
            extended = schema.derive(extended)
        for person, share in assignments(schema, extended, undetermined[1:]):
            yield person, share * choice.weight / total_weight


def _entropy_of_fit(futures: Iterable[_Future]) -> float:
    """Return the entropy of a policy's outcome in bits."""
    shares: dict[Fit, float] = defaultdict(float)
    for _, share, fit in futures:
        shares[fit] += share
    return _entropy(shares)


def _expected_entropy(futures: Iterable[_Future], facts: Sequence[str]) -> float:
    """Return the entropy of a policy's outcome in bits that is left when some facts are known."""
    by_answer: dict[tuple[Value, ...], dict[Fit, float]] = defaultdict(lambda: defaultdict(float))
    for person, share, fit in futures:
        by_answer[tuple([person.get(fact) for fact in facts])][fit] += share
    return sum(sum(fits.values()) * _entropy(fits) for fits in by_answer.values())


def _entropy(shares: Mapping[Fit, float]) -> float:
    total = sum(shares.values())
    return -sum(s / total * log2(s / total) for s in shares.values() if s > 0)

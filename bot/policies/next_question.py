"""Which question to ask next: the one expected to decide most about the policies still open."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from math import log2

from bot.policies.circumstances import Circumstances, Facts, Question, Value
from bot.policies.eligibility import Assessment, Fit, Rule

#: So many questions are asked at most; what is open then stays 可能符合.
MOST = 8
#: Gains below this are rounding errors.
_NOTHING = 1e-9


def next_question(
    assessment: Assessment, told: Mapping[str, Value], asked: Collection[str]
) -> Question | None:
    """Return the question to ask next; None when no answer changes anything or enough was asked.

    Never one that was asked before, and never one whose facts are all known (told as unknown
    counts as known). For the same facts it is always the same question.
    """
    if len(asked) >= MOST:
        return None
    gains = information(assessment, told)
    open_to_ask = [name for name in gains if name not in asked and gains[name] > _NOTHING]
    best = max(open_to_ask, key=lambda name: gains[name], default=None)
    return assessment.about.questions[best] if best else None


def information(assessment: Assessment, told: Mapping[str, Value]) -> dict[str, float]:
    """Return for each question how many bits its answer is expected to tell.

    Of each policy still open, about whether it fits, may fit or does not; summed over the policies.
    """
    about = assessment.about
    known = about.derive(told)
    gains = dict.fromkeys(about.questions, 0.0)
    for outcome in assessment.outcomes(told):
        if outcome.settled:
            continue
        unknown = sorted(assessment.deciding(outcome.rule.topic) - known.keys())
        futures = list(_futures(assessment, outcome.rule, known, unknown))
        for question in about.questions.values():
            facts = [fact for fact in question.facts if fact in unknown]
            if facts:
                gains[question.id] += _gain(futures, facts)
    return gains


#: A person as he may turn out to be, how likely, and how a policy would stand for him.
_Future = tuple[Facts, float, Fit]


def _futures(
    assessment: Assessment, rule: Rule, known: Facts, unknown: Sequence[str]
) -> Iterator[_Future]:
    for person, share in worlds(assessment.about, known, unknown):
        yield person, share, assessment.outcome(rule, person).fit


def worlds(
    about: Circumstances, known: Facts, facts: Sequence[str]
) -> Iterator[tuple[Facts, float]]:
    """Yield what some facts can be beside what is known, each with its probability."""
    left = [fact for fact in facts if fact not in known]
    if not left:
        yield known, 1.0
        return
    choices = about.facts[left[0]].choices
    whole = sum(choice.weight for choice in choices)
    for choice in choices:
        more = {**known, left[0]: choice.value}
        more = about.derive(more) if left[0] in about.deriving else more
        for person, share in worlds(about, more, left[1:]):
            yield person, share * choice.weight / whole


def _gain(futures: Iterable[_Future], facts: Sequence[str]) -> float:
    """Return by how much knowing some facts lessens the entropy of a policy's outcome."""
    whole: dict[Fit, float] = defaultdict(float)
    by_answer: dict[tuple[Value, ...], dict[Fit, float]] = defaultdict(lambda: defaultdict(float))
    for person, share, fit in futures:
        whole[fit] += share
        by_answer[tuple(person.get(fact) for fact in facts)][fit] += share
    return _entropy(whole) - sum(sum(fits.values()) * _entropy(fits) for fits in by_answer.values())


def _entropy(shares: Mapping[Fit, float]) -> float:
    whole = sum(shares.values())
    return -sum(s / whole * log2(s / whole) for s in shares.values() if s > 0)
